import { z } from 'zod'
import type { ModelPrice } from '../../../shared/prices'
import type { Deployment } from './deployment'

/** USD for a token, as LiteLLM writes them (docs.litellm.ai/docs/proxy/custom_pricing). */
export const PRICE_KEYS = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost'
] as const

const perToken = z.number().min(0).max(0.1)
const costs = z.object({
  input_cost_per_token: perToken,
  output_cost_per_token: perToken,
  cache_read_input_token_cost: perToken.optional(),
  cache_creation_input_token_cost: perToken.optional()
})

/** To USD for a million, without the dust of binary fractions. */
const perMillion = (usd: number): number => Number((usd * 1e6).toPrecision(12))

/** The price of an entry; null where it says none, or none that a channel can have. */
export function priceOf({ litellm_params: said, model_info }: Deployment): ModelPrice | null {
  const written = (key: (typeof PRICE_KEYS)[number]): unknown => said[key] ?? model_info?.[key] ?? undefined
  const parsed = costs.safeParse(Object.fromEntries(PRICE_KEYS.map((key) => [key, written(key)])))
  if (!parsed.success) return null
  const {
    cache_creation_input_token_cost: cacheWrite,
    cache_read_input_token_cost: cacheRead,
    input_cost_per_token: input,
    output_cost_per_token: output
  } = parsed.data
  return {
    input: perMillion(input),
    output: perMillion(output),
    ...(cacheRead !== undefined && { cacheRead: perMillion(cacheRead) }),
    ...(cacheWrite !== undefined && { cacheWrite: perMillion(cacheWrite) })
  }
}

/** What is said of a price that is brought in. */
export const priceNote = (model: string, { cacheRead, cacheWrite, input, output }: ModelPrice): string =>
  [
    `own price of ${model} for a million tokens: $${input} in, $${output} out`,
    ...(cacheRead === undefined ? [] : [`$${cacheRead} read from the cache`]),
    ...(cacheWrite === undefined ? [] : [`$${cacheWrite} written to it`])
  ].join(', ')
