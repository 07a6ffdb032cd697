import { detailIn } from './fastapi-error'
import { entryOf, memberOf, isObject, numberIn, objectIn, parseJson, textIn, type JsonObject } from './foreign-json'
import {
  causeOfWords,
  isTooLong,
  judgeStatus,
  saysModelMissing,
  saysNoFunds,
  saysThinkingRefused,
  type Cause,
  type Complaint,
  type WordRule
} from './judge-status'
import type { ErrorAnswer, Headers, Refusal, RefusalKind, StreamFacts, Verdict } from './protocol'
import { durationMs } from './retry-after'

/** Errors as OpenAI writes them, `{"error":{"message","type","param","code"}}`, and as others who speak its protocols do. */

interface OpenAiError {
  readonly message: string
  /** `code` and `type` in lower case, '' where there is none; some vendors give numbers. */
  readonly code: string
  readonly type: string
}

function readError(json: unknown): OpenAiError | null {
  const error = memberOf(json, 'error') ?? json
  if (typeof error === 'string') return { message: error, code: '', type: '' }
  if (!isObject(error)) return null
  const code = textIn(error, 'code') ?? numberIn(error, 'code') ?? numberIn(error, 'status') ?? ''
  return {
    message: textIn(error, 'message') ?? textIn(json, 'message') ?? detailIn(json) ?? '',
    code: String(code).toLowerCase(),
    type: (textIn(error, 'type') ?? '').toLowerCase()
  }
}

/** What a code or a type means, where it is plain; both protocols and their many other vendors share them. */
const CAUSES: Readonly<Record<string, Cause>> = {
  invalid_api_key: 'auth',
  authentication_error: 'auth',
  account_deactivated: 'auth',
  unsupported_country_region_territory: 'auth',
  insufficient_quota: 'quota',
  exceeded_current_quota_error: 'quota',
  insufficient_balance: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  model_not_found: 'model',
  invalid_model: 'model',
  model_not_available: 'model',
  invalid_encrypted_content: 'signature',
  previous_response_not_found: 'client',
  context_length_exceeded: 'client',
  string_above_max_length: 'client',
  content_filter: 'client',
  content_policy_violation: 'client',
  invalid_prompt: 'client',
  rate_limit_exceeded: 'limit',
  rate_limit_error: 'limit',
  engine_overloaded: 'overload',
  overloaded_error: 'overload',
  server_error: 'failure',
  server_is_overloaded: 'failure',
  slow_down: 'failure'
}

/** B03, B04 and B14 for OpenAI's two protocols. */
export function judgeOpenAi(status: number, headers: Headers, body: Buffer, now: number): Verdict {
  const text = body.toString('utf8')
  const error = readError(parseJson(text))
  const message = error === null ? text.trim() : error.message
  const effective = status >= 300 ? status : statusOf(error)
  const complaint: Complaint = {
    message,
    cause: error === null ? null : causeOf(effective, error),
    untilMs: tryAgainAt(message, now),
    thisRequestOnly: /^request too large\b/i.test(message)
  }
  return judgeStatus(effective, headers, complaint, now)
}

function causeOf(status: number, error: OpenAiError): Cause | null {
  const known = plainCause(error)
  // The body's word goes before the status, but a 4xx is no failure of the upstream whatever it calls itself.
  if (known !== null && (known !== 'failure' || status >= 500)) return known
  return causeOfWords(WORDS, status, error.message)
}

const saysReasoningRefused = (message: string): boolean =>
  /encrypted content .{0,200}could not be verified/is.test(message) || saysThinkingRefused(message)

const WORDS: readonly WordRule[] = [
  { statuses: [400, 403, 413, 422], says: isTooLong, cause: 'client' },
  { statuses: [400, 403, 404, 422, 429], says: saysNoFunds, cause: 'quota' },
  { statuses: [400, 403, 404, 422], says: saysModelMissing, cause: 'model' },
  { statuses: [400], says: saysReasoningRefused, cause: 'signature' },
  // OpenRouter refuses a flagged prompt with 403.
  { statuses: [403], says: (message) => /moderation|flagged/i.test(message), cause: 'client' }
]

function plainCause({ code, type }: OpenAiError): Cause | null {
  return entryOf(CAUSES, code) ?? entryOf(CAUSES, type) ?? null
}

/** The status behind an error that came with a 200: a numeric code, or what the words stand for. */
function statusOf(error: OpenAiError | null): number {
  if (error === null) return 500
  if (/^[45]\d\d$/.test(error.code)) return Number(error.code)
  const cause = plainCause(error)
  if (cause !== null) return STATUS_OF[cause]
  return error.type === 'invalid_request_error' || error.code.startsWith('invalid_') ? 400 : 500
}

const STATUS_OF: Readonly<Record<Cause, number>> = {
  client: 400,
  auth: 401,
  quota: 429,
  model: 404,
  signature: 400,
  limit: 429,
  overload: 503,
  failure: 500
}

function tryAgainAt(message: string, now: number): number | null {
  const told = /try again in ((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)/i.exec(message)?.[1]
  const wait = told === undefined ? null : durationMs(told)
  return wait === null ? null : now + wait
}

/** An error event of a stream, in the shape of a plain error answer. */
export function errorOfEvent(error: JsonObject | string | null): NonNullable<StreamFacts['error']> {
  const read = readError({ error })
  const status = statusOf(read)
  const type = textIn(error, 'type') ?? 'error'
  const plain = {
    message: read === null || read.message === '' ? 'The upstream ended the stream with an error' : read.message,
    // In Responses `type` names the event.
    type: type === 'error' ? typeOfStatus(status) : type,
    param: textIn(error, 'param'),
    code: memberOf(error, 'code') ?? null
  }
  return { status, body: Buffer.from(JSON.stringify({ error: plain })) }
}

/** What a client may branch on is short; more is no code. */
const MAX_WORD = 200

/** The upstream's own code and type of the error that broke a stream; null where it gave none that is a short string. */
export function ownWords({ error }: StreamFacts): { readonly code: string | null; readonly type: string | null } {
  const own = error === null ? null : objectIn(parseJson(error.body.toString('utf8')), 'error')
  const word = (key: string): string | null => {
    const text = textIn(own, key)
    return text === null || text.length > MAX_WORD ? null : text
  }
  return { code: word('code'), type: word('type') }
}

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  403: 'permission_error',
  429: 'requests'
}

const typeOfStatus = (status: number): string =>
  TYPE_OF_STATUS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error')

const CODE_OF_KIND: Partial<Readonly<Record<RefusalKind, string>>> = {
  unauthorized: 'invalid_api_key',
  body_too_large: 'request_too_large',
  too_long: 'context_length_exceeded',
  budget_spent: 'insufficient_quota',
  relayed_quota: 'insufficient_quota'
}

/** What OpenAI's clients branch on, where another vendor said it in its own way. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  402: 'insufficient_quota',
  404: 'model_not_found',
  429: 'rate_limit_exceeded'
}

/** Our own errors as OpenAI would put them. */
export function renderOpenAiRefusal({ kind, status, message }: Refusal): ErrorAnswer {
  const error = {
    message,
    type: CODE_OF_KIND[kind] === 'insufficient_quota' ? 'insufficient_quota' : typeOfStatus(status),
    param: paramOf(kind, status),
    code: codeOf(kind, status)
  }
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error })) }
}

function paramOf(kind: RefusalKind, status: number): string | null {
  if (kind === 'missing_model') return 'model'
  return kind === 'state_not_found' && status === 400 ? 'previous_response_id' : null
}

function codeOf(kind: RefusalKind, status: number): string | null {
  if (kind === 'no_candidate') return status === 404 ? 'model_not_found' : null
  if (kind === 'relayed') return CODE_OF_STATUS[status] ?? null
  if (kind === 'state_not_found') return status === 400 ? 'previous_response_not_found' : null
  if (kind === 'busy') return status === 429 ? 'rate_limit_exceeded' : null
  return CODE_OF_KIND[kind] ?? null
}
