import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import type { ProtocolId } from '../../../shared/protocol'
import type { Environment } from '../importer'
import { credentialOf, LITELLM, variableOf, type Written } from '../references'
import { vendorNamed } from '../vendors'

const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined)
const number = z.number().optional().catch(undefined)

const params = z.looseObject({
  model: z.string().min(1),
  custom_llm_provider: text,
  api_key: text,
  api_base: text,
  base_url: text,
  litellm_credential_name: text,
  weight: number,
  order: number,
  extra_headers: z.record(z.string(), z.string()).catch({})
})

/** An entry of `model_list` (docs.litellm.ai/docs/proxy/configs). */
export const deployment = z.looseObject({
  model_name: z.string().min(1),
  litellm_params: params,
  model_info: z
    .looseObject({ mode: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined)
})
export type Deployment = z.infer<typeof deployment>

/** Values of `credential_list`, which entries name. */
export const namedCredential = z.looseObject({
  credential_name: z.string(),
  credential_values: z.record(z.string(), z.unknown()).catch({})
})

/** Servers of one's own, which speak OpenAI's protocol at the address that is given. */
const SERVERS: ReadonlySet<string> = new Set(
  'openai_like hosted_vllm vllm lm_studio llamafile litellm_proxy xinference docker_model_runner'.split(' ')
)
const OLLAMA: ReadonlySet<string> = new Set(['ollama', 'ollama_chat'])

interface Place {
  readonly protocol: ProtocolId
  readonly baseUrl: string
  /** As it is sent. */
  readonly model: string
  /** Taken when no key is written. */
  readonly variable: string | null
}

/** `openai/gpt-4o` → openai, gpt-4o; a name without one is OpenAI's or Anthropic's by its look. */
function providerOf({
  custom_llm_provider: given,
  model
}: Deployment['litellm_params']): readonly [provider: string, model: string] {
  const [first = '', ...rest] = model.split('/')
  if (given !== undefined) return [given, first === given ? rest.join('/') : model]
  if (rest.length > 0) return [first, rest.join('/')]
  if (/^claude-/.test(model)) return ['anthropic', model]
  return /^(?:gpt-|o\d|chatgpt-|\*$)/.test(model) ? ['openai', model] : ['', model]
}

const withVersion = (baseUrl: string): string => (/\/v\d/.test(baseUrl) ? baseUrl : `${baseUrl.replace(/\/+$/, '')}/v1`)

export type PlaceOrWhy = Place | { readonly why: Phrase }

function ownServer(provider: string, model: string, given: string | undefined): PlaceOrWhy | undefined {
  const at = (baseUrl: string): Place => ({ protocol: 'openai-chat', baseUrl, model, variable: null })
  if (OLLAMA.has(provider)) return at(withVersion(given ?? 'http://localhost:11434'))
  if (!SERVERS.has(provider)) return undefined
  return given === undefined ? { why: phrase('no_field', { field: 'api_base' }) } : at(given)
}

const RESPONSES = 'responses/'

/** OpenAI's models go by Chat Completions, unless the name says otherwise. */
function openAi(model: string): Pick<Place, 'protocol' | 'model'> {
  return model.startsWith(RESPONSES)
    ? { protocol: 'openai-responses', model: model.slice(RESPONSES.length) }
    : { protocol: 'openai-chat', model }
}

/** Where a deployment is, or why it can't be told. */
export function placeOf(said: Deployment['litellm_params'], given: string | undefined): PlaceOrWhy {
  const [provider, model] = providerOf(said)
  const own = ownServer(provider, model, given)
  if (own !== undefined) return own
  if (provider === '') return { why: phrase('provider_unclear') }
  const vendor = vendorNamed(provider)
  if (vendor === undefined) return { why: phrase('protocol_unknown_of', { name: provider }) }
  return {
    ...(provider === 'openai' ? openAi(model) : { protocol: vendor.protocol, model }),
    baseUrl: given ?? vendor.baseUrl,
    // A server of one's own in OpenAI's place is no place for OpenAI's key.
    variable: given === undefined ? vendor.variable : null
  }
}

/** What `api_base` says: an address, or the variable that holds one. `null`: it names a variable that is not set. */
export function addressOf(said: Deployment['litellm_params'], addresses: Environment): string | undefined | null {
  const written = (said.api_base ?? said.base_url ?? '').trim()
  if (written === '') return undefined
  const variable = LITELLM.exec(written)?.[1]
  return variable === undefined ? written : (variableOf(addresses, variable) ?? null)
}

/** The key that is written, or of the credential that is named; the vendor's own variable where there is neither. */
export function keyOf(
  said: Deployment['litellm_params'],
  named: Readonly<Record<string, unknown>> | undefined,
  variable: string | null,
  references: Environment
): Written {
  const ofNamed = named?.['api_key']
  const written = said.api_key ?? (typeof ofNamed === 'string' ? ofNamed : undefined)
  if (written !== undefined || variable === null) return credentialOf(written, LITELLM, references)
  return credentialOf(`os.environ/${variable}`, LITELLM, references)
}
