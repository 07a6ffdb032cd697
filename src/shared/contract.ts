import { z } from 'zod'
import { pendingImport } from './backups'
import { call, done, nothing } from './call'
import { channelInput, channelPatch, channelView } from './channel'
import { channelTestResult, testId, testStep } from './channel-test'
import { clientCalls } from './client-calls'
import { clientId } from './clients'
import { clientKeyInput, clientKeyPatch, clientKeyView } from './client-key'
import { configCalls } from './config-calls'
import { gatewayStatus, inFlightList } from './gateway-status'
import { channelHealthView, healthChange } from './health'
import { channelId, clientKeyId, requestId } from './ids'
import { budgetStandings, limitCalls } from './limit-calls'
import { logFilter } from './log-filter'
import { PROTOCOLS } from './protocol'
import { requestRow } from './request-log'
import { affinityStats, sessionView } from './sessions'
import { settings, settingsPatch } from './settings'
import { overview, period, processStats, queryCacheStats, timeBucket, writerStats } from './stats'
import { updateStatus } from './updates'

const ofChannel = z.strictObject({ id: channelId })
const ofChannels = z.strictObject({ ids: z.array(channelId).min(1).max(10_000) })
const channelList = z.object({ channels: z.array(channelView) })
const settingsInForce = z.object({ settings, managed: z.array(z.string()) })

/** Every call: name → params schema, result schema (design.md, the management API). */
export const calls = {
  'gateway.status': call('What the gateway is doing.', nothing, gatewayStatus),
  'gateway.setState': call(
    'Turns it on, pauses it (503, the port is kept) or turns it off (the port is closed; desktop only).',
    z.strictObject({
      state: z.enum(['on', 'paused', 'off']),
      /** Of a pause: ends it by itself. */
      minutes: z
        .int()
        .min(1)
        .max(24 * 60)
        .optional()
    }),
    gatewayStatus
  ),
  'gateway.inFlight': call('The requests under way.', nothing, inFlightList),
  'gateway.sendSample': call(
    'Sends one small request through the gateway as a client would, and says with which status it was answered. 409 while it is off.',
    z.strictObject({ protocol: z.enum(PROTOCOLS), model: z.string().min(1).max(200) }),
    z.object({ status: z.int() })
  ),
  'channels.list': call('All channels.', nothing, channelList),
  'channels.get': call('One channel.', ofChannel, channelView),
  'channels.create': call(
    'Adds a channel. One that is given without `quirks` gets those of the preset whose protocol and host it has.',
    channelInput,
    channelView
  ),
  'channels.update': call(
    'Changes what is given. 409 for one that the config file manages.',
    z.strictObject({ id: channelId, change: channelPatch }),
    channelView
  ),
  'channels.arrange': call(
    'Sets priority, weight or enabled of several channels at once: all of them, or none.',
    z.strictObject({
      changes: z
        .array(
          z.strictObject({
            id: channelId,
            priority: channelPatch.shape.priority,
            weight: channelPatch.shape.weight,
            enabled: channelPatch.shape.enabled
          })
        )
        .min(1)
        .max(1000)
    }),
    channelList
  ),
  'channels.duplicate': call('Adds a copy with its credential, disabled, under a free name.', ofChannel, channelView),
  'channels.delete': call(
    'Deletes a channel and its credential; `channels.restore` brings it back within a minute. `budgetsThatStop`: the channels and client keys whose budgets switched to it, which stop when they are used up now.',
    ofChannel,
    z.object({ ok: z.literal(true), restorableUntil: z.number(), budgetsThatStop: z.array(z.string()) })
  ),
  'channels.restore': call(
    'Brings back a channel that was just deleted, with its credential; under a free name when its own was taken meanwhile.',
    ofChannel,
    channelView
  ),
  'channels.deleteMany': call(
    'Deletes several channels as `channels.delete` does one: all of them, or none.',
    ofChannels,
    z.object({ ok: z.literal(true), restorableUntil: z.number(), budgetsThatStop: z.array(z.string()) })
  ),
  'channels.restoreMany': call(
    'Brings back several channels as `channels.restore` does one: all of them, or none. Answers those.',
    ofChannels,
    channelList
  ),
  'channels.test': call(
    'Tries a saved channel: connect, auth, a one-token request, the same streamed.',
    z.strictObject({ id: channelId, model: z.string().min(1).optional(), testId: testId.optional() }),
    channelTestResult
  ),
  'channels.tryOut': call(
    'The same for a channel that is not saved. `id`: the saved one whose credential and masked headers it takes, where it has none of its own.',
    z.strictObject({
      channel: channelInput,
      id: channelId.optional(),
      model: z.string().min(1).optional(),
      testId: testId.optional()
    }),
    channelTestResult
  ),
  'channels.stopTest': call(
    'Ends a test that was begun with this `testId`: the step under way fails. Nothing happens when it is over already.',
    z.strictObject({ testId }),
    done
  ),
  'channels.models': call(
    'The models that the channel’s own list names: of a saved one as it was asked within the last five minutes, or with `refresh` asked now. For one that is not saved, as `channels.tryOut`.',
    z.strictObject({ id: channelId.optional(), channel: channelInput.optional(), refresh: z.boolean().default(false) }),
    z.object({ models: z.array(z.string()) })
  ),
  'channels.clearHealth': call(
    'Ends cooldown, open breaker, auth failure and missing models now.',
    ofChannel,
    channelHealthView
  ),
  'settings.get': call('Settings in force, and which of them the config file manages.', nothing, settingsInForce),
  'settings.update': call(
    'Changes what is given. 409 for a setting that the config file manages. `restartNeeded`: host or port changed, which takes effect when the gateway is turned on again.',
    settingsPatch,
    settingsInForce.extend({ restartNeeded: z.boolean() })
  ),
  'clientKeys.list': call('All client keys, without their text.', nothing, z.object({ keys: z.array(clientKeyView) })),
  'clientKeys.create': call(
    'Makes a key and tells its text.',
    clientKeyInput,
    z.object({ key: clientKeyView, secret: z.string() })
  ),
  'clientKeys.update': call(
    'Renames a key, or says which channels it may use and what may be spent with it.',
    z.strictObject({ id: clientKeyId, change: clientKeyPatch }),
    clientKeyView
  ),
  'clientKeys.reveal': call(
    'The text of a key, for a client that is to be set up.',
    z.strictObject({ id: clientKeyId }),
    z.object({ secret: z.string() })
  ),
  'clientKeys.rotate': call(
    'Gives a key another text; the old one ends at once. Clients that Routex connected with it get the new one. 409 for one that the config file manages.',
    z.strictObject({ id: clientKeyId }),
    z.object({ key: clientKeyView, secret: z.string() })
  ),
  'clientKeys.revoke': call('Ends a key at once.', z.strictObject({ id: clientKeyId }), done),
  ...clientCalls,
  ...limitCalls,
  'stats.overview': call('Totals of a period.', period, overview),
  'stats.timeseries': call(
    'Totals in buckets of so many minutes, hours or days, or one over the whole period. Those at its edges hold only what lies in it, so together they are what `stats.overview` tells of it.',
    period.extend({
      bucket: z.enum(['minute', 'hour', 'day', 'period']),
      /** How many of them make one bucket. */
      every: z.int().min(1).max(1440).optional(),
      groupBy: z.enum(['channel', 'model', 'clientKey']).optional()
    }),
    z.object({ buckets: z.array(timeBucket) })
  ),
  'stats.cache': call('The query cache by name.', nothing, z.object({ queries: z.array(queryCacheStats) })),
  'stats.sessions': call('Figures of the session cache.', nothing, affinityStats),
  'stats.writer': call('The log writer and its journal.', nothing, writerStats),
  'stats.process': call('Memory, CPU and event loop of the program.', nothing, processStats),
  'stats.health': call('Health of every channel.', nothing, z.object({ channels: z.array(channelHealthView) })),
  'stats.healthHistory': call(
    'What became of a channel’s health since the start: its last 50 changes of state or cause, the newest first.',
    ofChannel,
    z.object({ changes: z.array(healthChange) })
  ),
  'cache.clear': call(
    'Clears the query cache, or one query of it.',
    z.strictObject({ name: z.string().optional() }),
    done
  ),
  'storage.vacuum': call(
    'Gives the free space in logs.db back to the disk.',
    nothing,
    z.object({ beforeBytes: z.int(), afterBytes: z.int(), ms: z.number() })
  ),
  'storage.previewRetention': call(
    'What these limits would delete.',
    z.strictObject({ days: z.int().min(1).max(3650), maxMiB: z.int().min(16).max(1_048_576) }),
    z.object({
      rows: z.int(),
      kept: z.int(),
      /** ms since 1970 of the oldest row that is kept; null when none is. */
      oldestKept: z.number().nullable()
    })
  ),
  'sessions.list': call(
    'Live bindings, most recently used first. `search`: only those whose client, session id, model or channel’s name has it, in any case.',
    z.strictObject({ limit: z.int().min(1).max(500).default(100), search: z.string().max(200).optional() }),
    z.object({
      sessions: z.array(sessionView),
      /** How many match, listed or not. */
      found: z.int(),
      /** How many there are. */
      total: z.int()
    })
  ),
  'sessions.clear': call(
    'Unpins one session, or all.',
    z.strictObject({ key: z.string().optional() }),
    z.object({ cleared: z.int() })
  ),
  'sessions.move': call(
    'Binds a session to another channel. Its cache begins cold there.',
    z.strictObject({ key: z.string(), channelId }),
    sessionView
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
  'logs.count': call(
    'How many rows match, counted to 100,000 at most.',
    z.strictObject({ filter: logFilter.optional() }),
    z.object({ rows: z.int(), more: z.boolean() })
  ),
  'logs.get': call('One request row.', z.strictObject({ id: requestId }), requestRow),
  ...configCalls,
  'updates.status': call('How it stands with a newer Routex.', nothing, updateStatus),
  'updates.check': call('Looks for one now.', nothing, updateStatus),
  'updates.install': call('Quits, installs what was downloaded, and starts again.', nothing, updateStatus)
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
  /**
   * After the row was committed, so with its cost; batches, at most 4 a second. Of more rows than one holds the newest are left
   * out: `missingFrom` is the arrival of the oldest of them, from where `logs.query` has them all.
   */
  'request.finished': z.object({ rows: z.array(requestRow), missingFrom: z.number().optional() }),
  /** At most 4 a second, while it changes. */
  'inFlight.changed': inFlightList,
  'channel.changed': z.object({ id: channelId.nullable() }),
  'health.changed': channelHealthView,
  /** After costs were counted, a budget was changed or its period ended. */
  'budgets.changed': budgetStandings,
  'settings.changed': settingsInForce,
  /** A step of `channels.test` or `channels.tryOut` that was given a `testId` is over. */
  'test.step': z.object({ testId, step: testStep }),
  /** Once a second while something flows. */
  'stats.tick': z.object({ inFlight: z.int(), requestsPerSecond: z.number(), errorsPerSecond: z.number() }),
  'gateway.changed': gatewayStatus,
  /** It was connected or restored, or its files followed the gateway. */
  'clients.changed': z.object({ client: clientId }),
  'imports.changed': z.object({ pending: pendingImport.nullable() }),
  'updates.changed': updateStatus
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
