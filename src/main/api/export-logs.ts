import type { LogExport } from '../../shared/contract'
import type { RequestRow } from '../../shared/request-log'
import type { ApiDependencies } from './dependencies'
import type { TextStream } from './api'

/** The most that one query gives. */
const PAGE_ROWS = 500

type Cell = string | number | boolean | null

/** The columns of a CSV export, in their order. Nested attempts and exclusions are in JSON lines only. */
const COLUMNS: Readonly<Record<string, (row: RequestRow) => Cell>> = {
  id: (row) => row.id,
  at: (row) => new Date(row.at).toISOString(),
  method: (row) => row.method,
  path: (row) => row.path,
  protocol: (row) => row.protocol,
  operation: (row) => row.operation,
  client_key: (row) => row.clientKeyName,
  client: (row) => row.client,
  session: (row) => row.sessionId,
  model: (row) => row.model,
  stream: (row) => row.stream,
  channel: (row) => row.channelName,
  sent_model: (row) => row.sentModel,
  status: (row) => row.status,
  outcome: (row) => row.outcome,
  error_code: (row) => row.errorCode,
  error_message: (row) => row.errorMessage,
  attempts: (row) => row.attempts.length,
  total_ms: (row) => row.totalMs,
  first_byte_ms: (row) => row.firstByteMs,
  own_ms: (row) => row.ownMs,
  request_bytes: (row) => row.requestBytes,
  response_bytes: (row) => row.responseBytes,
  input_tokens: (row) => row.usage?.input ?? null,
  cache_read_tokens: (row) => row.usage?.cacheRead ?? null,
  cache_write_tokens: (row) => row.usage?.cacheWrite ?? null,
  output_tokens: (row) => row.usage?.output ?? null,
  reasoning_tokens: (row) => row.usage?.reasoning ?? null,
  cost_usd: (row) => row.costUsd,
  price_source: (row) => row.priceSource,
  demo: (row) => row.demo
}

/**
 * RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection): model
 * names, paths and messages come from outside. Unknown is an empty cell.
 */
function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const csvHead = `${Object.keys(COLUMNS).join(',')}\r\n`
const csvLine = (row: RequestRow): string =>
  `${Object.values(COLUMNS)
    .map((read) => csvCell(read(row)))
    .join(',')}\r\n`
const jsonLine = (row: RequestRow): string => `${JSON.stringify(row)}\n`

async function* pages(
  logs: ApiDependencies['logs'],
  filter: LogExport['filter']
): AsyncGenerator<readonly RequestRow[]> {
  let cursor: string | undefined
  do {
    const page = await logs.query({ limit: PAGE_ROWS, cursor, filter })
    yield page.rows
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

async function* write(logs: ApiDependencies['logs'], { format, filter }: LogExport): AsyncGenerator<string> {
  if (format === 'csv') yield csvHead
  const line = format === 'csv' ? csvLine : jsonLine
  for await (const rows of pages(logs, filter)) if (rows.length > 0) yield rows.map(line).join('')
}

/** All rows that match, newest first, page by page, so that any number of them takes little memory. */
export function exportLogs(logs: ApiDependencies['logs'], args: LogExport): TextStream {
  return {
    contentType: args.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
    fileName: `routex-requests.${args.format}`,
    chunks: write(logs, args)
  }
}
