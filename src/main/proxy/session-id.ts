import { hash } from 'node:crypto'
import type { Headers, RequestFacts } from '../protocols/protocol'

/** B10: the first that exists names the session; some are looked up before what the body carries, some after. */
const BEFORE_BODY = ['x-session-id', 'x-claude-code-session-id'] as const
const AFTER_BODY = ['session-id', 'session_id', 'x-session-affinity'] as const

/** Longer ids are hashed: they are kept in memory and in every row. */
const MAX_LENGTH = 128

export interface Session {
  readonly id: string
  /** Made from the text, not named by the client: identical first requests of several conversations share it. */
  readonly hashed: boolean
}

/**
 * The session of a request (B10): a header, the session part of `metadata.user_id`, Codex's headers, `prompt_cache_key`,
 * else a hash of the text of system prompt and first user message. null when there is nothing to go by.
 */
export function sessionOf(headers: Headers, facts: RequestFacts): Session | null {
  const named =
    firstHeader(headers, BEFORE_BODY) ?? facts.sessionId ?? firstHeader(headers, AFTER_BODY) ?? facts.promptCacheKey
  if (named !== null) return { id: named.length > MAX_LENGTH ? digest(named) : named, hashed: false }
  return facts.sessionText === '' ? null : { id: digest(facts.sessionText), hashed: true }
}

function firstHeader(headers: Headers, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 24)
