import { isObject, listIn, memberOf, textIn, textsOf } from '../foreign-json'
import type { RequestFacts, Route } from '../protocol'

const roleOf = (message: unknown): string => textIn(message, 'role') ?? ''

/** What routing needs of a chat request, a completion or an embedding. */
export function readRequest(route: Route, body: unknown): RequestFacts {
  const messages = listIn(body, 'messages')
  const system = messages.filter((message) => roleOf(message) === 'system' || roleOf(message) === 'developer')
  const firstUser = messages.find((message) => roleOf(message) === 'user')
  const texts = [...system, firstUser].flatMap((message) => textsOf(memberOf(message, 'content')))
  return {
    model: textIn(body, 'model'),
    stream: route.operation !== 'embed' && memberOf(body, 'stream') === true,
    sessionId: null,
    promptCacheKey: textIn(body, 'prompt_cache_key'),
    sessionText: texts.join('\n'),
    hasAssistantTurn: messages.some((message) => roleOf(message) === 'assistant'),
    stateId: null,
    asksForUsage: memberOf(memberOf(body, 'stream_options'), 'include_usage') === true
  }
}

/** Where relays put signed reasoning, since Chat has no place of its own for it. */
const SIGNED = ['reasoning_details', 'thinking_blocks'] as const

/** B14: the same messages without signed reasoning; null when there is none. */
export function stripSignatures(body: unknown): unknown {
  if (!isObject(body)) return null
  const messages = listIn(body, 'messages')
  if (!messages.some(isSigned)) return null
  return { ...body, messages: messages.map(withoutSignatures) }
}

const isSigned = (message: unknown): boolean => SIGNED.some((name) => listIn(message, name).length > 0)

function withoutSignatures(message: unknown): unknown {
  if (!isObject(message)) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => !SIGNED.some((signed) => signed === name)))
}
