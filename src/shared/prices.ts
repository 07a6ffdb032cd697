import { z } from 'zod'
import { RULES } from './rules'

/** USD for a million tokens. */
const perMillion = z.number().min(0).max(100_000)

const rates = {
  input: perMillion,
  output: perMillion,
  /** Read from the prompt cache. Unset: as input. */
  cacheRead: perMillion.optional(),
  /** Written to the prompt cache. Unset: as input. */
  cacheWrite: perMillion.optional(),
  /** Written to it and kept for an hour. Unset: see `hourWritePrice`. */
  cacheWrite1h: perMillion.optional(),
  /** What the model thinks, a part of its output. Unset: as output. */
  reasoning: perMillion.optional()
}

/** Of a request whose whole prompt has more than `start` tokens, in the place of all prices before it. */
const longPrompt = z.strictObject({ start: z.int().min(1).max(100_000_000), ...rates })

/** What a model costs on a channel, where the price table says otherwise or nothing. */
const modelPrice = z.strictObject({
  ...rates,
  /** Dearer rates of long prompts, the shortest first. */
  tiers: z
    .array(longPrompt)
    .max(10)
    .refine((tiers) => tiers.every(({ start }, index) => start > (tiers[index - 1]?.start ?? 0)), RULES.tiers_ascend)
    .optional()
})
export type ModelPrice = Readonly<z.infer<typeof modelPrice>>

/**
 * USD for a million tokens that are kept in the cache for an hour. Where no price says so: twice the input, as Anthropic bills
 * it (platform.claude.com/docs/en/about-claude/pricing), if a write is dearer than input there; else that of any write.
 */
export function hourWritePrice({
  input,
  cacheWrite = input,
  cacheWrite1h
}: Pick<ModelPrice, 'input' | 'cacheWrite' | 'cacheWrite1h'>): number {
  if (cacheWrite1h !== undefined) return cacheWrite1h
  return cacheWrite > input ? Math.max(cacheWrite, 2 * input) : cacheWrite
}

/** Prices by the names of models as they are sent: exact ones, globs, and Claude's sizes, matched as `modelMap` does. */
export const modelPrices = z.record(z.string().min(1).max(200), modelPrice)

/** What a channel bills: 0.7 for a reseller who takes 70 % of the list price. It counts for `prices` too. */
export const priceMultiplier = z.number().min(0).max(1000)

/** How the cost of one request is worked out otherwise than by the price table alone. */
export interface OwnPricing {
  readonly multiplier: number
  /** The channel's own price for this model, and the name that it stands under; null: the table's. */
  readonly own: { readonly name: string; readonly price: ModelPrice } | null
}
