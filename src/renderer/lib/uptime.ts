import type { Locale } from './i18n.svelte'

const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1_000 }
] as const

/** How long something has run, in its two largest units: 3 days 4 hr, 12 min 5 sec. */
export function uptime(locale: Locale, ms: number): string {
  const first = units.findIndex((unit) => ms >= unit.ms)
  const shown = units.slice(first === -1 ? -1 : first).slice(0, 2)
  let rest = ms
  const parts = shown.map(({ unit, ms: length }) => {
    const amount = Math.floor(rest / length)
    rest -= amount * length
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount)
  })
  return parts.join(' ')
}
