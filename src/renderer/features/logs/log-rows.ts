import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { LogFilter } from '../../../shared/log-filter'
import type { RequestRow } from '../../../shared/request-log'

export const PAGE_ROWS = 200
/** Pages that are read to close a gap; a longer one leaves the rows below it. */
const MOST_PAGES = 5

/** The part of a call that says which rows are meant. */
export const filterPart = (filter: LogFilter): { filter?: LogFilter } =>
  Object.keys(filter).length === 0 ? {} : { filter }

/** Both lists as one by time of arrival, the newest first, each request once. */
export function merged(more: readonly RequestRow[], rows: readonly RequestRow[]): readonly RequestRow[] {
  const byId = new Map([...rows, ...more].map((row) => [row.id, row]))
  return [...byId.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
}

export interface NewestRows {
  readonly rows: readonly RequestRow[]
  /** There are more of them below. */
  readonly more: boolean
}

/** The newest rows that the filter takes, some pages at most; null when they are no longer asked for. */
export async function readNewest(
  api: RoutexApi,
  filter: LogFilter,
  isAskedFor: () => boolean
): Promise<NewestRows | null> {
  let rows: readonly RequestRow[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const place = cursor === null ? {} : { cursor }
    const page: CallResult<'logs.query'> = await api.call('logs.query', {
      limit: PAGE_ROWS,
      ...place,
      ...filterPart(filter)
    })
    if (!isAskedFor()) return null
    rows = [...rows, ...page.rows]
    cursor = page.nextCursor
    if (cursor === null) break
  }
  return { rows, more: cursor !== null }
}
