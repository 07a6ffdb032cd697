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
import { credentialOf, DOLLAR } from '../references'
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

/** What of the rest is worth a word. */
const REST = [
  ['PROXY_URL', 'Routex takes its proxy from its own environment'],
  ['CUSTOM_ROUTER_PATH', 'a program of its own is not run: make routing rules'],
  ['transformers', 'programs of its own are not run'],
  ['APIKEY', 'clients of Routex have keys of their own'],
  ['virtualModelProfiles', 'no channel can say it'],
  ['plugins', 'programs of its own are not run']
] as const

/** Transformers that only name a protocol or a vendor that Routex knows anyway. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['anthropic', 'gemini', 'openai', 'openai-responses', 'deepseek', 'openrouter', 'groq', 'cerebras', 'tooluse'],
  ...['enhancetool', 'reasoning', 'cleancache', 'vercel']
])

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
  const login = transformersOf(parsed.data).find((transformer) => LOGINS.test(transformer))
  if (login !== undefined) {
    return { found: [], notCarried: [{ from, what: name, why: `${login} works with a login, which is never taken` }] }
  }
  const { endpoints, unknown } = endpointsOf(parsed.data)
  const lost = (what: string, why: string): NotCarried => ({ from, what: `${name}: ${what}`, why })
  const found = endpoints.flatMap(({ baseUrl, protocol }) =>
    keysOf(parsed.data).map(({ key, priority, suffix, weight }): Found => ({
      provider: name,
      account: foundAccount({
        name: `${name}${suffix}`,
        ...{ protocol, baseUrl, enabled, priority, weight, from, place },
        ...credentialOf(key, DOLLAR, variables.references),
        models: models.length === 0 ? ['*'] : models,
        headers: extraHeaders
      })
    }))
  )
  return {
    found,
    notCarried: [
      ...unknown.map((protocol) => lost(protocol, 'Routex does not speak this protocol')),
      ...transformersOf(parsed.data)
        .filter((transformer) => !UNDERSTOOD.has(transformer.toLowerCase()))
        .map((transformer) => lost(`transformer ${transformer}`, 'channels do not change requests')),
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
  const rest = REST.filter(([name]) => isFilled(parsed.data[name])).map(([what, why]) => ({ from, what, why }))
  return joinReadings([
    { accounts: [], notCarried: read.flatMap((one) => one.notCarried) },
    routed,
    { accounts: [], notCarried: rest }
  ])
}

/** claude-code-router's providers, and of its routes what names of models can say. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(files.map((source) => readFile(source, variables)))
