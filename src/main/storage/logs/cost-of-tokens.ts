import type { ModelPrice } from '@pydantic/genai-prices'
import type { TokenUsage } from '../../../shared/usage'

type Rate = ModelPrice[string]

/** USD for each million tokens, where the prompt has `prompt` tokens: some vendors charge more for a long one. */
function rateFor(rate: Exclude<Rate, undefined>, prompt: number): number {
  if (typeof rate === 'number') return rate
  return rate.tiers.reduce((price, tier) => (prompt > tier.start ? tier.price : price), rate.base)
}

const addsUp = ({ input, cacheRead, cacheWrite, cacheWrite1h, output }: TokenUsage): boolean =>
  [input, cacheRead, cacheWrite, cacheWrite1h, output].every((tokens) => tokens >= 0) && cacheWrite1h <= cacheWrite

/**
 * What these tokens cost, USD: the same sum as the table's own `calcPrice` makes of them (a test compares the two), but in
 * a microsecond instead of 25, since each request is priced. A kind of token without a price of its own costs what the
 * kind does that it is a part of. null when the price is not known, or the usage does not add up (B32).
 */
export function costOfTokens(price: ModelPrice, usage: TokenUsage): number | null {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite
  const { input_mtok: input, output_mtok: output, requests_kcount: request = 0 } = price
  if (!addsUp(usage) || (prompt > 0 && input === undefined) || (usage.output > 0 && output === undefined)) return null
  const read = price['cache_read_mtok'] ?? input
  const write = price['cache_write_mtok'] ?? input
  const write1h = price['cache_write_1h_mtok'] ?? write
  const sum = (tokens: number, rate: Rate): number => (rate === undefined ? 0 : tokens * rateFor(rate, prompt))
  const perMillion =
    sum(usage.input, input) +
    sum(usage.cacheRead, read) +
    sum(usage.cacheWrite - usage.cacheWrite1h, write) +
    sum(usage.cacheWrite1h, write1h) +
    sum(usage.output, output)
  return perMillion / 1_000_000 + rateFor(request, prompt) / 1000
}
