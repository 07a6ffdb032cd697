import { z } from 'zod'
import { phrase } from '../../../shared/phrase'
import {
  joinReadings,
  type FoundAccount,
  type NotCarried,
  type Reading,
  type SourceFile,
  type Variables
} from '../importer'
import { parseJson } from '../parse-text'
import { readDump } from '../sql-dump'
import { UnreadableFile } from '../unreadable-file'
import { readMeta, readProvider } from './provider'
import { withTerms } from './terms'

/**
 * The table `providers` of farion1231/cc-switch (src-tauri/src/database/schema.rs): one row for each provider and program,
 * its settings as JSON. Older versions have fewer columns.
 */
const COLUMNS = [
  'id',
  'app_type',
  'name',
  'settings_config',
  'category',
  'meta',
  'is_current',
  'in_failover_queue',
  'cost_multiplier',
  'limit_daily_usd',
  'limit_monthly_usd'
] as const
/** Further addresses of a provider, among which cc-switch chooses. */
const ENDPOINTS = ['provider_id', 'app_type', 'url'] as const
const endpoint = z.object({ provider_id: z.string(), app_type: z.string(), url: z.string() })

const flag = z
  .union([z.number(), z.string(), z.boolean(), z.null()])
  .transform((value) => value === true || Number(value) === 1)
const row = z.looseObject({
  id: z.string(),
  app_type: z.string(),
  name: z.string(),
  settings_config: z.string(),
  category: z.string().nullish(),
  meta: z.string().nullish(),
  is_current: flag.catch(false),
  in_failover_queue: flag.catch(false)
})
type Row = z.infer<typeof row>

const MAX_ROWS = 1000
/** A dump of its database has them; without them the file is of something else. */
const DUMP = /\bINSERT\s+INTO\s+["`]?providers\b/i
/** The first line of its own export (backup.rs), which may have no provider. */
const HEADER = /^\uFEFF?\s*-- CC Switch SQLite/

interface Rows {
  readonly rows: readonly unknown[]
  readonly endpoints: readonly unknown[]
  readonly notCarried: readonly NotCarried[]
}

interface RowPlace {
  readonly endpoints: readonly unknown[]
  readonly from: string
}

function rowsOfText(text: string, from: string): Rows {
  if (!HEADER.test(text) && !DUMP.test(text)) throw new UnreadableFile(phrase('file_not_sql_export'))
  const { rows, unread, withoutColumns } = readDump(text, new Set(['providers']), MAX_ROWS)
  const told = [
    { count: withoutColumns, why: phrase('insert_without_columns') },
    { count: unread, why: phrase('insert_not_plain') }
  ]
  return {
    rows: rows.map(({ values }) => values),
    endpoints: readDump(text, new Set(['provider_endpoints']), MAX_ROWS).rows.map(({ values }) => values),
    notCarried: told.flatMap(({ count, why }) =>
      count === 0 ? [] : [{ from, what: `INSERT INTO providers (${count})`, why }]
    )
  }
}

function rowsOf(source: SourceFile): Rows {
  if (source.kind === 'text') return rowsOfText(source.text, source.path)
  const rows = source.database.rows('providers', COLUMNS)
  if (rows === null) throw new UnreadableFile(phrase('file_without_table', { table: 'providers' }))
  return { rows, endpoints: source.database.rows('provider_endpoints', ENDPOINTS) ?? [], notCarried: [] }
}

/** cc-switch uses one provider of a program at a time; the others would take a share of the work that nobody gave them. */
const shareOf = ({
  in_failover_queue: isNext,
  is_current: isCurrent
}: Row): Pick<FoundAccount, 'enabled' | 'priority'> => ({
  enabled: isCurrent || isNext,
  priority: isCurrent ? 50 : 60
})

function parsed(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text.trim() === '') return undefined
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined
    throw error
  }
}

const asRecord = z.record(z.string(), z.unknown()).catch({})

const urlsOf = (endpoints: readonly unknown[], { app_type: app, id }: Row): readonly string[] =>
  endpoints.flatMap((value) => {
    const one = endpoint.safeParse(value).data
    return one?.provider_id === id && one.app_type === app ? [one.url] : []
  })

function readRow(value: unknown, index: number, { endpoints, from }: RowPlace, variables: Variables): Reading {
  const checked = row.safeParse(value)
  if (!checked.success) {
    return {
      accounts: [],
      notCarried: [
        {
          from,
          what: phrase('row', { table: 'providers', number: String(index + 1) }),
          why: phrase('not_a_row', { program: 'cc-switch' })
        }
      ]
    }
  }
  const { app_type: app, category, id, meta, name, settings_config: settings } = checked.data
  const place = { from, name: name.trim() === '' ? id : name, place: `${app}: ${id}` }
  const said = parsed(meta)
  const reading = readProvider(app, parsed(settings), readMeta(said), variables, place)
  if (reading.accounts.length === 0 && reading.notCarried.length === 0) {
    const why = phrase(category === 'official' ? 'login_of_vendor' : 'no_address_or_key')
    return { accounts: [], notCarried: [{ from, what: `${place.name} (${app})`, why }] }
  }
  const share = shareOf(checked.data)
  const full = withTerms(reading, checked.data, asRecord.parse(said), urlsOf(endpoints, checked.data), place)
  return { ...full, accounts: full.accounts.map((one) => ({ ...one, ...share })) }
}

/** cc-switch's providers, from its database or its SQL export: enabled are those in use or next in line. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(
    files.flatMap((source) => {
      const { endpoints, notCarried, rows } = rowsOf(source)
      const read = rows.map((value, index) => readRow(value, index, { endpoints, from: source.path }, variables))
      return [...read, { accounts: [], notCarried }]
    })
  )
