import { detailIn } from '../fastapi-error'
import { entryOf, isObject, memberOf, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import {
  causeOfWords,
  isTooLong,
  judgeStatus,
  saysModelMissing,
  saysNoFunds,
  saysThinkingRefused,
  type Cause,
  type WordRule
} from '../judge-status'
import type { ErrorAnswer, Headers, Refusal, RefusalKind, StreamFacts, Verdict } from '../protocol'
import type { ErrorType } from './wire'

/** What `error.details.error_code` says of the channel, whatever the status (protocols.md; shared.d.ts of the SDK). */
const CAUSE_OF_CODE: Readonly<Record<string, Cause>> = {
  enforced_spend_limit_reached: 'quota',
  contract_spend_limit_reached: 'quota',
  linked_organization_spend_limit_reached: 'quota',
  organization_on_hold: 'auth',
  claude_code_key_creator_not_member: 'auth',
  cmek_key_disabled: 'auth',
  cmek_key_network_blocked: 'auth',
  cmek_context_unavailable: 'failure',
  cmek_key_unreachable: 'failure',
  compaction_signature_invalid: 'client'
}

/** The types that name the cause more exactly than the statuses they come with. */
const CAUSE_OF_TYPE: Readonly<Record<string, Cause>> = {
  authentication_error: 'auth',
  billing_error: 'quota',
  rate_limit_error: 'limit',
  overloaded_error: 'overload'
} satisfies Partial<Record<ErrorType, Cause>>

/** The status an error type stands for: for errors in a stream, which have none. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529
} satisfies Partial<Record<ErrorType | 'request_too_large', number>>

const WORDS: readonly WordRule[] = [
  { statuses: null, says: (message) => /organization has been disabled/i.test(message), cause: 'auth' },
  { statuses: null, says: saysNoFunds, cause: 'quota' },
  {
    statuses: null,
    says: (message) => /reached your specified (?:\w+ )?API usage limits/i.test(message),
    cause: 'quota'
  },
  { statuses: [400], says: saysThinkingRefused, cause: 'signature' },
  { statuses: [400, 403, 413, 422], says: isTooLong, cause: 'client' },
  { statuses: [400, 403, 404, 422], says: saysModelMissing, cause: 'model' }
]

/** B03, B04, B14. */
export function judge(status: number, headers: Headers, body: Buffer, now: number): Verdict {
  const text = body.toString('utf8')
  const json = parseJson(text)
  const error = objectIn(json, 'error') ?? json
  const type = textIn(error, 'type') ?? ''
  const message = textIn(error, 'message') ?? textIn(json, 'error') ?? (json === undefined ? text.trim() : textOf(json))
  const effective = status >= 300 ? status : (entryOf(STATUS_OF_TYPE, type) ?? 500)
  const code = textIn(memberOf(error, 'details'), 'error_code') ?? type
  return judgeStatus(
    effective,
    headers,
    {
      message,
      cause: entryOf(CAUSE_OF_CODE, code) ?? entryOf(CAUSE_OF_TYPE, type) ?? causeOfWords(WORDS, effective, message),
      untilMs: null,
      thisRequestOnly: /extra usage is required for long context|long context beta/i.test(message)
    },
    now
  )
}

/** A body without `error.message` is quoted whole: relays wrap the vendor's error in shapes of their own. */
const textOf = (json: unknown): string => textIn(json, 'message') ?? detailIn(json) ?? JSON.stringify(json)

/** An error event, in the shape of a plain error answer. */
export function errorOfEvent(json: unknown, text: string): NonNullable<StreamFacts['error']> {
  const error = objectIn(json, 'error')
  const status = entryOf(STATUS_OF_TYPE, textIn(error, 'type') ?? '') ?? 500
  const whole =
    error !== null && isObject(json)
      ? { type: 'error', ...json }
      : { type: 'error', error: { type: 'api_error', message: text.slice(0, 1000) }, request_id: null }
  return { status, body: Buffer.from(JSON.stringify(whole)) }
}

const TYPE_OF_STATUS: Readonly<Record<number, ErrorType | 'request_too_large'>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error'
}

/** What the vendor's SDKs recover from by themselves: `ThreadUnsupportedRequestErrorDetails` and its neighbours in its types. */
const DETAILS: Partial<Readonly<Record<RefusalKind, JsonObject>>> = {
  thread_not_found: { error_code: 'thread_not_found' },
  thread_unsupported: { error_code: 'thread_unsupported_request', unsupported: ['thread'] }
}

/** Our own errors as Anthropic would put them; those of others have their maker's id in a header, if any. */
export function renderRefusal({ kind, status, message, requestId }: Refusal): ErrorAnswer {
  const type = TYPE_OF_STATUS[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  const details = DETAILS[kind]
  const error = details === undefined ? { type, message } : { type, message, details }
  const body = { type: 'error', error, ...(requestId === '' ? {} : { request_id: requestId }) }
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) }
}
