import { isObjectText, skipSpace } from './json-span'
import type { Headers, Route } from './protocol'

const OPEN_OBJECT = 0x7b

/** An unstreamed answer with a status below 300. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** false: `body` is only its beginning, for the rest is too long to wait for. */
  readonly whole: boolean
}

/**
 * Why a 2xx is no answer to a call that every vendor answers with a JSON object: a sign-in page, an empty body, a relay
 * that broke. null when it is one. The words follow "The upstream".
 */
export function whyNoAnswer(route: Route, { status, headers, body, whole }: PlainAnswer): string | null {
  // What is deleted or cancelled has nothing to say.
  if (whole && body.length === 0 && route.operation === 'response_state') return null
  const isAnswer = whole ? isObjectText(body) : body[skipSpace(body, 0)] === OPEN_OBJECT
  return isAnswer ? null : `answered ${status} with ${whatCame(headers, body)}; check the base URL`
}

function whatCame(headers: Headers, body: Buffer): string {
  if (body.length === 0) return 'an empty body instead of JSON'
  const type = mediaType(headers)
  if (type === '') return 'something that is no JSON object'
  return /[/+]json$/.test(type) ? `${type} that is no JSON object` : `${type} instead of JSON`
}

/** `text/html; charset=utf-8` → `text/html`; '' when there is none. */
export function mediaType(headers: Headers): string {
  const type = headers['content-type']
  return typeof type === 'string' ? (type.split(';', 1)[0] ?? '').trim().toLowerCase().slice(0, 100) : ''
}
