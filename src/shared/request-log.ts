import { z } from 'zod'
import { channelId, clientKeyId, requestId } from './ids'
import type { OwnPricing } from './prices'
import { PROTOCOLS } from './protocol'
import { tokenUsage } from './usage'

/** B30: how a request ended. */
const OUTCOMES = ['ok', 'client_error', 'upstream_error', 'truncated', 'cancelled', 'refused'] as const
export const outcome = z.enum(OUTCOMES)
export type Outcome = z.infer<typeof outcome>

/** One try of one request on one channel. Times are ms after the request's arrival. */
export const attemptRecord = z.object({
  channelId,
  channelName: z.string(),
  /** The name that was sent, after `modelMap`. */
  model: z.string().nullable(),
  startedMs: z.number(),
  /** null: no byte came. */
  firstByteMs: z.number().nullable(),
  endedMs: z.number(),
  /** The upstream's status; null when none came. */
  status: z.int().nullable(),
  /** What was made of it: `ok`, or why it failed (`auth`, `quota`, `busy`, `model_missing`, `failure`, `timeout`, `connect`, `client_fault`, `signature`, `cancelled`, `truncated`). */
  verdict: z.string(),
  /** The upstream's own words, shortened; null when all went well. */
  message: z.string().nullable()
})
export type AttemptRecord = Readonly<z.infer<typeof attemptRecord>>

/** A channel that was left out, and why. */
export const exclusionRecord = z.object({ channelId, channelName: z.string(), reason: z.string() })
/** Of the channels that can't serve a request at all the row of one that was served tells so many; their health apart. */
export const MOST_TOLD_EXCLUSIONS = 20
export type ExclusionRecord = Readonly<z.infer<typeof exclusionRecord>>

/** What the main thread hands to the journal when a request ends: everything but the cost, which the worker adds once. */
export const requestRecord = z.object({
  id: requestId,
  /** Arrival, ms since 1970. */
  at: z.number(),
  method: z.string(),
  /** Without its query string, which may hold a key. */
  path: z.string(),
  protocol: z.enum(PROTOCOLS).nullable(),
  operation: z.string().nullable(),
  clientKeyId: clientKeyId.nullable(),
  clientKeyName: z.string().nullable(),
  /** The program, from its user agent (`claude-cli/2.1.330`); null when it names none. */
  client: z.string().nullable(),
  sessionId: z.string().nullable(),
  /** As asked for. */
  model: z.string().nullable(),
  stream: z.boolean(),
  /** Of the channel that really answered (B08). */
  channelId: channelId.nullable(),
  channelName: z.string().nullable(),
  /** Another than `protocol`: the request was translated. */
  channelProtocol: z.enum(PROTOCOLS).nullable(),
  /** Its base URL's host, from which the price table knows the vendor. */
  upstreamHost: z.string().nullable(),
  /** Name sent upstream. */
  sentModel: z.string().nullable(),
  /** What the client got; 499 for one that went away (B07). */
  status: z.int(),
  outcome,
  /** A stable code of ours (`no_candidate`, `unknown_key`…) or the verdict; null when all went well. */
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  /** B33, ms. */
  totalMs: z.number(),
  firstByteMs: z.number().nullable(),
  ownMs: z.number(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  /** null: not sent by the upstream, so unknown (B31). Of an answer that broke off (`truncated`, `cancelled`) what was sent by then: the prompt, and an output that is a lower bound. */
  usage: tokenUsage.nullable(),
  /** The upstream's own usage object, as it came; OpenAI's with the `service_tier` that stands beside it. */
  rawUsage: z.string().nullable(),
  attempts: z.array(attemptRecord),
  excluded: z.array(exclusionRecord),
  /** What a translation could not carry, as `x-routex-warnings` says it; null: nothing was lost. */
  warnings: z.string().nullable(),
  /** The Demo's rows are left out of totals. */
  demo: z.boolean()
})
export type RequestRecord = Readonly<z.infer<typeof requestRecord>>

/** A record as it goes into the journal, with what no row shows. */
export type JournaledRecord = RequestRecord & {
  /** Ids of state that the channel that answered now holds (B14), the response's own first. Unset: none. */
  readonly stateIds?: readonly string[]
  /** Where the channel that answered bills otherwise than by the price table. Unset: by the table. */
  readonly pricing?: OwnPricing
}

/** A row as it is read back. `costUsd` null: the price is not known (B32). */
export const requestRow = requestRecord.extend({
  costUsd: z.number().nullable(),
  /** The price used: `<provider>/<model>@<table version>`; null when unknown. */
  priceSource: z.string().nullable()
})
export type RequestRow = Readonly<z.infer<typeof requestRow>>
