import { hourWritePrice, type ModelPrice } from '../../shared/prices'
import { typedNumber } from './budget-draft'

export const PRICE_FIELDS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning'] as const

/** One model's price as a form holds it: texts as they are typed. The id keeps a line's place while it is edited. */
export type PriceLine = {
  readonly id: number
  model: string
  /** Dearer rates of long prompts, shown and kept as they are. */
  readonly tiers: NonNullable<ModelPrice['tiers']>
} & Record<(typeof PRICE_FIELDS)[number], string>

let lastLine = 0
export const priceLine = (model = '', price?: ModelPrice): PriceLine => ({
  id: ++lastLine,
  model,
  input: textOf(price?.input),
  output: textOf(price?.output),
  cacheRead: textOf(price?.cacheRead),
  cacheWrite: textOf(price?.cacheWrite),
  cacheWrite1h: textOf(price?.cacheWrite1h),
  reasoning: textOf(price?.reasoning),
  tiers: price?.tiers ?? []
})

const textOf = (usd: number | undefined): string => (usd === undefined ? '' : String(usd))

export const priceLines = (prices: Readonly<Record<string, ModelPrice>>): PriceLine[] =>
  Object.entries(prices).map(([model, price]) => priceLine(model, price))

/** A line in which nothing stands is none; an empty price of input or output is 0. */
const isEmptyLine = (line: PriceLine): boolean =>
  line.model.trim() === '' && PRICE_FIELDS.every((field) => line[field].trim() === '')

export const pricesOf = (lines: readonly PriceLine[]): Record<string, ModelPrice> =>
  Object.fromEntries(lines.filter((line) => !isEmptyLine(line)).map((line) => [line.model.trim(), priceOf(line)]))

const orNothing = (text: string): number => (text.trim() === '' ? 0 : typedNumber(text))

const priceOf = ({ input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning, tiers }: PriceLine): ModelPrice => ({
  input: orNothing(input),
  output: orNothing(output),
  ...(cacheRead.trim() !== '' && { cacheRead: typedNumber(cacheRead) }),
  ...(cacheWrite.trim() !== '' && { cacheWrite: typedNumber(cacheWrite) }),
  ...(cacheWrite1h.trim() !== '' && { cacheWrite1h: typedNumber(cacheWrite1h) }),
  ...(reasoning.trim() !== '' && { reasoning: typedNumber(reasoning) }),
  ...(tiers.length > 0 && { tiers })
})

/** Whether a write that is kept for an hour has another price than any write, where the form says none. */
export function isHourWriteDearer(line: PriceLine): boolean {
  const { input, cacheWrite = input } = priceOf(line)
  return hourWritePrice({ input, cacheWrite }) > cacheWrite
}

/** Whether every line names a model and holds numbers. */
export const arePrices = (lines: readonly PriceLine[]): boolean =>
  lines
    .filter((line) => !isEmptyLine(line))
    .every(
      (line) =>
        line.model.trim() !== '' && PRICE_FIELDS.map((field) => priceOf(line)[field]).every((usd) => (usd ?? 0) >= 0)
    )
