import type { LogFilter } from '../../../shared/log-filter'
import type { RequestRow } from '../../../shared/request-log'

const has = (whole: string | null, part: string | undefined): boolean =>
  part === undefined || whole?.toLowerCase().includes(part.toLowerCase()) === true

const is = <T>(value: T, wanted: T | undefined): boolean => wanted === undefined || value === wanted

type Check = (row: RequestRow, filter: LogFilter) => boolean

/** The same questions as `logs.query` asks the database, one a field of the filter. */
const checks: Readonly<Record<keyof Required<LogFilter>, Check>> = {
  from: ({ at }, { from = -Infinity }) => at >= from,
  to: ({ at }, { to = Infinity }) => at < to,
  outcome: ({ outcome }, filter) => filter.outcome === undefined || filter.outcome.includes(outcome),
  statusMin: ({ status }, { statusMin = 0 }) => status >= statusMin,
  statusMax: ({ status }, { statusMax = Infinity }) => status <= statusMax,
  channelId: ({ channelId }, filter) => is<string | null>(channelId, filter.channelId),
  channelName: ({ channelName }, filter) => is(channelName?.toLowerCase(), filter.channelName?.toLowerCase()),
  clientKeyId: ({ clientKeyId }, filter) => is<string | null>(clientKeyId, filter.clientKeyId),
  model: ({ model }, filter) => has(model, filter.model),
  client: ({ client }, filter) => has(client, filter.client),
  sessionId: ({ sessionId }, filter) => is<string | null>(sessionId, filter.sessionId),
  protocol: ({ protocol }, filter) => is<string | null>(protocol, filter.protocol),
  text: ({ errorMessage, errorCode }, { text }) => has(errorMessage, text) || has(errorCode, text)
}

/** Whether a row that comes in live is one that the filter asks for. */
export function matchesFilter(row: RequestRow, filter: LogFilter): boolean {
  return Object.values(checks).every((check) => check(row, filter))
}
