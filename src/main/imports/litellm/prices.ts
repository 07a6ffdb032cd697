import { z } from 'zod'
import { phrase } from '../../../shared/phrase'
import type { ModelPrice } from '../../../shared/prices'
import type { Deployment } from './deployment'

/** USD for a token, as LiteLLM writes them (docs.litellm.ai/docs/proxy/custom_pricing). */
export const PRICE_KEYS = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  'cache_creation_input_token_cost_above_1hr',
  'output_cost_per_reasoning_token',
  'input_cost_per_token_above_200k_tokens',
  'output_cost_per_token_above_200k_tokens'
] as const

const perToken = z.number().min(0).max(0.1)
const costs = z.object({
  input_cost_per_token: perToken,
  output_cost_per_token: perToken,
  cache_read_input_token_cost: perToken.optional(),
  cache_creation_input_token_cost: perToken.optional(),
  cache_creation_input_token_cost_above_1hr: perToken.optional(),
  output_cost_per_reasoning_token: perToken.optional()
})
/** Of a prompt with more than so many tokens; both or none. */
const LONG = 200_000
const longCosts = z.union([
  z.object({ input_cost_per_token_above_200k_tokens: perToken, output_cost_per_token_above_200k_tokens: perToken }),
  z.object({
    input_cost_per_token_above_200k_tokens: z.undefined(),
    output_cost_per_token_above_200k_tokens: z.undefined()
  })
])

/** To USD for a million, without the dust of binary fractions. */
const perMillion = (usd: number): number => Number((usd * 1e6).toPrecision(12))

/** The price of an entry; null where it says none, or none that a channel can have. */
export function priceOf({ litellm_params: said, model_info }: Deployment): ModelPrice | null {
  const written = Object.fromEntries(PRICE_KEYS.map((key) => [key, said[key] ?? model_info?.[key] ?? undefined]))
  const [parsed, long] = [costs.safeParse(written), longCosts.safeParse(written)]
  if (!parsed.success || !long.success) return null
  const {
    cache_creation_input_token_cost: cacheWrite,
    cache_creation_input_token_cost_above_1hr: cacheWrite1h,
    cache_read_input_token_cost: cacheRead,
    input_cost_per_token: input,
    output_cost_per_reasoning_token: reasoning,
    output_cost_per_token: output
  } = parsed.data
  const { input_cost_per_token_above_200k_tokens: longInput, output_cost_per_token_above_200k_tokens: longOutput } =
    long.data
  const rest = {
    ...(cacheRead !== undefined && { cacheRead: perMillion(cacheRead) }),
    ...(cacheWrite !== undefined && { cacheWrite: perMillion(cacheWrite) }),
    ...(cacheWrite1h !== undefined && { cacheWrite1h: perMillion(cacheWrite1h) }),
    ...(reasoning !== undefined && { reasoning: perMillion(reasoning) })
  }
  return {
    ...{ input: perMillion(input), output: perMillion(output), ...rest },
    ...(longInput !== undefined && {
      tiers: [{ start: LONG, input: perMillion(longInput), output: perMillion(longOutput), ...rest }]
    })
  }
}

/** What is said of a price that is brought in. */
export function priceNotes(model: string, { input, output, tiers = [], ...rest }: ModelPrice) {
  const one = (
    code: `price_${'cache_read' | 'cache_write' | 'cache_write_1h' | 'reasoning'}`,
    usd: number | undefined
  ) => (usd === undefined ? [] : [phrase(code, { model, usd: String(usd) })])
  return [
    phrase('price', { model, input: String(input), output: String(output) }),
    ...one('price_cache_read', rest.cacheRead),
    ...one('price_cache_write', rest.cacheWrite),
    ...one('price_cache_write_1h', rest.cacheWrite1h),
    ...one('price_reasoning', rest.reasoning),
    ...tiers.map((tier) =>
      phrase('price_long', {
        ...{ model, start: String(tier.start), input: String(tier.input), output: String(tier.output) }
      })
    )
  ]
}
