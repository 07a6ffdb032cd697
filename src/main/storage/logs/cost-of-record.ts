import { hourWritePrice, type ModelPrice } from '../../../shared/prices'
import type { JournaledRecord } from '../../../shared/request-log'
import type { TokenUsage } from '../../../shared/usage'
import { costOfTokens } from './cost-of-tokens'
import type { Cost, Prices } from './prices'
import { isPricedPlainly } from './unpriced'

/**
 * What a request cost: by the channel's own price where it has one for the model, else by the table, times what the channel
 * bills of it. null when that is not known (B32), as without a table: `prices` null.
 */
export function costOfRecord(prices: Prices | null, { pricing, ...record }: JournaledRecord): Cost | null {
  if (pricing === undefined) return prices?.costOf(record) ?? null
  const { multiplier, own } = pricing
  const cost = own === null ? (prices?.costOf(record) ?? null) : ownCost(record, own)
  if (cost === null || multiplier === 1) return cost
  return { usd: cost.usd * multiplier, source: `${cost.source} ×${multiplier}` }
}

type Own = NonNullable<NonNullable<JournaledRecord['pricing']>['own']>

function ownCost({ usage, rawUsage }: JournaledRecord, { name, price }: Own): Cost | null {
  if (usage === null || !isPricedPlainly(rawUsage)) return null
  const usd = costAtOwnPrice(price, usage)
  return usd === null ? null : { usd, source: `channel/${name}` }
}

/** A tier's prices are in the place of all others; what it leaves out is as its own input or output. */
function costAtOwnPrice({ tiers = [], ...base }: ModelPrice, usage: TokenUsage): number | null {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite
  const rates = tiers.findLast(({ start }) => prompt > start) ?? base
  const { input, output, cacheRead = input, cacheWrite = input, reasoning = output } = rates
  if (usage.reasoning < 0 || usage.reasoning > usage.output) return null
  const rest = costOfTokens(
    {
      ...{ input_mtok: input, output_mtok: output, cache_read_mtok: cacheRead, cache_write_mtok: cacheWrite },
      cache_write_1h_mtok: hourWritePrice(rates)
    },
    { ...usage, output: usage.output - usage.reasoning }
  )
  return rest === null ? null : rest + (usage.reasoning * reasoning) / 1_000_000
}
