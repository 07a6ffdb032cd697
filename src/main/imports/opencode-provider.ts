import { z } from 'zod'
import type { ProtocolId } from '../../shared/protocol'
import { foundAccount, type Credential, type Environment, type Reading, type Variables } from './importer'
import { fillIn, writtenHeaders, writtenKey } from './opencode-text'
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
  readonly notes: readonly string[]
} {
  const names = Object.keys(said)
  const renamed = names.flatMap((name) => {
    const parsed = model.safeParse(said[name])
    return parsed.success && parsed.data.id !== name ? [{ name, sent: fillIn(parsed.data.id, addresses) }] : []
  })
  return {
    models: names.length === 0 ? ['*'] : names,
    modelMap: Object.fromEntries(renamed.flatMap(({ name, sent }) => ('value' in sent ? [[name, sent.value]] : []))),
    notes: renamed.flatMap(({ name, sent }) =>
      'missing' in sent ? [sent.missing(`the model that ${name} is sent as`)] : []
    )
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
  return found ?? { credential: null, notes: ['no key was found: enter it'] }
}

/** What it speaks and where, or why that can't be told. */
function endpointOf(
  { npm, options }: Provider,
  vendor: Vendor | undefined,
  addresses: Environment
): { readonly protocol: ProtocolId; readonly baseUrl: string } | string {
  const protocol = npm === undefined ? vendor?.protocol : PROTOCOL_OF.get(npm)
  if (protocol === undefined) return 'it speaks a protocol that Routex does not'
  const filled = fillIn(options.baseURL?.trim() ?? vendor?.baseUrl ?? '', addresses)
  if ('missing' in filled) return filled.missing('its address')
  return filled.value === '' ? 'it has no baseURL' : { protocol, baseUrl: filled.value }
}

/** @param entered the key that was entered for it; null when there is none */
export function readOpenCodeProvider(
  id: string,
  value: unknown,
  entered: Credential | null,
  variables: Variables,
  { from, name, place }: OpenCodePlace
): Reading {
  const lost = (why: string): Reading => ({ accounts: [], notCarried: [{ from, what: place, why }] })
  const parsed = provider.safeParse(value)
  if (!parsed.success) return lost('it is no object')
  const said = parsed.data
  const vendor = vendorNamed(id)
  const endpoint = endpointOf(said, vendor, variables.addresses)
  if (typeof endpoint === 'string') return lost(endpoint)
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
    notCarried: rest.map((key) => ({ from, what: `${place}.options.${key}`, why: 'no channel can say it' }))
  }
}
