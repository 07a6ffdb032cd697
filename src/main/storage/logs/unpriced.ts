import { z } from 'zod'

/** Tiers at the list price, as OpenAI, Anthropic, Gemini and Groq name theirs. */
const PLAIN_TIERS: ReadonlySet<string> = new Set(['default', 'auto', 'standard', 'on_demand'])
/** Gemini's, in lower case: its API writes the values of its enumerations in either. */
const PLAIN_GEMINI_TIERS: ReadonlySet<string> = new Set(['standard', 'unspecified', 'service_tier_unspecified'])
const PLAIN_REGIONS: ReadonlySet<string> = new Set(['', 'global', 'not_available'])
const PLAIN_TRAFFIC: ReadonlySet<string> = new Set(['ON_DEMAND', 'TRAFFIC_TYPE_UNSPECIFIED'])
/** Of server tools those that cost no more than the tokens that they bring. */
const FREE_TOOLS: ReadonlySet<string> = new Set(['web_fetch_requests'])
const PLAIN_INPUT: ReadonlySet<string> = new Set(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT'])
const PLAIN_OUTPUT: ReadonlySet<string> = new Set(['TEXT'])

const oneOf = (plain: ReadonlySet<string>) =>
  z
    .string()
    .refine((value) => plain.has(value))
    .nullish()
const none = z.literal(0).nullish()
const withoutAudio = z.looseObject({ audio_tokens: none }).nullish()
const tools = z
  .record(z.string(), z.unknown())
  .refine((uses) =>
    Object.entries(uses).every(([name, count]) => count === 0 || count === null || FREE_TOOLS.has(name))
  )
  .nullish()
const modalities = (plain: ReadonlySet<string>) =>
  z
    .array(
      z
        .looseObject({ modality: z.string().nullish(), tokenCount: z.number().nullish() })
        .refine(({ modality, tokenCount }) => (tokenCount ?? 0) === 0 || plain.has(modality ?? 'TEXT'))
    )
    .nullish()

/**
 * An upstream's usage in which nothing changes the price of its tokens or adds to it. Of the vendors' SDKs:
 * Anthropic's `Usage` and `BetaUsage`, OpenAI's `CompletionUsage`, Gemini's `GenerateContentResponseUsageMetadata`.
 */
const plainUsage = z.looseObject({
  speed: z.literal('standard').nullish(),
  inference_geo: oneOf(PLAIN_REGIONS),
  service_tier: oneOf(PLAIN_TIERS),
  server_tool_use: tools,
  /** Compactions, advisors and fallbacks are charged beside the counts, at their own models' prices. */
  iterations: z.array(z.looseObject({ type: z.literal('message') })).nullish(),
  prompt_tokens_details: withoutAudio,
  completion_tokens_details: withoutAudio,
  trafficType: oneOf(PLAIN_TRAFFIC),
  serviceTier: z
    .string()
    .refine((value) => PLAIN_GEMINI_TIERS.has(value.toLowerCase()))
    .nullish(),
  promptTokensDetails: modalities(PLAIN_INPUT),
  toolUsePromptTokensDetails: modalities(PLAIN_INPUT),
  candidatesTokensDetails: modalities(PLAIN_OUTPUT),
  num_sources_used: none,
  num_search_queries: none
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // it was cut to the length that a row may have
  }
}

/**
 * Whether the list price of the tokens is what was charged, as far as the upstream's own usage tells: false for fast mode,
 * tiers, regions, searches, speech and whatever else the price table has no price for (B32), and for what can't be read.
 */
export const isPricedPlainly = (rawUsage: string | null): boolean =>
  rawUsage === null || plainUsage.safeParse(parsed(rawUsage)).success
