import type { AttemptRecord, ExclusionRecord, JournaledRecord, RequestRecord } from '../../../shared/request-log'
import type { ModelPrice, OwnPricing } from '../../../shared/prices'
import type { TokenUsage } from '../../../shared/usage'
import { BadRecord, isChannelId, isClientKeyId, isOutcome, isProtocol, isRequestId, isText, Values } from './values'

/**
 * A record as the journal holds it: one JSON array, in this order of fields. An array is a third shorter than an object
 * with its names and quicker to write, and this runs once for each request in the thread that carries the streams. New
 * fields go to the end; the first value is the version, raised when the meaning of a place changes.
 */
const VERSION = 1

/** A client can send a name of megabytes; its row shall not be one. Characters. */
const MAX_NAME = 500
const MAX_MESSAGE = 2000
/**
 * The price depends on all of it (B32), so what a vendor may send passes: Anthropic lists every step of a long turn, some 150
 * characters each. A batch of such records, in any script, still fits into the worker's memory.
 */
const MAX_RAW_USAGE = 65_536
/** What a row keeps of it. */
const MAX_ROW_USAGE = 16_384
/** An answer can have thousands of items; a later request names its id, or what came first. */
const MAX_STATE_IDS = 200
const MAX_STATE_ID = 256

function clip(text: string, max: number): string
function clip(text: string | null, max: number): string | null
function clip(text: string | null, max: number): string | null {
  return text === null || text.length <= max ? text : text.slice(0, max)
}

/** A record as its row keeps it: what the upstream said of usage is cut, once it was priced. */
export const asKept = (record: RequestRecord): RequestRecord =>
  record.rawUsage === null || record.rawUsage.length <= MAX_ROW_USAGE
    ? record
    : { ...record, rawUsage: clip(record.rawUsage, MAX_ROW_USAGE) }

const encodeUsage = (usage: TokenUsage): readonly number[] => [
  usage.input,
  usage.cacheRead,
  usage.cacheWrite,
  usage.cacheWrite1h,
  usage.output,
  usage.reasoning
]

const encodeAttempt = (attempt: AttemptRecord): readonly unknown[] => [
  attempt.channelId,
  attempt.channelName,
  clip(attempt.model, MAX_NAME),
  attempt.startedMs,
  attempt.firstByteMs,
  attempt.endedMs,
  attempt.status,
  attempt.verdict,
  clip(attempt.message, MAX_MESSAGE)
]

const encodeExclusion = (exclusion: ExclusionRecord): readonly unknown[] => [
  exclusion.channelId,
  exclusion.channelName,
  exclusion.reason
]

export const encodeAttempts = (attempts: readonly AttemptRecord[]): readonly unknown[] => attempts.map(encodeAttempt)
export const encodeExclusions = (excluded: readonly ExclusionRecord[]): readonly unknown[] =>
  excluded.map(encodeExclusion)

/** One line of JSON, without a line break. What a client can make long is cut. */
export function encodeRecord(record: JournaledRecord): string {
  return JSON.stringify([
    VERSION,
    record.id,
    record.at,
    record.method,
    clip(record.path, MAX_NAME),
    record.protocol,
    record.operation,
    record.clientKeyId,
    record.clientKeyName,
    clip(record.client, MAX_NAME),
    clip(record.sessionId, MAX_NAME),
    clip(record.model, MAX_NAME),
    record.stream,
    record.channelId,
    record.channelName,
    record.upstreamHost,
    clip(record.sentModel, MAX_NAME),
    record.status,
    record.outcome,
    record.errorCode,
    clip(record.errorMessage, MAX_MESSAGE),
    record.totalMs,
    record.firstByteMs,
    record.ownMs,
    record.requestBytes,
    record.responseBytes,
    record.usage === null ? null : encodeUsage(record.usage),
    clip(record.rawUsage, MAX_RAW_USAGE),
    encodeAttempts(record.attempts),
    encodeExclusions(record.excluded),
    record.demo,
    record.channelProtocol,
    clip(record.warnings, MAX_MESSAGE),
    ...encodeTail(record)
  ])
}

/** More places, only where there is something to put there. */
function encodeTail({ stateIds = [], pricing }: JournaledRecord): readonly unknown[] {
  if (pricing !== undefined) return [encodeStateIds(stateIds), encodePricing(pricing)]
  return stateIds.length === 0 ? [] : [encodeStateIds(stateIds)]
}

/** An id that is cut would be another one, so it is left out. */
const encodeStateIds = (ids: readonly string[]): readonly string[] =>
  ids.slice(0, MAX_STATE_IDS).filter((id) => id.length <= MAX_STATE_ID)

type Rates = Omit<ModelPrice, 'tiers'>

function encodePricing({ multiplier, own }: OwnPricing): readonly unknown[] {
  if (own === null) return [multiplier]
  const { tiers, cacheWrite1h, ...rates } = own.price
  const longer = tiers?.map((tier) => [tier.start, ...encodeRates(tier), tier.cacheWrite1h])
  return [multiplier, [own.name, ...encodeRates(rates), longer ?? null, cacheWrite1h ?? null]]
}

const encodeRates = ({ cacheRead, cacheWrite, input, output, reasoning }: Rates): readonly unknown[] => [
  ...[input, output, cacheRead ?? null, cacheWrite ?? null],
  reasoning ?? null
]

function decodeRates(values: Values): Rates {
  const [input, output] = [values.number(), values.number()]
  const [cacheRead, cacheWrite, reasoning] = [values.numberOrNull(), values.numberOrNull(), values.numberOrNull()]
  return {
    ...{ input, output },
    ...(cacheRead !== null && { cacheRead }),
    ...(cacheWrite !== null && { cacheWrite }),
    ...(reasoning !== null && { reasoning })
  }
}

/** It has the last place, since older records have none for it. */
function decodeHourWrite(values: Values): Pick<Rates, 'cacheWrite1h'> {
  const cacheWrite1h = values.numberOrNull()
  return cacheWrite1h === null ? {} : { cacheWrite1h }
}

function decodeOwnPrice(values: Values): NonNullable<OwnPricing['own']> {
  const name = values.text(isText)
  const rates = decodeRates(values)
  const tiers = values.listOrNull((tier) => ({
    ...{ start: tier.number(), ...decodeRates(tier), ...decodeHourWrite(tier) }
  }))
  return { name, price: { ...rates, ...(tiers !== null && { tiers }), ...decodeHourWrite(values) } }
}

const decodePricing = (values: Values): OwnPricing => ({
  multiplier: values.number(),
  own: values.objectOrNull(decodeOwnPrice)
})

const decodeUsage = (values: Values): TokenUsage => ({
  input: values.number(),
  cacheRead: values.number(),
  cacheWrite: values.number(),
  cacheWrite1h: values.number(),
  output: values.number(),
  reasoning: values.number()
})

const decodeAttempt = (values: Values): AttemptRecord => ({
  channelId: values.text(isChannelId),
  channelName: values.text(isText),
  model: values.textOrNull(isText),
  startedMs: values.number(),
  firstByteMs: values.numberOrNull(),
  endedMs: values.number(),
  status: values.numberOrNull(),
  verdict: values.text(isText),
  message: values.textOrNull(isText)
})

const decodeExclusion = (values: Values): ExclusionRecord => ({
  channelId: values.text(isChannelId),
  channelName: values.text(isText),
  reason: values.text(isText)
})

function parse(text: string): Values {
  try {
    return new Values(JSON.parse(text))
  } catch (cause) {
    throw new BadRecord('not JSON', { cause })
  }
}

/** @throws BadRecord */
export function decodeAttempts(text: string): AttemptRecord[] {
  return new Values([JSON.parse(text)]).list(decodeAttempt)
}

/** @throws BadRecord */
export function decodeExclusions(text: string): ExclusionRecord[] {
  return new Values([JSON.parse(text)]).list(decodeExclusion)
}

/** @throws BadRecord when it is no record, or one of a version that this program does not know */
export function decodeRecord(text: string): JournaledRecord {
  const values = parse(text)
  const version = values.number()
  if (version !== VERSION) throw new BadRecord(`version ${version} is not known`)
  const record = {
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
    stream: values.flag(),
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
    usage: values.objectOrNull(decodeUsage),
    rawUsage: values.textOrNull(isText),
    attempts: values.list(decodeAttempt),
    excluded: values.list(decodeExclusion),
    demo: values.flag(),
    channelProtocol: values.textOrNull(isProtocol),
    warnings: values.textOrNull(isText)
  }
  const stateIds = values.objectOrNull((ids) => ids.texts())
  const pricing = values.objectOrNull(decodePricing)
  return {
    ...record,
    ...(stateIds !== null && stateIds.length > 0 && { stateIds }),
    ...(pricing !== null && { pricing })
  }
}
