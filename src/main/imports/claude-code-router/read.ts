import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import {
  foundAccount,
  joinReadings,
  type FoundAccount,
  type NotCarried,
  type Reading,
  type SourceFile,
  type Variables
} from '../importer'
import { parseJson } from '../parse-text'
import { credentialOf, DOLLAR, headersOf } from '../references'
import { UnreadableFile } from '../unreadable-file'
import { endpointsOf, keyOf, provider, transformersOf, type Provider, type ProviderCredential } from './provider'
import { withRoutes } from './routes'

const list = z.array(z.unknown())
const config = z.looseObject({
  Providers: list.optional().catch(undefined),
  providers: list.optional().catch(undefined),
  Router: z.unknown().optional()
})

const isFilled = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === false) return false
  return !Array.isArray(value) || value.length > 0
}

/** Why, for what many set; versions 1 and 2 write what they are set by in capitals. */
const REST: Readonly<Record<string, Phrase>> = {
  PROXY_URL: phrase('own_proxy'),
  CUSTOM_ROUTER_PATH: phrase('own_router'),
  transformers: phrase('own_programs'),
  APIKEY: phrase('own_keys'),
  API_TIMEOUT_MS: phrase('whole_timeout'),
  HOST: phrase('own_address'),
  PORT: phrase('own_address'),
  virtualModelProfiles: phrase('no_channel_says'),
  plugins: phrase('own_programs')
}

const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['Providers', 'providers', 'Router'])

/** What of the rest is worth a word: names alone, since any of the values may be a secret. */
const restOf = (config: Readonly<Record<string, unknown>>, from: string): readonly NotCarried[] =>
  Object.keys(config)
    .filter((name) => !SAID_ELSEWHERE.has(name) && (Object.hasOwn(REST, name) || /^[A-Z]/.test(name)))
    .filter((name) => isFilled(config[name]))
    .map((what) => ({ from, what, why: REST[what] ?? phrase('no_channel_says') }))

/** Transformers that only name a protocol or a vendor, or undo what Routex’ translation does not do. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['anthropic', 'gemini', 'openai', 'openai-responses', 'deepseek', 'openrouter', 'groq', 'cerebras'],
  ...['reasoning', 'cleancache', 'vercel']
])

/** What its transformers do beyond that. */
const lostTransformers = (said: Provider): readonly Phrase[] =>
  transformersOf(said).flatMap(({ hasOptions, model, name: transformer }) => {
    const isUnderstood = UNDERSTOOD.has(transformer.toLowerCase())
    if (isUnderstood && !hasOptions) return []
    const values = { provider: said.name, transformer }
    if (model === null) return [phrase(isUnderstood ? 'transformer_options' : 'transformer', values)]
    return [phrase(isUnderstood ? 'transformer_options_for' : 'transformer_for', { ...values, model })]
  })

/** Transformers that call their vendor with a login of the machine. */
const LOGINS = /^(?:vertex-\w+|[\w-]+-cli)$/i

/** Version 3's database: the configuration is one JSON text (config-repository.ts, table app_config). */
function textOf(source: SourceFile): string {
  if (source.kind === 'text') return source.text
  const rows = source.database.rows('app_config', ['key', 'value_json'])
  if (rows === null) throw new UnreadableFile(phrase('file_without_table', { table: 'app_config' }))
  const value = rows.find(({ key }) => key === 'default')?.['value_json']
  if (typeof value !== 'string') throw new UnreadableFile(phrase('file_config_empty'))
  return value
}

interface Key {
  /** Behind the provider's name, when it has several. */
  readonly suffix: string
  readonly key: string | undefined
  readonly priority: number
  readonly weight: number
}

function keysOf(said: Provider): readonly Key[] {
  const active = said.credentials.filter((one) => one.enabled && keyOf(one) !== undefined)
  if (active.length === 0) return [{ suffix: '', key: keyOf(said), priority: 50, weight: 1 }]
  const nameOf = (one: ProviderCredential, index: number): string =>
    one.name ?? one.label ?? one.id ?? String(index + 1)
  return active.map((one, index) => ({
    suffix: active.length === 1 ? '' : ` ${nameOf(one, index)}`,
    key: keyOf(one),
    priority: 50 + Math.max(0, one.priority ?? index + 1),
    weight: one.weight ?? 1
  }))
}

interface Found {
  readonly account: FoundAccount
  readonly provider: string
}

function readProvider(
  value: unknown,
  index: number,
  from: string,
  variables: Variables
): { found: readonly Found[]; notCarried: readonly NotCarried[] } {
  const place = `Providers[${index}]`
  const parsed = provider.safeParse(value)
  if (!parsed.success) return { found: [], notCarried: [{ from, what: place, why: phrase('no_name') }] }
  const { enabled, extraBody, extraHeaders, models, name } = parsed.data
  const login = transformersOf(parsed.data).find((transformer) => LOGINS.test(transformer.name))
  if (login !== undefined) {
    return {
      found: [],
      notCarried: [{ from, what: name, why: phrase('login_of', { name: login.name }) }]
    }
  }
  const { endpoints, unknown } = endpointsOf(parsed.data)
  const lost = (what: NotCarried['what'], why: Phrase): NotCarried => ({ from, what, why })
  const headers = headersOf(extraHeaders, DOLLAR, variables.references)
  const found = endpoints.flatMap(({ baseUrl, protocol }) =>
    keysOf(parsed.data).map(({ key, priority, suffix, weight }): Found => {
      const { credential, notes } = credentialOf(key, DOLLAR, variables.references)
      const account = foundAccount({
        name: `${name}${suffix}`,
        ...{ protocol, baseUrl, credential, enabled, priority, weight, from, place },
        ...{ ...headers, notes: [...notes, ...headers.notes] },
        models: models.length === 0 ? ['*'] : models
      })
      return { provider: name, account }
    })
  )
  return {
    found,
    notCarried: [
      ...unknown.map((protocol) => lost(`${name}: ${protocol}`, phrase('protocol_unknown'))),
      ...lostTransformers(parsed.data).map((what) => lost(what, phrase('requests_unchanged'))),
      ...(isFilled(extraBody) ? [lost(`${name}: extraBody`, phrase('requests_unchanged'))] : [])
    ]
  }
}

function readFile(source: SourceFile, variables: Variables): Reading {
  const from = source.path
  const parsed = config.safeParse(parseJson(textOf(source)))
  const said = parsed.success ? (parsed.data.Providers ?? parsed.data.providers) : undefined
  if (!parsed.success || said === undefined) throw new UnreadableFile(phrase('file_without_providers'))
  const read = said.map((value, index) => readProvider(value, index, from, variables))
  const found = read.flatMap((one) => one.found)
  const providers = new Map(found.map(({ account, provider: name }) => [`${account.place} ${account.name}`, name]))
  const routed = withRoutes(
    found.map(({ account }) => account),
    parsed.data.Router,
    ({ name, place }) => providers.get(`${place} ${name}`),
    from
  )
  return joinReadings([
    { accounts: [], notCarried: read.flatMap((one) => one.notCarried) },
    routed,
    { accounts: [], notCarried: restOf(parsed.data, from) }
  ])
}

/** claude-code-router's providers, and of its routes what names of models can say. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(files.map((source) => readFile(source, variables)))
