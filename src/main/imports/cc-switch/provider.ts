import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import type { ProtocolId } from '../../../shared/protocol'
import { baseUrlOf } from '../base-urls'
import { claudeEnv, readClaudeEnv } from '../claude-env'
import { codexAuth, enteredKey, isLogin, readCodexConfig } from '../codex-config'
import { fromFile, readGeminiEnv } from '../gemini-env'
import { foundAccount, type NotCarried, type Reading, type Variables } from '../importer'
import { readOpenCodeProvider } from '../opencode-provider'
import { parseToml } from '../parse-text'
import { credentialOf, DOLLAR } from '../references'
import { UnreadableFile } from '../unreadable-file'

/** What a row of `providers` says of itself. */
export interface ProviderPlace {
  readonly from: string
  readonly place: string
  readonly name: string
}

const meta = z.looseObject({
  apiFormat: z.string().optional().catch(undefined),
  isFullUrl: z.boolean().catch(false),
  providerType: z.string().optional().catch(undefined),
  customUserAgent: z.string().optional().catch(undefined)
})
export type ProviderMeta = z.infer<typeof meta>
export const readMeta = (value: unknown): ProviderMeta => meta.safeParse(value).data ?? { isFullUrl: false }

const nothing = (from: string, what: string, why: Phrase): Reading => ({
  accounts: [],
  notCarried: [{ from, what, why }]
})

const withEnv = z.looseObject({ env: z.record(z.string(), z.unknown()).catch({}) })

/** In which protocol a provider of Claude Code's is spoken to: cc-switch translates, as Routex does. */
const FORMATS: ReadonlyMap<string, ProtocolId> = new Map([
  ['anthropic', 'anthropic'],
  ['openai_chat', 'openai-chat'],
  ['openai_responses', 'openai-responses'],
  ['gemini_native', 'gemini']
])

function readClaude(settings: unknown, said: ProviderMeta, place: ProviderPlace): Reading {
  const parsed = withEnv.safeParse(settings)
  const reading = readClaudeEnv(
    claudeEnv(parsed.data?.env ?? {}, () => null),
    place
  )
  const protocol = FORMATS.get(said.apiFormat ?? 'anthropic')
  if (protocol === undefined) return nothing(place.from, place.name, phrase('protocol_unknown'))
  const accounts = reading.accounts.map((one) => ({
    ...one,
    protocol,
    baseUrl: said.isFullUrl ? baseUrlOf(one.baseUrl) : one.baseUrl,
    notes: protocol === 'anthropic' ? one.notes : []
  }))
  return { ...reading, accounts }
}

function readGemini(settings: unknown, place: ProviderPlace): Reading {
  const env = fromFile(withEnv.safeParse(settings).data?.env ?? {})
  const reading = readGeminiEnv(env, place)
  if (!env.has('GEMINI_MODEL')) return reading
  const left = { from: place.from, what: 'GEMINI_MODEL', why: phrase('model_of_client') }
  return { ...reading, notCarried: [...reading.notCarried, left] }
}

const codexSettings = z.looseObject({
  auth: codexAuth.catch({ OPENAI_API_KEY: null, tokens: null }),
  config: z.string().catch('')
})

function readCodex(settings: unknown, variables: Variables, { from, name, place }: ProviderPlace): Reading {
  const { auth, config } = codexSettings.safeParse(settings).data ?? { auth: { tokens: null }, config: '' }
  if (isLogin(auth)) return nothing(from, name, phrase('login_of_chatgpt'))
  try {
    const at = { from, authFrom: from, name, isKeyItsOwn: true }
    // Its settings say all: what Routex' own shell has is no account of it.
    const reading = readCodexConfig(parseToml(config), enteredKey(auth), { ...variables, shell: {} }, at)
    return { ...reading, accounts: reading.accounts.map((one) => ({ ...one, place })) }
  } catch (error) {
    if (error instanceof UnreadableFile) return nothing(from, 'config.toml', error.phrase)
    throw error
  }
}

/** Programs whose providers stand flat: one address, one key. */
const flat = z
  .looseObject({
    baseUrl: z.string().optional().catch(undefined),
    base_url: z.string().optional().catch(undefined),
    apiKey: z.string().optional().catch(undefined),
    api_key: z.string().optional().catch(undefined),
    api: z.string().optional().catch(undefined),
    api_mode: z.string().optional().catch(undefined),
    models: z.array(z.looseObject({ id: z.string() })).catch([])
  })
  .transform(({ api, api_key, api_mode, apiKey, base_url, baseUrl, models }) => ({
    api: api ?? api_mode ?? 'openai-completions',
    baseUrl: (baseUrl ?? base_url ?? '').trim(),
    key: apiKey ?? api_key,
    models: models.map(({ id }) => id)
  }))
const FLAT_PROTOCOLS: ReadonlyMap<string, ProtocolId> = new Map([
  ['openai-completions', 'openai-chat'],
  ['chat_completions', 'openai-chat'],
  ['openai-responses', 'openai-responses'],
  ['anthropic-messages', 'anthropic'],
  ['anthropic_messages', 'anthropic'],
  ['google-generative-ai', 'gemini']
])

function readFlat(settings: unknown, { references }: Variables, { from, name, place }: ProviderPlace): Reading {
  const said = flat.safeParse(settings).data
  if (said === undefined || said.baseUrl === '') return nothing(from, name, phrase('no_address'))
  const { api, baseUrl, key, models } = said
  const protocol = FLAT_PROTOCOLS.get(api)
  if (protocol === undefined) return nothing(from, name, phrase('protocol_unknown'))
  const account = foundAccount({
    ...{ name, protocol, baseUrl, from, place },
    ...credentialOf(key, DOLLAR, references),
    models: models.length === 0 ? ['*'] : models
  })
  return { accounts: [account], notCarried: [] }
}

/** The account of a provider, whose settings are those that cc-switch writes for the program it is for (src/provider.rs). */
export function readProvider(
  app: string,
  settings: unknown,
  said: ProviderMeta,
  variables: Variables,
  place: ProviderPlace
): Reading {
  const reading = readFor(app, settings, said, variables, place)
  const named = ({ what, ...one }: NotCarried): NotCarried =>
    typeof what !== 'string' || what === place.name ? { ...one, what } : { ...one, what: `${place.name}: ${what}` }
  return { ...reading, notCarried: reading.notCarried.map(named) }
}

function readFor(
  app: string,
  settings: unknown,
  said: ProviderMeta,
  variables: Variables,
  place: ProviderPlace
): Reading {
  if (said.providerType !== undefined && /oauth|copilot/.test(said.providerType)) {
    return nothing(place.from, place.name, phrase('login_never'))
  }
  switch (app) {
    case 'claude':
    case 'claude-desktop':
      return readClaude(settings, said, place)
    case 'codex':
      return readCodex(settings, variables, place)
    case 'gemini':
      return readGemini(settings, place)
    case 'opencode':
      return readOpenCodeProvider(place.name, settings, null, variables, place)
    case 'openclaw':
    case 'hermes':
      return readFlat(settings, variables, place)
    default:
      return nothing(place.from, place.name, phrase('program_unknown'))
  }
}
