import { z } from 'zod'
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
const REST: Readonly<Record<string, string>> = {
  PROXY_URL: 'Routex takes its proxy from its own environment',
  CUSTOM_ROUTER_PATH: 'a program of its own is not run: make routing rules',
  transformers: 'programs of its own are not run',
  APIKEY: 'clients of Routex have keys of their own',
  API_TIMEOUT_MS: 'it counts for the whole request, and a channel’s for its parts: set the timeouts of the channels',
  HOST: 'Routex has an address of its own: see the settings',
  PORT: 'Routex has an address of its own: see the settings',
  virtualModelProfiles: 'no channel can say it',
  plugins: 'programs of its own are not run'
}

const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['Providers', 'providers', 'Router'])

/** What of the rest is worth a word: names alone, since any of the values may be a secret. */
const restOf = (config: Readonly<Record<string, unknown>>, from: string): readonly NotCarried[] =>
  Object.keys(config)
    .filter((name) => !SAID_ELSEWHERE.has(name) && (Object.hasOwn(REST, name) || /^[A-Z]/.test(name)))
    .filter((name) => isFilled(config[name]))
    .map((what) => ({ from, what, why: REST[what] ?? 'no channel can say it' }))

/** Transformers that only name a protocol or a vendor, or undo what Routex’ translation does not do. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['anthropic', 'gemini', 'openai', 'openai-responses', 'deepseek', 'openrouter', 'groq', 'cerebras'],
  ...['reasoning', 'cleancache', 'vercel']
])

/** What its transformers do beyond that. */
const lostTransformers = (said: Provider): readonly string[] =>
  transformersOf(said).flatMap(({ hasOptions, model, name }) => {
    const isUnderstood = UNDERSTOOD.has(name.toLowerCase())
    if (isUnderstood && !hasOptions) return []
    const what = isUnderstood ? `options of transformer ${name}` : `transformer ${name}`
    return [model === null ? what : `${what} for ${model}`]
  })

/** Transformers that call their vendor with a login of the machine. */
const LOGINS = /^(?:vertex-\w+|[\w-]+-cli)$/i

/** Version 3's database: the configuration is one JSON text (config-repository.ts, table app_config). */
function textOf(source: SourceFile): string {
  if (source.kind === 'text') return source.text
  const rows = source.database.rows('app_config', ['key', 'value_json'])
  if (rows === null) throw new UnreadableFile('it is a database without the table app_config')
  const value = rows.find(({ key }) => key === 'default')?.['value_json']
  if (typeof value !== 'string') throw new UnreadableFile('its configuration is empty')
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
  if (!parsed.success) return { found: [], notCarried: [{ from, what: place, why: 'it has no name' }] }
  const { enabled, extraBody, extraHeaders, models, name } = parsed.data
  const login = transformersOf(parsed.data).find((transformer) => LOGINS.test(transformer.name))
  if (login !== undefined) {
    return {
      found: [],
      notCarried: [{ from, what: name, why: `${login.name} works with a login, which is never taken` }]
    }
  }
  const { endpoints, unknown } = endpointsOf(parsed.data)
  const lost = (what: string, why: string): NotCarried => ({ from, what: `${name}: ${what}`, why })
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
      ...unknown.map((protocol) => lost(protocol, 'Routex does not speak this protocol')),
      ...lostTransformers(parsed.data).map((what) => lost(what, 'channels do not change requests')),
      ...(isFilled(extraBody) ? [lost('extraBody', 'channels do not change requests')] : [])
    ]
  }
}

function readFile(source: SourceFile, variables: Variables): Reading {
  const from = source.path
  const parsed = config.safeParse(parseJson(textOf(source)))
  const said = parsed.success ? (parsed.data.Providers ?? parsed.data.providers) : undefined
  if (!parsed.success || said === undefined) throw new UnreadableFile('it has no list of Providers')
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
