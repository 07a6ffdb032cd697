import type { ProtocolId } from '../../shared/protocol'
import { durationMs, headerOf } from '../protocols/retry-after'
import type { Headers } from '../protocols/protocol'

/** Said alike in every protocol. */
const KEPT = ['retry-after', 'retry-after-ms', 'x-should-retry'] as const
/** The vendor's name for the request, which its support asks for. */
const REQUEST_IDS = ['request-id', 'x-request-id', 'x-goog-request-id'] as const

/** One window of a rate limit. */
interface Window {
  readonly limit: string | null
  readonly remaining: string | null
  /** ms since 1970; null where it is not told. */
  readonly resetsAt: number | null
}

/**
 * An upstream's answer headers for a client of another protocol: what both have, under the client's names (the request's id,
 * rate-limit windows), and nothing else. `now` in ms since 1970.
 */
export function translatedAnswerHeaders(upstream: Headers, client: ProtocolId, now: number): Headers {
  const headers: Record<string, string> = {}
  for (const name of KEPT) put(headers, name, headerOf(upstream, name))
  const requestId = REQUEST_IDS.map((name) => headerOf(upstream, name)).find((id) => id !== null) ?? null
  put(headers, client === 'anthropic' ? 'request-id' : 'x-request-id', requestId)
  if (client === 'gemini') return headers
  for (const kind of ['requests', 'tokens'] as const) {
    const window = windowOf(upstream, kind, now)
    if (client === 'anthropic') putAnthropic(headers, kind, window)
    else putOpenAi(headers, kind, window, now)
  }
  return headers
}

/** Anthropic counts what goes in and what comes out apart too, where OpenAI has one window: the tightest is told. */
const ANTHROPIC_KINDS = { requests: ['requests'], tokens: ['tokens', 'input-tokens', 'output-tokens'] } as const

function windowOf(upstream: Headers, kind: 'requests' | 'tokens', now: number): Window {
  const anthropic = ANTHROPIC_KINDS[kind].map((one) => anthropicWindow(upstream, one)).reduce(tighter)
  const openAi = (what: string): string | null => headerOf(upstream, `x-ratelimit-${what}-${kind}`)
  const wait = durationMs(openAi('reset') ?? '')
  return {
    limit: anthropic.limit ?? openAi('limit'),
    remaining: anthropic.remaining ?? openAi('remaining'),
    resetsAt: anthropic.resetsAt ?? (wait === null ? null : now + wait)
  }
}

/** https://platform.claude.com/docs/en/api/rate-limits#response-headers */
function anthropicWindow(upstream: Headers, kind: string): Window {
  const said = (what: string): string | null => headerOf(upstream, `anthropic-ratelimit-${kind}-${what}`)
  const date = Date.parse(said('reset') ?? '')
  return { limit: said('limit'), remaining: said('remaining'), resetsAt: Number.isNaN(date) ? null : date }
}

/** The one with less left; one that tells nothing of it has all. */
const tighter = (one: Window, other: Window): Window => (leftIn(one) <= leftIn(other) ? one : other)

const leftIn = ({ remaining }: Window): number => (remaining === null ? Infinity : Number(remaining))

function putAnthropic(headers: Record<string, string>, kind: string, { limit, remaining, resetsAt }: Window): void {
  put(headers, `anthropic-ratelimit-${kind}-limit`, limit)
  put(headers, `anthropic-ratelimit-${kind}-remaining`, remaining)
  const reset = resetsAt === null ? null : `${new Date(resetsAt).toISOString().slice(0, 19)}Z`
  put(headers, `anthropic-ratelimit-${kind}-reset`, reset)
}

function putOpenAi(headers: Record<string, string>, kind: string, window: Window, now: number): void {
  put(headers, `x-ratelimit-limit-${kind}`, window.limit)
  put(headers, `x-ratelimit-remaining-${kind}`, window.remaining)
  const { resetsAt } = window
  put(headers, `x-ratelimit-reset-${kind}`, resetsAt === null ? null : `${Math.max(0, resetsAt - now)}ms`)
}

function put(headers: Record<string, string>, name: string, value: string | null): void {
  if (value !== null) headers[name] = value
}
