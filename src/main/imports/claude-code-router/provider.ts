import { z } from 'zod'
import type { ProtocolId } from '../../../shared/protocol'
import { baseUrlOf } from '../base-urls'

const text = z.string().optional().catch(undefined)

const credential = z.looseObject({
  api_key: text,
  apiKey: text,
  apikey: text,
  enabled: z.boolean().catch(true),
  name: text,
  label: text,
  id: text,
  priority: z.number().optional().catch(undefined),
  weight: z.number().optional().catch(undefined)
})
export type ProviderCredential = z.infer<typeof credential>

/**
 * An entry of `Providers`, of versions 1 and 2 (musistudio/claude-code-router, README) and of 3
 * (packages/core/src/contracts/app.ts, GatewayProviderConfig), which still takes the older names.
 */
export const provider = z.looseObject({
  name: z.string().trim().min(1),
  api_base_url: text,
  baseUrl: text,
  baseurl: text,
  api_key: text,
  apiKey: text,
  apikey: text,
  models: z.array(z.string().min(1)).catch([]),
  transformer: z.unknown().optional(),
  // of version 3
  type: text,
  provider: text,
  protocol: text,
  enabled: z.boolean().catch(true),
  capabilities: z.array(z.looseObject({ type: text, protocol: text, baseUrl: text, baseurl: text })).catch([]),
  credentials: z.array(credential).catch([]),
  extraHeaders: z.record(z.string(), z.string()).catch({}),
  extraBody: z.unknown().optional()
})
export type Provider = z.infer<typeof provider>

export const keyOf = (said: Pick<Provider, 'api_key' | 'apiKey' | 'apikey'>): string | undefined =>
  said.api_key ?? said.apiKey ?? said.apikey

const addressOf = ({ api_base_url, baseUrl, baseurl }: Provider): string =>
  (api_base_url ?? baseUrl ?? baseurl ?? '').trim()

const used = z.looseObject({ use: z.array(z.union([z.string(), z.tuple([z.string()], z.unknown())])) })

export interface Transformer {
  readonly name: string
  /** Of which of its models; null: of all. */
  readonly model: string | null
  readonly hasOptions: boolean
}

/** The transformers that are used, for all its models and for some. */
export function transformersOf({ transformer }: Pick<Provider, 'transformer'>): readonly Transformer[] {
  const uses = (said: unknown, model: string | null): readonly Transformer[] => {
    const parsed = used.safeParse(said)
    if (!parsed.success) return []
    return parsed.data.use.map((one) =>
      typeof one === 'string'
        ? { name: one, model, hasOptions: false }
        : { name: one[0], model, hasOptions: one.length > 1 }
    )
  }
  const ofModels = typeof transformer === 'object' && transformer !== null ? Object.entries(transformer) : []
  return [...uses(transformer, null), ...ofModels.flatMap(([model, said]) => uses(said, model))]
}

/** Version 3's names of protocols. */
const PROTOCOLS: ReadonlyMap<string, ProtocolId> = new Map([
  ['openai', 'openai-responses'],
  ['openai_responses', 'openai-responses'],
  ['openai_chat', 'openai-chat'],
  ['openai_chat_completions', 'openai-chat'],
  ['anthropic', 'anthropic'],
  ['anthropic_messages', 'anthropic'],
  ['gemini', 'gemini'],
  ['gemini_generate_content', 'gemini']
])

export interface Endpoint {
  readonly protocol: ProtocolId
  readonly baseUrl: string
}

/** A transformer makes the protocol of versions 1 and 2; without one its address shows it. */
function guessed(said: Provider): ProtocolId {
  const address = addressOf(said)
  const ofAll = transformersOf(said).filter(({ model }) => model === null)
  const transformers = ofAll.map(({ name }) => name.toLowerCase())
  if (transformers.includes('anthropic') || /\/messages\/?$/.test(address)) return 'anthropic'
  if (transformers.includes('gemini') || /^https:\/\/generativelanguage\.googleapis\.com\/(?!.*openai)/.test(address))
    return 'gemini'
  if (transformers.includes('openai-responses') || /\/responses\/?$/.test(address)) return 'openai-responses'
  return 'openai-chat'
}

/** Each protocol that it speaks, and where; those that Routex does not speak by their names. */
export function endpointsOf(said: Provider): {
  readonly endpoints: readonly Endpoint[]
  readonly unknown: readonly string[]
} {
  const told = said.capabilities.flatMap(({ baseUrl, baseurl, protocol, type }) => {
    const name = type ?? protocol
    const address = (baseUrl ?? baseurl ?? '').trim()
    return name === undefined || address === '' ? [] : [{ name, address }]
  })
  const named = said.type ?? said.protocol ?? said.provider
  const all = told.length > 0 || named === undefined ? told : [{ name: named, address: addressOf(said) }]
  if (all.length === 0)
    return { endpoints: [{ protocol: guessed(said), baseUrl: baseUrlOf(addressOf(said)) }], unknown: [] }
  const endpoints = all.flatMap(({ address, name }) => {
    const protocol = PROTOCOLS.get(name.trim().toLowerCase())
    return protocol === undefined ? [] : [{ protocol, baseUrl: baseUrlOf(address) }]
  })
  return { endpoints, unknown: all.map(({ name }) => name).filter((name) => !PROTOCOLS.has(name.trim().toLowerCase())) }
}
