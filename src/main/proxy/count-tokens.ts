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
 * B26: a token count is asked of a channel that has it, and estimated where there is none but others could serve the request
 * itself. Everything else is tried as it is.
 * @throws ProxyError as `tryCandidates`
 */
export async function tryOrEstimate(input: TryInput): Promise<Tried | Estimate> {
  const { parts, request, selection } = input
  if (request.route.operation !== 'count_tokens') return tryCandidates(input)
  const isElsewhere = !parts.selector.couldServe(selection) && parts.selector.couldServe(translated(selection))
  if (isElsewhere) return estimate(request)
  const tried = await tryCandidates(input)
  return tried.kind === 'refused' && HAS_NO_COUNT.has(tried.refusal.status) ? estimate(request) : tried
}

/** What upstreams answer that don't know the path; a missing model is failed over before. */
const HAS_NO_COUNT: ReadonlySet<number> = new Set([404, 405, 501])

const translated = (selection: TryInput['selection']): TryInput['selection'] => ({ ...selection, translates: true })

async function estimate(request: ParsedRequest): Promise<Estimate> {
  const translator = translators[request.protocol.id]
  const tokens = await estimateTokens(decode(request))
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
