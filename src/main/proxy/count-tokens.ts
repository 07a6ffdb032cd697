import type { Channel } from '../../shared/channel'
import type { Lease } from '../channels/lease'
import { estimateTokens } from '../protocols/count-tokens'
import { isObject, objectIn, type JsonObject } from '../protocols/foreign-json'
import { Losses } from '../protocols/losses'
import { UnreadableRequest } from '../protocols/translator'
import { translators } from '../protocols/translators'
import type { ParsedRequest } from './parse-request'
import { ProxyError } from './refusal'
import { tryCandidates, type Tried, type TryInput } from './try-candidates'

/** Says that a count is no upstream's own (B26). */
export const ESTIMATED = ['x-routex-estimated', 'true'] as const

/** A token count that no upstream was there for. */
export interface Estimate {
  readonly kind: 'estimate'
  readonly body: Buffer
}

/**
 * B26: a token count is asked of a channel that has it, of the client's protocol or of another, and estimated where there is
 * none but others could serve the request itself. Everything else is tried as it is.
 * @throws ProxyError as `tryCandidates`
 */
export async function tryOrEstimate(input: TryInput): Promise<Tried | Estimate> {
  const { parts, request, selection } = input
  if (request.route.operation !== 'count_tokens') return tryCandidates(input)
  const isElsewhere = !parts.selector.couldServe(selection) && parts.selector.couldServe(translated(selection))
  if (isElsewhere) return (await askElsewhere({ ...input, selection: translated(selection) })) ?? estimate(input)
  const tried = await tryCandidates(input)
  return tried.kind === 'refused' && HAS_NO_COUNT.has(tried.refusal.status) ? estimate(input) : tried
}

/** What upstreams answer that don't know the path; a missing model is failed over before. */
const HAS_NO_COUNT: ReadonlySet<number> = new Set([404, 405, 501])

const translated = (selection: TryInput['selection']): TryInput['selection'] => ({ ...selection, translates: true })

/** Channels of other protocols that answered that they have no count; with each change of theirs they are others. */
const withoutCount = new WeakSet<Channel>()

const hasCount = (channel: Channel): boolean =>
  translators[channel.protocol].tokenCount !== null && !withoutCount.has(channel)

/** The count of the channel that would serve the request; null where it gave none. */
async function askElsewhere(input: TryInput): Promise<Tried | null> {
  const { parts, selection } = input
  if (!selection.channels.some(hasCount)) return null
  try {
    const tried = await tryCandidates({ ...input, parts: { ...parts, selector: oneTry(parts.selector) } })
    if (tried.kind !== 'refused') return tried
    if (HAS_NO_COUNT.has(tried.refusal.status)) withoutCount.add(tried.lease.channel)
    return null
  } catch (cause) {
    // What can't be read is refused by the estimate as well.
    if (cause instanceof ProxyError && cause.code !== 'paused') return null
    throw cause
  }
}

/** The first candidate alone, where it has a count and no trouble: an estimate is there at once. */
function oneTry(selector: TryInput['parts']['selector']): TryInput['parts']['selector'] {
  return {
    couldServe: (request) => selector.couldServe(request),
    passedOver: (request) => selector.passedOver(request),
    exclusions: (request) => selector.exclusions(request),
    next: (request, tried) => {
      const next = tried.size === 0 ? selector.next(request, tried) : NOBODY
      if (next.kind !== 'lease') return NOBODY
      if (!next.lease.probe && hasCount(next.lease.channel)) return { kind: 'lease', lease: harmless(next.lease) }
      next.lease.abandon()
      return NOBODY
    }
  }
}

const NOBODY = { kind: 'none' } as const

/** Many relays have no such path, so what came of it says nothing of how the channel serves requests. */
function harmless(lease: Lease): Lease {
  const { channel, model, probe } = lease
  const abandon = (): void => lease.abandon()
  return { channel, model, probe, answering: () => undefined, succeed: abandon, fail: abandon, abandon }
}

async function estimate({ parts, request }: TryInput): Promise<Estimate> {
  const translator = translators[request.protocol.id]
  const tokens = await estimateTokens(decode(request), parts.countTokens)
  return { kind: 'estimate', body: Buffer.from(JSON.stringify(translator.encodeTokenCount(tokens))) }
}

/** @throws ProxyError `bad_request` */
function decode(request: ParsedRequest) {
  try {
    return translators[request.protocol.id].decodeRequest(countedBody(request.content.json), new Losses())
  } catch (cause) {
    if (!(cause instanceof UnreadableRequest)) throw cause
    throw new ProxyError(cause.kind, cause.message, { cause })
  }
}

/** Gemini's countTokens may wrap the whole request. */
function countedBody(json: unknown): JsonObject {
  return objectIn(json, 'generateContentRequest') ?? (isObject(json) ? json : {})
}
