import { detailIn } from '../fastapi-error'
import { entryOf, listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import { causeOfWords, judgeStatus, saysModelMissing, type Cause, type Complaint, type WordRule } from '../judge-status'
import type { ErrorAnswer, Headers, Refusal, StreamFacts, Verdict } from '../protocol'
import { durationMs } from '../retry-after'

/** Google's canonical codes and their statuses: https://cloud.google.com/apis/design/errors */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNKNOWN: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504
}

/** Reasons of `ErrorInfo` that speak of the key or its project. */
const CAUSE_OF_REASON: Readonly<Record<string, Cause>> = {
  API_KEY_INVALID: 'auth',
  API_KEY_EXPIRED: 'auth',
  API_KEY_SERVICE_BLOCKED: 'auth',
  API_KEY_IP_ADDRESS_BLOCKED: 'auth',
  API_KEY_HTTP_REFERRER_BLOCKED: 'auth',
  ACCESS_TOKEN_EXPIRED: 'auth',
  CONSUMER_INVALID: 'auth',
  CONSUMER_SUSPENDED: 'auth',
  SERVICE_DISABLED: 'auth',
  BILLING_DISABLED: 'quota'
}

interface GeminiError {
  readonly message: string
  readonly code: string
  readonly status: number | null
  readonly details: readonly unknown[]
}

/** Unstreamed errors of a streamed call come as an array of one. */
function readError(json: unknown): GeminiError | null {
  const holder: unknown = Array.isArray(json) ? json[0] : json
  const error = objectIn(holder, 'error')
  if (error === null) {
    const message = textIn(holder, 'error') ?? detailIn(holder)
    return message === null ? null : { message, code: '', status: null, details: [] }
  }
  const code = textIn(error, 'status') ?? ''
  return {
    message: textIn(error, 'message') ?? '',
    code,
    status: numberIn(error, 'code') ?? entryOf(STATUS_OF_CODE, code) ?? null,
    details: listIn(error, 'details')
  }
}

/** B03, B04, B14. */
export function judge(status: number, headers: Headers, body: Buffer, now: number): Verdict {
  const text = body.toString('utf8')
  const error = readError(parseJson(text))
  if (error === null) {
    const complaint = { message: text.trim(), cause: null, untilMs: null, thisRequestOnly: false }
    return judgeStatus(status, headers, complaint, now)
  }
  const effective = status >= 300 ? status : (error.status ?? 500)
  return judgeStatus(effective, headers, complaintOf(effective, error, now), now)
}

function complaintOf(status: number, error: GeminiError, now: number): Complaint {
  const isDaily = status === 429 && violations(error).some((id) => id.includes('PerDay'))
  const delay = textIn(detail(error, 'RetryInfo'), 'retryDelay')
  const wait = delay === null ? null : durationMs(delay)
  return {
    message: error.message,
    cause: isDaily ? 'quota' : causeOf(status, error),
    // A daily quota's RetryInfo is often some seconds only; the day ends when it ends.
    untilMs: isDaily ? nextPacificMidnight(now) : wait === null ? null : now + wait,
    thisRequestOnly: false
  }
}

const detail = (error: GeminiError, type: string): unknown =>
  error.details.find((entry) => textIn(entry, '@type')?.endsWith(`.${type}`) === true)

const violations = (error: GeminiError): readonly string[] =>
  listIn(detail(error, 'QuotaFailure'), 'violations').map((violation) => textIn(violation, 'quotaId') ?? '')

const WORDS: readonly WordRule[] = [
  { statuses: [400, 403], says: (message) => /API key (?:not valid|expired|not found)/i.test(message), cause: 'auth' },
  { statuses: [400], says: (message) => /thought[_ ]?signature/i.test(message), cause: 'signature' },
  // A file or a cache that this account can't see is state that lies elsewhere: the client's business.
  { statuses: [400, 403, 404], says: (message) => /\b(?:file|cached ?content)\b/i.test(message), cause: 'client' },
  { statuses: [404], says: saysModelMissing, cause: 'model' }
]

function causeOf(status: number, { message, code, details }: GeminiError): Cause | null {
  const reason = details.map((entry) => textIn(entry, 'reason')).find((found) => found !== null) ?? ''
  const told = entryOf(CAUSE_OF_REASON, reason) ?? causeOfWords(WORDS, status, message)
  // What is left of failed preconditions is the account's region or billing.
  return told ?? (status === 400 && code === 'FAILED_PRECONDITION' ? 'auth' : null)
}

const PACIFIC = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric'
})

/** Daily quotas end at midnight Pacific time: https://ai.google.dev/gemini-api/docs/rate-limits. An hour off on two days a year. */
function nextPacificMidnight(now: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = PACIFIC.format(now).split(':').map(Number)
  return now + 86_400_000 - ((hours * 60 + minutes) * 60 + seconds) * 1000
}

/** An error in a stream, in the shape of a plain error answer. */
export function errorOfEvent(error: JsonObject | string): NonNullable<StreamFacts['error']> {
  const whole = { error: typeof error === 'string' ? { code: 500, message: error, status: 'INTERNAL' } : error }
  const status = readError(whole)?.status ?? 500
  return { status: status >= 400 && status < 600 ? status : 500, body: Buffer.from(JSON.stringify(whole)) }
}

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  504: 'DEADLINE_EXCEEDED'
}

/** Our own errors as Gemini would put them: a bad key is its 400 with the reason `API_KEY_INVALID`. */
export function renderRefusal({ kind, status, message, retryAfterMs = null }: Refusal): ErrorAnswer {
  const code = kind === 'unauthorized' ? 400 : status
  const name = code >= 500 ? (CODE_OF_STATUS[code] ?? 'UNAVAILABLE') : (CODE_OF_STATUS[code] ?? 'INVALID_ARGUMENT')
  const details = [
    ...(kind === 'unauthorized' ? [BAD_KEY] : []),
    ...(retryAfterMs === null ? [] : [retryInfo(retryAfterMs)])
  ]
  const body = { error: { code, message, status: name, details: details.length === 0 ? undefined : details } }
  return { status: code, contentType: 'application/json; charset=UTF-8', body: Buffer.from(JSON.stringify(body)) }
}

const BAD_KEY = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'API_KEY_INVALID',
  domain: 'googleapis.com'
}

/** Gemini CLI waits as long as this says, and reads no header: https://cloud.google.com/apis/design/errors#error_details */
const retryInfo = (ms: number): object => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay: `${Math.max(1, Math.ceil(ms / 1000))}s`
})
