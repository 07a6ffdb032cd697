import type { Headers } from './protocol'

/** When an upstream says that it will serve again (B04). All times in ms since 1970. */

/** No cooldown that an upstream asks for is longer, ms. */
const LONGEST = 6 * 3_600_000
/** So many seconds are no wait but a moment since 1970, which some servers put into `retry-after`: September 2001. */
const EARLIEST_EPOCH_S = 1_000_000_000

/** Not before now, and not later than 6 h from now (B04). */
export const clampUntil = (untilMs: number, now: number): number => Math.min(Math.max(untilMs, now), now + LONGEST)

export function headerOf(headers: Headers, name: string): string | null {
  const value = headers[name]
  const text = typeof value === 'string' ? value : value?.[0]
  return text === undefined || text.trim() === '' ? null : text.trim()
}

/**
 * The end of the wait that the headers ask for: `retry-after-ms`, `retry-after` (RFC 9110 10.2.3: seconds or a date),
 * else the latest reset of the windows that are exhausted. null when they say nothing.
 */
export function headerUntil(headers: Headers, now: number): number | null {
  const until = retryAfter(headers, now) ?? latest(exhaustedResets(headers, now))
  return until === null ? null : clampUntil(until, now)
}

function retryAfter(headers: Headers, now: number): number | null {
  const milliseconds = decimal(headerOf(headers, 'retry-after-ms'))
  if (milliseconds !== null) return now + milliseconds
  const text = headerOf(headers, 'retry-after')
  if (text === null) return null
  const seconds = decimal(text)
  if (seconds !== null) return seconds < EARLIEST_EPOCH_S ? now + seconds * 1000 : seconds * 1000
  return httpDate(text)
}

/** The three forms of RFC 9110 5.6.7; the last one leaves its GMT out. `Date.parse` alone takes `-1` for a date too. */
const HTTP_DATE =
  /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? [\w -]{6,12} (?:\d{4} )?\d\d:\d\d:\d\d(?: GMT| \d{4})$/

function httpDate(text: string): number | null {
  if (!HTTP_DATE.test(text)) return null
  return instant(text.endsWith(' GMT') ? text : `${text} GMT`)
}

function instant(text: string): number | null {
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : date
}

const latest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.max(...times))

/** A number from 0 without a unit; Azure's -1 says that it doesn't know. */
function decimal(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null
}

/** Windows that come on successes too: only an exhausted or rejected one says when to come back. */
function exhaustedResets(headers: Headers, now: number): readonly number[] {
  const resets: number[] = []
  const add = (name: string, read: (text: string, now: number) => number | null): void => {
    const text = headerOf(headers, name)
    const reset = text === null ? null : read(text, now)
    if (reset !== null) resets.push(reset)
  }
  for (const window of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
    const prefix = `anthropic-ratelimit-${window}`
    if (decimal(headerOf(headers, `${prefix}-remaining`)) === 0) add(`${prefix}-reset`, dateOrEpoch)
  }
  for (const window of ['', '5h-', '7d-']) {
    const prefix = `anthropic-ratelimit-unified-${window}`
    const isRejected = headerOf(headers, `${prefix}status`) === 'rejected'
    const isFull = (decimal(headerOf(headers, `${prefix}utilization`)) ?? 0) >= 1
    if (isRejected || isFull) add(`${prefix}reset`, dateOrEpoch)
  }
  for (const window of ['-requests', '-tokens', '']) {
    if (decimal(headerOf(headers, `x-ratelimit-remaining${window}`)) === 0)
      add(`x-ratelimit-reset${window}`, openAiReset)
  }
  return resets
}

/** RFC 3339, an HTTP date, or epoch seconds (milliseconds where they are too many for seconds). */
function dateOrEpoch(text: string): number | null {
  const number = decimal(text)
  if (number !== null) return number > 1e11 ? number : number * 1000
  return /^\d{4}-\d\d-\d\dT/i.test(text) ? instant(text) : httpDate(text)
}

/** `12ms`, `1s`, `6m0s`, or whole seconds (Azure), or an epoch (OpenRouter). */
function openAiReset(text: string, now: number): number | null {
  const number = decimal(text)
  if (number !== null) return number > 1e9 ? dateOrEpoch(text) : now + number * 1000
  const wait = durationMs(text)
  return wait === null ? null : now + wait
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration as Go writes it (`1h2m3.5s`, `51820.6s`, `12ms`), in ms; null when it is none. */
export function durationMs(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return null
  let total = 0
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0)
  }
  return total
}
