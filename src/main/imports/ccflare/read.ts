import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import type { ProtocolId } from '../../../shared/protocol'
import { foundAccount, joinReadings, type NotCarried, type Reading, type SourceFile, type Variables } from '../importer'
import { parseJson } from '../parse-text'
import { UnreadableFile } from '../unreadable-file'

/** The table `accounts` of tombii/better-ccflare (packages/database/src/migrations.ts) and of the ccflare that it grew from. */
const COLUMNS = [
  'name',
  'provider',
  'api_key',
  'refresh_token',
  'priority',
  'paused',
  'custom_endpoint',
  'model_mappings'
] as const

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '')
const row = z.object({
  name: z.string(),
  provider: text.transform((value) => (value === '' ? 'anthropic' : value)),
  api_key: text,
  refresh_token: text,
  priority: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  paused: z.number().nullish(),
  custom_endpoint: text,
  model_mappings: text
})
type Row = z.infer<typeof row>

interface Provider {
  readonly protocol: ProtocolId
  /** null: each account names its own. */
  readonly baseUrl: string | null
}

/** Providers whose accounts are keys (packages/types/src/provider-config.ts). The others are logins, or clouds. */
const PROVIDERS: ReadonlyMap<string, Provider> = new Map<string, Provider>([
  ['anthropic', { protocol: 'anthropic', baseUrl: 'https://api.anthropic.com' }],
  ['claude-console-api', { protocol: 'anthropic', baseUrl: 'https://api.anthropic.com' }],
  ['zai', { protocol: 'anthropic', baseUrl: 'https://api.z.ai/api/anthropic' }],
  ['minimax', { protocol: 'anthropic', baseUrl: 'https://api.minimax.io/anthropic' }],
  ['deepseek', { protocol: 'anthropic', baseUrl: 'https://api.deepseek.com/anthropic' }],
  ['nanogpt', { protocol: 'anthropic', baseUrl: 'https://nano-gpt.com/api' }],
  ['ollama', { protocol: 'anthropic', baseUrl: 'http://localhost:11434' }],
  ['anthropic-compatible', { protocol: 'anthropic', baseUrl: null }],
  ['openai-compatible', { protocol: 'openai-chat', baseUrl: null }],
  ['openrouter', { protocol: 'openai-chat', baseUrl: 'https://openrouter.ai/api/v1' }],
  ['kilo', { protocol: 'openai-chat', baseUrl: 'https://api.kilo.ai/api/gateway' }],
  ['alibaba-coding-plan', { protocol: 'openai-chat', baseUrl: 'https://coding-intl.dashscope.aliyuncs.com/v1' }]
])

const mappings = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
/** Older versions keep address and models together in `custom_endpoint`, and wrap the models up. */
const wrapped = z.looseObject({ endpoint: z.string().optional(), modelMappings: mappings.optional() })

function parsed(written: string): unknown {
  if (!written.startsWith('{')) return undefined
  try {
    return parseJson(written)
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined
    throw error
  }
}

/** Its key is a part of the name that was asked for (`opus`), or the whole; of several targets the first. */
function modelMap(said: z.infer<typeof mappings>): Record<string, string> {
  const pairs = Object.entries(said).flatMap(([asked, sent]) => {
    const first = typeof sent === 'string' ? sent : sent[0]
    const glob = /^(?:opus|sonnet|haiku|fable)$/i.test(asked) ? `*${asked.toLowerCase()}*` : asked
    return first === undefined || first === '' || asked === '' ? [] : [[glob, first] as const]
  })
  return Object.fromEntries(pairs)
}

/** Accounts that are keys had theirs in the second column first; of Anthropic's own, that one holds a login. */
const keyOf = ({ api_key, provider, refresh_token }: Row): string =>
  api_key === '' && provider !== 'anthropic' ? refresh_token : api_key

/** Its own address, or its provider's; '' where it has neither. */
function addressOf({ custom_endpoint }: Row, { baseUrl }: Provider): string {
  const old = wrapped.safeParse(parsed(custom_endpoint)).data
  const given = old === undefined ? custom_endpoint : (old.endpoint?.trim() ?? '')
  return given === '' ? (baseUrl ?? '') : given
}

function mappingsOf({ custom_endpoint, model_mappings }: Row): z.infer<typeof mappings> {
  const own = parsed(model_mappings)
  const ofOwn = wrapped.safeParse(own).data?.modelMappings ?? mappings.safeParse(own).data
  return ofOwn ?? wrapped.safeParse(parsed(custom_endpoint)).data?.modelMappings ?? {}
}

function readRow(value: unknown, index: number, from: string): Reading {
  const checked = row.safeParse(value)
  const lost = (what: NotCarried['what'], why: Phrase): Reading => ({ accounts: [], notCarried: [{ from, what, why }] })
  if (!checked.success)
    return lost(
      phrase('row', { table: 'accounts', number: String(index + 1) }),
      phrase('not_a_row', { program: 'ccflare' })
    )
  const { name, paused, priority, provider: kind } = checked.data
  const provider = PROVIDERS.get(kind)
  if (provider === undefined) return lost(name, phrase('login_or_protocol', { name: kind }))
  const key = keyOf(checked.data)
  if (key === '' && kind === 'anthropic') return lost(name, phrase('login_of_claude'))
  const baseUrl = addressOf(checked.data, provider)
  if (baseUrl === '') return lost(name, phrase('no_address'))
  const account = foundAccount({
    ...{ name, protocol: provider.protocol, baseUrl, priority, from, place: `accounts: ${name}` },
    modelMap: modelMap(mappingsOf(checked.data)),
    credential: key === '' ? null : { value: key, variable: null },
    enabled: paused !== 1
  })
  return { accounts: [account], notCarried: [] }
}

function readFile(source: SourceFile): Reading {
  if (source.kind === 'text') throw new UnreadableFile(phrase('file_not_database_of', { program: 'ccflare' }))
  const rows = source.database.rows('accounts', COLUMNS)
  if (rows === null) throw new UnreadableFile(phrase('file_without_table', { table: 'accounts' }))
  return joinReadings(rows.map((value, index) => readRow(value, index, source.path)))
}

/** ccflare's accounts that are keys, in the order that it uses them; a login is never taken. */
export const read = (files: readonly SourceFile[], _variables: Variables): Reading => joinReadings(files.map(readFile))
