import type { LogFilter } from '../../../shared/log-filter'
import type { RequestId } from '../../../shared/ids'
import type { RequestRow } from '../../../shared/request-log'
import type { SqlValue } from '../counted-database'
import { StorageError } from '../errors'
import type { LogCount } from '../ports'
import type { RequestRows } from './request-rows'

export interface LogPageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly filter?: LogFilter | undefined
}

export interface LogPage {
  readonly rows: readonly RequestRow[]
  readonly nextCursor: string | null
}

/** Rows that are counted at most: more are only told to be there. */
const MAX_COUNT = 100_000

interface Condition {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

const MAX_LIMIT = 500

const encodeCursor = (at: number, seq: number): string => Buffer.from(`${at} ${seq}`).toString('base64url')

/** The rows behind the one that the cursor names. A page is found by its key, never counted off, however deep it lies. */
function behindCursor(cursor: string): Condition {
  const [at, seq, ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ').map(Number)
  if (at === undefined || seq === undefined || more.length > 0 || !Number.isFinite(at) || !Number.isSafeInteger(seq)) {
    throw new StorageError('bad_cursor', 'the cursor is not one that a query has given')
  }
  return { sql: '(at, seq) < (?, ?)', parameters: [at, seq] }
}

/** Text for LIKE … ESCAPE '\': its wildcards stand for themselves. */
const likeText = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`

function conditionsOf(filter: LogFilter): readonly Condition[] {
  const conditions: Condition[] = []
  const add = (sql: string, value: SqlValue | undefined): void => {
    if (value !== undefined) conditions.push({ sql, parameters: [value] })
  }
  const addPart = (column: 'model' | 'client', part: string | undefined): void => {
    if (part !== undefined) conditions.push({ sql: `${column} LIKE ? ESCAPE '\\'`, parameters: [likeText(part)] })
  }
  add('at >= ?', filter.from)
  add('at < ?', filter.to)
  add('status >= ?', filter.statusMin)
  add('status <= ?', filter.statusMax)
  add('channel_id = ?', filter.channelId)
  add('channel_name = ? COLLATE NOCASE', filter.channelName)
  add('client_key_id = ?', filter.clientKeyId)
  addPart('model', filter.model)
  addPart('client', filter.client)
  add('session_id = ?', filter.sessionId)
  add('protocol = ?', filter.protocol)
  if (filter.outcome) {
    conditions.push({ sql: `outcome IN (${filter.outcome.map(() => '?').join(', ')})`, parameters: filter.outcome })
  }
  if (filter.text !== undefined && filter.text !== '') {
    const like = likeText(filter.text)
    conditions.push({
      sql: `(error_message LIKE ? ESCAPE '\\' OR error_code LIKE ? ESCAPE '\\')`,
      parameters: [like, like]
    })
  }
  return conditions
}

const whereOf = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`

const parametersOf = (conditions: readonly Condition[]): readonly SqlValue[] =>
  conditions.flatMap(({ parameters }) => parameters)

/**
 * One page, newest first. `from` is inclusive, `to` is not. An empty list of outcomes matches nothing.
 *
 * @throws StorageError `bad_cursor`
 */
export function queryPage(table: RequestRows, query: LogPageQuery): LogPage {
  const limit = Math.max(1, Math.min(MAX_LIMIT, query.limit))
  const conditions = [...conditionsOf(query.filter ?? {})]
  if (query.cursor !== undefined) conditions.push(behindCursor(query.cursor))
  const found = table.select(`${whereOf(conditions)} ORDER BY at DESC, seq DESC LIMIT ?`, [
    ...parametersOf(conditions),
    limit + 1 // one more, to know whether there is a next page
  ])
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map(({ row }) => row),
    nextCursor: found.length > limit && last ? encodeCursor(last.row.at, last.seq) : null
  }
}

/** How many rows match, up to 100,000: beyond it is not worth the reading. */
export function countRows(table: RequestRows, filter: LogFilter): LogCount {
  const conditions = conditionsOf(filter)
  const found = table.count(`${whereOf(conditions)} LIMIT ?`, [...parametersOf(conditions), MAX_COUNT + 1])
  return { rows: Math.min(found, MAX_COUNT), more: found > MAX_COUNT }
}

export function findRequest(table: RequestRows, id: RequestId): RequestRow | undefined {
  return table.select('WHERE id = ?', [id])[0]?.row
}
