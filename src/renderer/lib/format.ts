import type { Locale } from './messages'

/** What stands where nothing is known; never 0 (B31, B32). */
export const unknown = '–'

const numbers = new Map<string, Intl.NumberFormat>()
function number(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`
  const present = numbers.get(key)
  if (present) return present
  const made = new Intl.NumberFormat(locale, options)
  numbers.set(key, made)
  return made
}

const threeDigits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 } as const

/** Thousands separated: 1,284. */
export function count(locale: Locale, value: number): string {
  return number(locale, { maximumFractionDigits: 0 }).format(value)
}

const steps = [
  { from: 999_500_000, by: 1e9, unit: 'B' },
  { from: 999_500, by: 1e6, unit: 'M' },
  { from: 9_999.5, by: 1e3, unit: 'k' }
] as const

/** Tokens in 3 significant digits from 10,000 on: 9,842, 12.4 k, 41.2 M. null is unknown. */
export function tokens(locale: Locale, value: number | null): string {
  if (value === null) return unknown
  const step = steps.find(({ from }) => value >= from)
  if (!step) return count(locale, value)
  return `${number(locale, threeDigits).format(value / step.by)} ${step.unit}`
}

/** US dollars: $12.40, $0.0213, <$0.0001. null is unknown, never $0. */
export function cost(locale: Locale, usd: number | null): string {
  if (usd === null) return unknown
  if (usd > 0 && usd < 0.0001) return '<$0.0001'
  const digits = usd === 0 || usd >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : threeDigits
  return `$${number(locale, digits).format(usd)}`
}

/** Milliseconds in 3 significant digits: 8.42 ms, 340 ms, 1.24 s, 2 m 05 s. */
export function duration(locale: Locale, ms: number | null): string {
  if (ms === null) return unknown
  if (ms < 999.5) return `${number(locale, { maximumSignificantDigits: 3 }).format(ms)} ms`
  if (ms < 99_950) return `${number(locale, threeDigits).format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
}

/** Requests a second: 0.4, 12, 480. */
export function rate(locale: Locale, value: number): string {
  return number(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

/** What is left until a moment: 0:24, 12:05, 1:02:30. Never negative. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const times = new Map<string, Intl.DateTimeFormat>()
function time(locale: Locale, kind: 'clock' | 'exact'): Intl.DateTimeFormat {
  const key = `${locale}${kind}`
  const present = times.get(key)
  if (present) return present
  const options: Intl.DateTimeFormatOptions =
    kind === 'clock'
      ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
      : { dateStyle: 'full', timeStyle: 'long' }
  const made = new Intl.DateTimeFormat(locale, options)
  times.set(key, made)
  return made
}

/** Time of day in the user's zone: 14:32:10. */
export function clockTime(locale: Locale, at: number): string {
  return time(locale, 'clock').format(at)
}

/** Day and time in full, for what is shown on hover. */
export function exactTime(locale: Locale, at: number): string {
  return time(locale, 'exact').format(at)
}
