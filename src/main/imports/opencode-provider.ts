import { z } from 'zod'
import { phrase, type Phrase } from '../../shared/phrase'
import type { ProtocolId } from '../../shared/protocol'
import { foundAccount, type Credential, type Environment, type Reading, type Variables } from './importer'
import { fillIn, writtenHeaders, writtenKey, type Missing } from './opencode-text'
import { fromVariable, type Written } from './references'
import { vendorNamed, type Vendor } from './vendors'

/** `provider.ID` of `opencode.json` (opencode.ai/docs/providers); cc-switch keeps the same. */
const provider = z.looseObject({
  npm: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  env: z.array(z.string()).catch([]),
  options: z
    .looseObject({
      baseURL: z.string().optional().catch(undefined),
      apiKey: z.string().optional().catch(undefined),
      headers: z.record(z.string(), z.string()).catch({})
    })
    .catch({ headers: {} }),
  models: z.record(z.string(), z.unknown()).catch({})
})
type Provider = z.infer<typeof provider>

/** Options that an account is made of. */
const TAKEN: ReadonlySet<string> = new Set(['baseURL', 'apiKey', 'headers'])

const model = z.looseObject({ id: z.string().min(1) })

/** What each package of the AI SDK speaks; whichever is not named here speaks a protocol of its own. */
const PROTOCOL_OF: ReadonlyMap<string, ProtocolId> = new Map([
  ['@ai-sdk/anthropic', 'anthropic'],
  ['@ai-sdk/openai', 'openai-responses'],
  ['@ai-sdk/google', 'gemini'],
  ['@ai-sdk/openai-compatible', 'openai-chat'],
  ['@openrouter/ai-sdk-provider', 'openai-chat'],
  ['@ai-sdk/deepseek', 'openai-chat'],
  ['@ai-sdk/groq', 'openai-chat'],
  ['@ai-sdk/xai', 'openai-chat'],
  ['@ai-sdk/mistral', 'openai-chat'],
  ['@ai-sdk/togetherai', 'openai-chat'],
  ['@ai-sdk/cerebras', 'openai-chat']
])

export interface OpenCodePlace {
  readonly from: string
  readonly place: string
  /** Of the account; its provider's unless given. */
  readonly name?: string | undefined
}

/** Names that the client asks for, and which of them are sent as others. */
function modelsOf(
  said: Provider['models'],
  addresses: Environment
): {
  readonly models: readonly string[]
  readonly modelMap: Record<string, string>
  readonly notes: readonly Phrase[]
} {
  const names = Object.keys(said)
  const renamed = names.flatMap((name) => {
    const parsed = model.safeParse(said[name])
    return parsed.success && parsed.data.id !== name ? [{ name, sent: fillIn(parsed.data.id, addresses) }] : []
  })
  return {
    models: names.length === 0 ? ['*'] : names,
    modelMap: Object.fromEntries(renamed.flatMap(({ name, sent }) => ('value' in sent ? [[name, sent.value]] : []))),
    notes: renamed.flatMap(({ name, sent }) => ('missing' in sent ? [missingModel(name, sent.missing)] : []))
  }
}

/** What is entered wins over the file, and the file over the variable that the provider's programs take. */
function written(
  { env, options }: Provider,
  entered: Credential | null,
  vendor: Vendor | undefined,
  { references, shell }: Variables
): Written {
  if (entered !== null) return { credential: entered, notes: [] }
  const text = options.apiKey?.trim() ?? ''
  if (text !== '') return writtenKey(text, references)
  const names = [...env, ...(vendor === undefined ? [] : [vendor.variable])]
  const found = names.map((name) => fromVariable(name, shell)).find(({ credential }) => credential !== null)
  return found ?? { credential: null, notes: [phrase('no_key')] }
}

const missingModel = (model: string, missing: Missing): Phrase =>
  missing.kind === 'file'
    ? phrase('model_in_file', { model })
    : phrase('model_variable_unset', { model, variable: missing.variable })

const missingAddress = (missing: Missing): Phrase =>
  missing.kind === 'file' ? phrase('address_in_file') : phrase('address_variable_unset', { variable: missing.variable })

/** What it speaks and where, or why that can't be told. */
function endpointOf(
  { npm, options }: Provider,
  vendor: Vendor | undefined,
  addresses: Environment
): { readonly protocol: ProtocolId; readonly baseUrl: string } | { readonly why: Phrase } {
  const protocol = npm === undefined ? vendor?.protocol : PROTOCOL_OF.get(npm)
  if (protocol === undefined) return { why: phrase('protocol_unknown') }
  const filled = fillIn(options.baseURL?.trim() ?? vendor?.baseUrl ?? '', addresses)
  if ('missing' in filled) return { why: missingAddress(filled.missing) }
  return filled.value === '' ? { why: phrase('no_field', { field: 'baseURL' }) } : { protocol, baseUrl: filled.value }
}

/** @param entered the key that was entered for it; null when there is none */
export function readOpenCodeProvider(
  id: string,
  value: unknown,
  entered: Credential | null,
  variables: Variables,
  { from, name, place }: OpenCodePlace
): Reading {
  const lost = (why: Phrase): Reading => ({ accounts: [], notCarried: [{ from, what: place, why }] })
  const parsed = provider.safeParse(value)
  if (!parsed.success) return lost(phrase('not_an_object'))
  const said = parsed.data
  const vendor = vendorNamed(id)
  const endpoint = endpointOf(said, vendor, variables.addresses)
  if ('why' in endpoint) return lost(endpoint.why)
  const { credential, notes } = written(said, entered, vendor, variables)
  const headers = writtenHeaders(said.options.headers, variables.references)
  const models = modelsOf(said.models, variables.addresses)
  const account = foundAccount({
    name: name ?? said.name ?? vendor?.name ?? id,
    ...{ ...endpoint, credential, from, place },
    ...headers,
    ...models,
    notes: [...notes, ...headers.notes, ...models.notes]
  })
  const rest = Object.keys(said.options).filter((key) => !TAKEN.has(key))
  return {
    accounts: [account],
    notCarried: rest.map((key) => ({ from, what: `${place}.options.${key}`, why: phrase('no_channel_says') }))
  }
}
