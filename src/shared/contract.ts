import { z } from 'zod'
import { channelInput, channelPatch, channelView } from './channel'
import { clientKeyInput, clientKeyView } from './client-key'
import { channelId, clientKeyId, requestId } from './ids'
import { PROTOCOLS } from './protocol'
import { outcome, requestRow } from './request-log'
import { settings, settingsPatch } from './settings'

/** One call of the management API: validated on the main side for IPC and HTTP alike. */
interface Call<P extends z.ZodType, R extends z.ZodType> {
  readonly params: P
  readonly result: R
  /** One sentence for the generated reference. */
  readonly summary: string
}
const call = <P extends z.ZodType, R extends z.ZodType>(summary: string, params: P, result: R): Call<P, R> => ({
  params,
  result,
  summary
})

const nothing = z.strictObject({})
const done = z.object({ ok: z.literal(true) })

const healthState = z.enum(['closed', 'open', 'half-open', 'cooling', 'auth_failed'])
export type HealthState = z.infer<typeof healthState>

export const channelHealthView = z.object({
  id: channelId,
  name: z.string(),
  slug: z.string(),
  enabled: z.boolean(),
  state: healthState,
  cause: z.string().optional(),
  /** ms since 1970 when the state ends by itself. */
  until: z.number().optional(),
  /** Consecutive failures. */
  failures: z.int(),
  inFlight: z.int(),
  /** (channel, model) pairs that the upstream does not have, with their end. */
  missingModels: z.array(z.object({ model: z.string(), until: z.number() }))
})
export type ChannelHealthView = z.infer<typeof channelHealthView>

const testStep = z.object({
  step: z.enum(['connect', 'auth', 'request', 'stream']),
  ok: z.boolean(),
  ms: z.number(),
  /** Two lines at most: what, and what to do. */
  error: z.string().nullable()
})

export const logFilter = z.strictObject({
  from: z.number().optional(),
  to: z.number().optional(),
  outcome: z.array(outcome).optional(),
  statusMin: z.int().optional(),
  statusMax: z.int().optional(),
  channelId: channelId.optional(),
  clientKeyId: clientKeyId.optional(),
  model: z.string().optional(),
  client: z.string().optional(),
  sessionId: z.string().optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  /** Part of the error's message or code. */
  text: z.string().max(200).optional()
})
export type LogFilter = z.infer<typeof logFilter>

const period = z.strictObject({ from: z.number(), to: z.number() })

/** Totals of a period. Demo rows are left out. Unknown is null, never 0 (B31, B32). */
export const overview = z.object({
  requests: z.int(),
  errors: z.int(),
  tokens: z.object({
    input: z.int(),
    cacheRead: z.int(),
    cacheWrite: z.int(),
    output: z.int(),
    reasoning: z.int()
  }),
  /** Requests whose usage the upstream did not send. */
  usageUnknown: z.int(),
  /** Sum of the known costs; null when none is known. */
  costUsd: z.number().nullable(),
  /** Requests whose cost is not known. */
  costUnknown: z.int(),
  /** cacheRead / prompt; null without a prompt token. */
  cacheHitRate: z.number().nullable(),
  totalMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() }),
  firstByteMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() })
})
export type Overview = z.infer<typeof overview>

const bucket = overview.extend({
  at: z.number(),
  /** What it is grouped by; null for the whole. */
  group: z.string().nullable()
})

const queryCacheStats = z.object({
  name: z.string(),
  hits: z.int(),
  misses: z.int(),
  hitRate: z.number().nullable(),
  entries: z.int(),
  ageMs: z.number().nullable(),
  ttlMs: z.number(),
  queryMs: z.object({ p50: z.number().nullable(), p99: z.number().nullable() })
})
export type QueryCacheStats = z.infer<typeof queryCacheStats>

export const affinityStats = z.object({
  size: z.int(),
  limit: z.int(),
  usedPercent: z.number(),
  hits: z.int(),
  misses: z.int(),
  repins: z.int(),
  evictions: z.int(),
  expiries: z.int(),
  /** ms since 1970; null when empty. */
  oldest: z.number().nullable(),
  newest: z.number().nullable()
})
export type AffinityStats = z.infer<typeof affinityStats>

export const sessionView = z.object({
  /** Opaque; what `sessions.clear` takes. */
  key: z.string(),
  sessionId: z.string(),
  clientKeyId: clientKeyId.nullable(),
  model: z.string(),
  channelId,
  createdAt: z.number(),
  lastUsedAt: z.number(),
  requests: z.int()
})
export type SessionView = z.infer<typeof sessionView>

export const writerStats = z.object({
  /** Rows that are in the journal and not yet committed, and those waiting in memory because the append failed. */
  queued: z.int(),
  waitingInMemory: z.int(),
  dropped: z.int(),
  rowsWritten: z.int(),
  flushes: z.int(),
  lastBatchRows: z.int(),
  lastFlushMs: z.number().nullable(),
  rowsPerSecond: z.number(),
  badRecords: z.int(),
  journalBytes: z.int(),
  /** SQL statements and transactions the worker has run since the start. */
  statements: z.int(),
  transactions: z.int(),
  databaseBytes: z.object({ config: z.int(), logs: z.int() }),
  /** What last went wrong (disk full…); null when all is well. */
  lastError: z.string().nullable(),
  /** The new name of a damaged logs.db that was set aside at this start; null when there was none. */
  setAside: z.string().nullable()
})
export type WriterStats = z.infer<typeof writerStats>

export const gatewayStatus = z.object({
  state: z.enum(['on', 'paused', 'off']),
  /** null while off. */
  url: z.string().nullable(),
  version: z.string(),
  startedAt: z.number(),
  /** The error of the config file that was last refused; null when it is good or there is none. */
  configError: z.string().nullable(),
  /** Where credentials rest: the OS keychain or a key file in the data folder. */
  secretStore: z.enum(['keychain', 'key-file']),
  inFlight: z.int()
})
export type GatewayStatus = z.infer<typeof gatewayStatus>

/** Every call: name → params schema, result schema (design.md, the management API). */
export const calls = {
  'gateway.status': call('What the gateway is doing.', nothing, gatewayStatus),
  'gateway.setState': call(
    'Turns it on, pauses it (503, the port is kept) or turns it off (the port is closed; desktop only).',
    z.strictObject({ state: z.enum(['on', 'paused', 'off']) }),
    gatewayStatus
  ),
  'channels.list': call('All channels.', nothing, z.object({ channels: z.array(channelView) })),
  'channels.get': call('One channel.', z.strictObject({ id: channelId }), channelView),
  'channels.create': call('Adds a channel.', channelInput, channelView),
  'channels.update': call(
    'Changes what is given. 409 for one that the config file manages.',
    z.strictObject({ id: channelId, change: channelPatch }),
    channelView
  ),
  'channels.delete': call('Deletes a channel and its credential.', z.strictObject({ id: channelId }), done),
  'channels.test': call(
    'Tries a saved channel: connect, auth, a one-token request, the same streamed.',
    z.strictObject({ id: channelId, model: z.string().min(1).optional() }),
    z.object({ ok: z.boolean(), model: z.string().nullable(), steps: z.array(testStep) })
  ),
  'channels.clearHealth': call(
    'Ends cooldown, open breaker, auth failure and missing models now.',
    z.strictObject({ id: channelId }),
    channelHealthView
  ),
  'settings.get': call(
    'Settings in force, and which of them the config file manages.',
    nothing,
    z.object({ settings, managed: z.array(z.string()) })
  ),
  'settings.update': call(
    'Changes what is given. 409 for a setting that the config file manages.',
    settingsPatch,
    z.object({ settings, managed: z.array(z.string()), restartNeeded: z.boolean() })
  ),
  'clientKeys.list': call('All client keys, without their text.', nothing, z.object({ keys: z.array(clientKeyView) })),
  'clientKeys.create': call(
    'Makes a key. The only answer that carries its text.',
    clientKeyInput,
    z.object({ key: clientKeyView, secret: z.string() })
  ),
  'clientKeys.revoke': call('Ends a key at once.', z.strictObject({ id: clientKeyId }), done),
  'stats.overview': call('Totals of a period.', period, overview),
  'stats.timeseries': call(
    'Totals in buckets, from rollups.',
    period.extend({
      bucket: z.enum(['minute', 'hour', 'day']),
      groupBy: z.enum(['channel', 'model', 'clientKey']).optional()
    }),
    z.object({ buckets: z.array(bucket) })
  ),
  'stats.cache': call('The query cache by name.', nothing, z.object({ queries: z.array(queryCacheStats) })),
  'stats.sessions': call('Figures of the session cache.', nothing, affinityStats),
  'stats.writer': call('The log writer and its journal.', nothing, writerStats),
  'stats.health': call('Health of every channel.', nothing, z.object({ channels: z.array(channelHealthView) })),
  'cache.clear': call('Clears the query cache.', nothing, done),
  'sessions.list': call(
    'Live bindings, most recently used first.',
    z.strictObject({ limit: z.int().min(1).max(500).default(100) }),
    z.object({ sessions: z.array(sessionView), total: z.int() })
  ),
  'sessions.clear': call(
    'Unpins one session, or all.',
    z.strictObject({ key: z.string().optional() }),
    z.object({ cleared: z.int() })
  ),
  'logs.query': call(
    'Request rows, newest first, by key. Sees every request that ended before the call.',
    z.strictObject({
      limit: z.int().min(1).max(500).default(100),
      cursor: z.string().optional(),
      filter: logFilter.optional()
    }),
    z.object({ rows: z.array(requestRow), nextCursor: z.string().nullable() })
  ),
  'logs.get': call('One request row.', z.strictObject({ id: requestId }), requestRow),
  'config.export': call(
    'Channels, settings and the names of keys, as a config file without secrets.',
    nothing,
    z.object({ config: z.record(z.string(), z.unknown()) })
  ),
  'config.import': call(
    'Adds the channels of an exported config; those whose name is taken are skipped and named.',
    z.strictObject({ config: z.record(z.string(), z.unknown()) }),
    z.object({ added: z.array(z.string()), skipped: z.array(z.object({ name: z.string(), reason: z.string() })) })
  )
} as const
export type CallName = keyof typeof calls
export type CallParams<N extends CallName> = z.input<(typeof calls)[N]['params']>
export type CallResult<N extends CallName> = z.output<(typeof calls)[N]['result']>

/** Calls whose answer is a stream of bytes: only over HTTP (`POST /api/<name>`); the desktop writes it to a file. */
export const streamCalls = {
  'logs.export': {
    summary: 'All rows that match, as JSON lines or CSV, streamed.',
    params: z.strictObject({ format: z.enum(['jsonl', 'csv']), filter: logFilter.optional() })
  }
} as const
export type StreamCallName = keyof typeof streamCalls
export type LogExport = z.output<(typeof streamCalls)['logs.export']['params']>

/** Every event: name → payload schema. */
export const events = {
  /** After the row was committed, so with its cost; batches, at most 4 a second. */
  'request.finished': z.object({ rows: z.array(requestRow) }),
  'channel.changed': z.object({ id: channelId.nullable() }),
  'health.changed': channelHealthView,
  /** Once a second while something flows. */
  'stats.tick': z.object({ inFlight: z.int(), requestsPerSecond: z.number(), errorsPerSecond: z.number() }),
  'gateway.changed': gatewayStatus
} as const
export type EventName = keyof typeof events
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>

/** What the API answers instead of a result; over HTTP with the status that belongs to the code. */
export const apiErrorBody = z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() })
export type ApiErrorBody = z.infer<typeof apiErrorBody>

/** What the page can do, over IPC or HTTP alike. */
export interface RoutexApi {
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}
