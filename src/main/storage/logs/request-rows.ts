import type { RequestRecord, RequestRow } from '../../../shared/request-log'
import type { TokenUsage } from '../../../shared/usage'
import type { CountedDatabase, CountedStatement, SqlValue } from '../counted-database'
import type { Cost } from './prices'
import { decodeAttempts, decodeExclusions, encodeAttempts, encodeExclusions } from './record-codec'
import { isChannelId, isClientKeyId, isOutcome, isProtocol, isRequestId, isText, Values } from './values'

/** Columns in the order in which both functions below name them. */
const COLUMNS = [
  ...['id', 'at', 'method', 'path', 'protocol', 'operation', 'client_key_id', 'client_key_name', 'client'],
  ...[
    'session_id',
    'model',
    'stream',
    'channel_id',
    'channel_name',
    'upstream_host',
    'sent_model',
    'status',
    'outcome'
  ],
  ...['error_code', 'error_message', 'total_ms', 'first_byte_ms', 'own_ms', 'request_bytes', 'response_bytes'],
  ...['input', 'cache_read', 'cache_write', 'cache_write_1h', 'output', 'reasoning', 'raw_usage'],
  ...['attempts', 'excluded', 'demo', 'cost_usd', 'price_source', 'channel_protocol', 'warnings']
].join(', ')
const PLACES = COLUMNS.replaceAll(/\w+/g, '?')

const tokensOf = (usage: TokenUsage | null): readonly SqlValue[] =>
  usage === null
    ? [null, null, null, null, null, null]
    : [usage.input, usage.cacheRead, usage.cacheWrite, usage.cacheWrite1h, usage.output, usage.reasoning]

function toColumns(record: RequestRecord, cost: Cost | null): SqlValue[] {
  return [
    record.id,
    record.at,
    record.method,
    record.path,
    record.protocol,
    record.operation,
    record.clientKeyId,
    record.clientKeyName,
    record.client,
    record.sessionId,
    record.model,
    record.stream ? 1 : 0,
    record.channelId,
    record.channelName,
    record.upstreamHost,
    record.sentModel,
    record.status,
    record.outcome,
    record.errorCode,
    record.errorMessage,
    record.totalMs,
    record.firstByteMs,
    record.ownMs,
    record.requestBytes,
    record.responseBytes,
    ...tokensOf(record.usage),
    record.rawUsage,
    JSON.stringify(encodeAttempts(record.attempts)),
    JSON.stringify(encodeExclusions(record.excluded)),
    record.demo ? 1 : 0,
    cost?.usd ?? null,
    cost?.source ?? null,
    record.channelProtocol,
    record.warnings
  ]
}

function usageFrom(values: Values): TokenUsage | null {
  const [input, cacheRead, cacheWrite] = [values.numberOrNull(), values.numberOrNull(), values.numberOrNull()]
  const [cacheWrite1h, output, reasoning] = [values.numberOrNull(), values.numberOrNull(), values.numberOrNull()]
  if (input === null) return null
  return {
    input,
    cacheRead: cacheRead ?? 0,
    cacheWrite: cacheWrite ?? 0,
    cacheWrite1h: cacheWrite1h ?? 0,
    output: output ?? 0,
    reasoning: reasoning ?? 0
  }
}

function fromColumns(values: Values): RequestRow {
  return {
    id: values.text(isRequestId),
    at: values.number(),
    method: values.text(isText),
    path: values.text(isText),
    protocol: values.textOrNull(isProtocol),
    operation: values.textOrNull(isText),
    clientKeyId: values.textOrNull(isClientKeyId),
    clientKeyName: values.textOrNull(isText),
    client: values.textOrNull(isText),
    sessionId: values.textOrNull(isText),
    model: values.textOrNull(isText),
    stream: values.number() === 1,
    channelId: values.textOrNull(isChannelId),
    channelName: values.textOrNull(isText),
    upstreamHost: values.textOrNull(isText),
    sentModel: values.textOrNull(isText),
    status: values.number(),
    outcome: values.text(isOutcome),
    errorCode: values.textOrNull(isText),
    errorMessage: values.textOrNull(isText),
    totalMs: values.number(),
    firstByteMs: values.numberOrNull(),
    ownMs: values.number(),
    requestBytes: values.number(),
    responseBytes: values.number(),
    usage: usageFrom(values),
    rawUsage: values.textOrNull(isText),
    attempts: decodeAttempts(values.text(isText)),
    excluded: decodeExclusions(values.text(isText)),
    demo: values.number() === 1,
    costUsd: values.numberOrNull(),
    priceSource: values.textOrNull(isText),
    channelProtocol: values.textOrNull(isProtocol),
    warnings: values.textOrNull(isText)
  }
}

/** A row with its place in the table, which breaks ties between requests of one millisecond. */
export interface PlacedRow {
  readonly seq: number
  readonly row: RequestRow
}

/** The table of requests: one row each, kept apart from the question which rows are asked for. */
export class RequestRows {
  readonly #database: CountedDatabase
  readonly #insert: CountedStatement<SqlValue[], unknown>

  constructor(database: CountedDatabase) {
    this.#database = database
    this.#insert = database.prepare(`INSERT INTO requests (${COLUMNS}) VALUES (${PLACES})`)
  }

  /** @throws SqliteError SQLITE_CONSTRAINT for an id that is there already, or a value of the wrong kind */
  insert(record: RequestRecord, cost: Cost | null): void {
    this.#insert.run(...toColumns(record, cost))
  }

  /** How many rows `rest` selects; its `LIMIT` bounds what is read. */
  count(rest: string, parameters: readonly SqlValue[]): number {
    const found = this.#database
      .prepareRaw<SqlValue[]>(`SELECT count(*) FROM (SELECT 1 FROM requests ${rest})`)
      .get(...parameters)
    return new Values(found).number()
  }

  /** @param rest what stands behind FROM requests; `parameters` are its values */
  select(rest: string, parameters: readonly SqlValue[]): PlacedRow[] {
    const rows = this.#database
      .prepareRaw<SqlValue[]>(`SELECT seq, ${COLUMNS} FROM requests ${rest}`)
      .all(...parameters)
    return rows.map((columns) => {
      const values = new Values(columns)
      return { seq: values.number(), row: fromColumns(values) }
    })
  }
}
