import { z } from 'zod'
import { channelId, requestId } from './ids'
import { PROTOCOLS } from './protocol'

export const gatewayStatus = z.object({
  state: z.enum(['on', 'paused', 'off']),
  /** ms since 1970 when a pause ends by itself; null when it doesn't, or there is none. */
  pausedUntil: z.number().nullable(),
  /** null while off. */
  url: z.string().nullable(),
  version: z.string(),
  startedAt: z.number(),
  /** The error of the config file that was last refused; null when it is good or there is none. */
  configError: z.string().nullable(),
  /** What the command line set for this run over the settings; null: the setting counts. */
  givenAtStart: z.object({ host: z.string().nullable(), port: z.int().nullable() }),
  /** The host and port that it was last turned on with; null while off. Settings that differ take effect when it is turned on again. */
  turnedOnAt: z.object({ host: z.string(), port: z.int() }).nullable(),
  /** Where credentials rest: the OS keychain or a key file in the data folder. */
  secretStore: z.enum(['keychain', 'key-file']),
  inFlight: z.int()
})
export type GatewayStatus = z.infer<typeof gatewayStatus>

/** A request under way. */
const inFlightView = z.object({
  id: requestId,
  /** Arrival, ms since 1970. */
  at: z.number(),
  protocol: z.enum(PROTOCOLS).nullable(),
  model: z.string().nullable(),
  client: z.string().nullable(),
  /** Of the channel that is being tried, or answers; null before the first. */
  channelName: z.string().nullable(),
  /** Tries begun. */
  attempts: z.int(),
  stream: z.boolean(),
  /** The answer has begun to go out. */
  answering: z.boolean()
})
export type InFlightView = z.infer<typeof inFlightView>

export const inFlightList = z.object({
  /** The oldest first, at most 50. */
  requests: z.array(inFlightView),
  total: z.int(),
  /** How many of all of them each channel is tried for, or answers; those without any are left out. */
  byChannel: z.array(z.object({ channelId, requests: z.int() }))
})
export type InFlightList = z.infer<typeof inFlightList>
