import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import type { ProtocolId } from '../../../shared/protocol'
import { foundAccount, joinReadings, type NotCarried, type Reading, type SourceFile, type Variables } from '../importer'
import { parseJson } from '../parse-text'
import { credentialOf, DOLLAR, type Written } from '../references'
import { UnreadableFile } from '../unreadable-file'
import { isSealed, OriginalKeys } from './sealed-key'

/** A channel of dctx-team/Routex, as its export and its API write it (src/types.ts); of the latter also with its key. */
const channel = z.looseObject({
  name: z.string().min(1),
  type: z.string(),
  baseUrl: z.string().nullish().catch(undefined),
  apiKey: z.string().nullish().catch(undefined),
  refreshToken: z.string().nullish().catch(undefined),
  models: z.array(z.string().min(1)).catch([]),
  priority: z.number().catch(50),
  weight: z.number().catch(1),
  status: z.string().catch('enabled'),
  transformers: z.unknown().optional()
})
type Channel = z.infer<typeof channel>

/** `GET /api/channels/export`, and the answer of `GET /api/channels`. */
const exported = z.union([
  z.looseObject({ channels: z.array(z.unknown()) }).transform(({ channels }) => channels),
  z.looseObject({ success: z.literal(true), data: z.array(z.unknown()) }).transform(({ data }) => data)
])

/** Its table of the same (src/db/database.ts); versions 1 to 6 have these columns. */
const COLUMNS = [
  'name',
  'type',
  'base_url',
  'api_key',
  'refresh_token',
  'models',
  'priority',
  'weight',
  'status',
  'transformers'
]

const PLACES: ReadonlyMap<string, { readonly protocol: ProtocolId; readonly baseUrl: string | null }> = new Map<
  string,
  { readonly protocol: ProtocolId; readonly baseUrl: string | null }
>([
  ['anthropic', { protocol: 'anthropic', baseUrl: 'https://api.anthropic.com' }],
  ['openai', { protocol: 'openai-chat', baseUrl: 'https://api.openai.com/v1' }],
  ['google', { protocol: 'gemini', baseUrl: 'https://generativelanguage.googleapis.com' }],
  ['zhipu', { protocol: 'openai-chat', baseUrl: 'https://open.bigmodel.cn/api/paas/v4' }],
  ['custom', { protocol: 'openai-chat', baseUrl: null }]
])

/** The highest went first there, of 100; here the lowest does. */
const HIGHEST = 100

function keyOf(said: Channel, keys: () => OriginalKeys, { references }: Variables): Written {
  const text = said.apiKey?.trim() ?? ''
  if (!isSealed(text)) return credentialOf(text, DOLLAR, references)
  const value = keys().open(text)
  if (value !== null) return { credential: { value, variable: null }, notes: [] }
  return { credential: null, notes: [phrase('key_sealed')] }
}

const uses = z.looseObject({ use: z.array(z.unknown()) })
const isAnthropic = (transformers: unknown): boolean =>
  uses.safeParse(transformers).data?.use.includes('anthropic') === true

/** What it speaks and where, or why that can't be told. */
function endpointOf(
  said: Channel
): { readonly protocol: ProtocolId; readonly baseUrl: string } | { readonly why: Phrase } {
  const kind = PLACES.get(said.type)
  if (kind === undefined) return { why: phrase('protocol_unknown_of', { name: said.type }) }
  const baseUrl = said.baseUrl?.trim() ?? kind.baseUrl ?? ''
  if (baseUrl === '') return { why: phrase('no_address') }
  return { protocol: said.type === 'custom' && isAnthropic(said.transformers) ? 'anthropic' : kind.protocol, baseUrl }
}

function readChannel(
  value: unknown,
  index: number,
  from: string,
  variables: Variables,
  keys: () => OriginalKeys
): Reading {
  const place = `channels[${index}]`
  const lost = (what: string, why: Phrase): NotCarried => ({ from, what, why })
  const checked = channel.safeParse(value)
  if (!checked.success) return { accounts: [], notCarried: [lost(place, phrase('no_name_or_type'))] }
  const said = checked.data
  const endpoint = endpointOf(said)
  if ('why' in endpoint) return { accounts: [], notCarried: [lost(said.name, endpoint.why)] }
  const account = foundAccount({
    ...{ name: said.name, ...endpoint, from, place },
    ...keyOf(said, keys, variables),
    models: said.models.length === 0 ? ['*'] : said.models,
    priority: HIGHEST - said.priority,
    weight: said.weight,
    // The other two states are what Routex now observes by itself.
    enabled: said.status !== 'disabled'
  })
  const hasLogin = (said.refreshToken?.trim() ?? '') !== '' && account.credential === null
  return { accounts: [account], notCarried: hasLogin ? [lost(said.name, phrase('login_left'))] : [] }
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined
    throw error
  }
}

interface Content {
  readonly channels: readonly unknown[]
  readonly rules: number
}

function contentOf(source: SourceFile): Content {
  if (source.kind === 'text') {
    const read = exported.safeParse(parseJson(source.text))
    if (!read.success) throw new UnreadableFile(phrase('file_not_original_export'))
    return { channels: read.data, rules: 0 }
  }
  const rows = source.database.rows('channels', COLUMNS)
  if (rows === null || rows.some((row) => !('type' in row)))
    throw new UnreadableFile(phrase('file_not_original_database'))
  const channels = rows.map(({ api_key, base_url, models, refresh_token, transformers, ...rest }) => ({
    ...{ ...rest, baseUrl: base_url, apiKey: api_key, refreshToken: refresh_token },
    ...{ models: parsed(models), transformers: parsed(transformers) }
  }))
  return { channels, rules: source.database.rows('routing_rules', ['name'])?.length ?? 0 }
}

function readFile(source: SourceFile, variables: Variables): Reading {
  const from = source.path
  const { channels, rules } = contentOf(source)
  let keys: OriginalKeys | undefined
  const lazily = (): OriginalKeys => (keys ??= new OriginalKeys(variables.references))
  const lost: readonly NotCarried[] =
    rules === 0 ? [] : [{ from, what: phrase('routing_rules', { n: String(rules) }), why: phrase('rules_left') }]
  return joinReadings([
    ...channels.map((value, index) => readChannel(value, index, from, variables, lazily)),
    { accounts: [], notCarried: lost }
  ])
}

/** The original Routex's channels, from its export or its database. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(files.map((source) => readFile(source, variables)))
