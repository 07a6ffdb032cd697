// Figures as people read them, the same in the window and in the tray. `locale`: as Intl takes it.

/** What stands where nothing is known; never 0 (B31, B32). */
export const unknown = '–'

const numbers = new Map<string, Intl.NumberFormat>()
/** A formatter of its own for each locale and options, made once. */
export function number(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`
  const present = numbers.get(key)
  if (present) return present
  const made = new Intl.NumberFormat(locale, options)
  numbers.set(key, made)
  return made
}

export const threeDigits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 } as const

/** Thousands separated: 1,284. */
export function count(locale: string, value: number): string {
  return number(locale, { maximumFractionDigits: 0 }).format(value)
}

const steps = [
  { from: 999_500_000, by: 1e9, unit: 'B' },
  { from: 999_500, by: 1e6, unit: 'M' },
  { from: 9_999.5, by: 1e3, unit: 'k' }
] as const

/** Tokens in 3 significant digits from 10,000 on: 9,842, 12.4 k, 41.2 M. null is unknown. */
export function tokens(locale: string, value: number | null): string {
  if (value === null) return unknown
  const step = steps.find(({ from }) => value >= from)
  if (!step) return count(locale, value)
  return `${number(locale, threeDigits).format(value / step.by)} ${step.unit}`
}

/** US dollars: $12.40, $0.0213, <$0.0001; without cents from $100,000 on. null is unknown, never $0. */
export function cost(locale: string, usd: number | null): string {
  if (usd === null) return unknown
  if (usd > 0 && usd < 0.0001) return '<$0.0001'
  if (usd >= 100_000) return `$${count(locale, usd)}`
  const digits = usd === 0 || usd >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : threeDigits
  return `$${number(locale, digits).format(usd)}`
}
