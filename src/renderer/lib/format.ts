import { count, number, threeDigits, unknown } from '../../shared/figures'
import { m } from './messages'
import type { Locale } from './i18n.svelte'

export { cost, count, tokens, unknown } from '../../shared/figures'

/** Milliseconds in 3 significant digits: 8.42 ms, 340 ms, 1.24 s, 2 m 05 s. */
export function duration(locale: Locale, ms: number | null): string {
  if (ms === null) return unknown
  // 12 ms, and 1.30 ms beside 1.11 ms.
  const digits = Number.isInteger(ms) ? { maximumSignificantDigits: 3 } : threeDigits
  if (ms < 999.5) return `${number(locale, digits).format(ms)} ms`
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

/** A share from 0 to 1 in percent: 94.7%, 0.32%. null is unknown. */
export function percent(locale: Locale, share: number | null): string {
  if (share === null) return unknown
  return number(locale, { style: 'percent', maximumSignificantDigits: 3 }).format(share)
}

const byteSteps = [
  { from: 2 ** 30, unit: 'GiB' },
  { from: 2 ** 20, unit: 'MiB' },
  { from: 2 ** 10, unit: 'KiB' }
] as const

/** Bytes in 3 significant digits: 512 B, 48.1 KiB, 1.20 GiB. null is unknown. */
export function bytes(locale: Locale, value: number | null): string {
  if (value === null) return unknown
  const step = byteSteps.find(({ from }) => value >= from)
  if (!step) return `${count(locale, value)} B`
  const amount = value / step.from
  return `${number(locale, amount >= 1000 ? { maximumFractionDigits: 0 } : threeDigits).format(amount)} ${step.unit}`
}

const ages = [
  { from: 365 * 86_400_000, unit: 'year' },
  { from: 30 * 86_400_000, unit: 'month' },
  { from: 86_400_000, unit: 'day' },
  { from: 3_600_000, unit: 'hour' },
  { from: 60_000, unit: 'minute' },
  { from: 1_000, unit: 'second' }
] as const
const relative = new Map<Locale, Intl.RelativeTimeFormat>()

/** How long ago, or until when: just now, 12 sec. ago, in 3 min. Below 5 s it is just now, so that it does not flicker. */
export function relativeTime(locale: Locale, at: number, now: number): string {
  const distance = Math.abs(now - at)
  const step = ages.find(({ from }) => distance >= from)
  if (!step || distance < 5_000) return m.common_just_now()
  const present = relative.get(locale)
  const format = present ?? new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' })
  if (!present) relative.set(locale, format)
  const amount = Math.floor(distance / step.from)
  return format.format(at <= now ? -amount : amount, step.unit)
}

const times = new Map<string, Intl.DateTimeFormat>()
const timeKinds = {
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'short', day: 'numeric' },
  dayAndMinute: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  exact: { dateStyle: 'full', timeStyle: 'long' }
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

function time(locale: Locale, kind: keyof typeof timeKinds): Intl.DateTimeFormat {
  const key = `${locale}${kind}`
  const present = times.get(key)
  if (present) return present
  const made = new Intl.DateTimeFormat(locale, timeKinds[kind])
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

/** Hours and minutes: 14:32. */
export function minuteTime(locale: Locale, at: number): string {
  return time(locale, 'minute').format(at)
}

/** The day: 12 Mar. */
export function dayName(locale: Locale, at: number): string {
  return time(locale, 'day').format(at)
}

/** Day and minute: 12 Mar, 14:32. */
export function dayAndMinute(locale: Locale, at: number): string {
  return time(locale, 'dayAndMinute').format(at)
}
