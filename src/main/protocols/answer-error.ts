import { valueAt } from './answer-bytes'
import { isObject, jsonText, listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from './foreign-json'
import { saysModelMissing, saysNoFunds } from './judge-status'
import type { AnswerFacts, ErrorAnswer, Refusal, StreamFacts } from './protocol'

/** What is quoted of a body that says nothing in words, in characters. */
const QUOTED = 500

/** What a protocol knows of its own answers. */
export interface AnswerRules {
  /** The status that an error in a 200 stands for. */
  readonly statusOf: (error: JsonObject | string) => number
  /** What is wrong with a body that carries no error, in words; null for an answer. */
  readonly whyNone: (body: Buffer) => string | null
  readonly render: (refusal: Refusal) => ErrorAnswer
}

/**
 * B01: a whole body with a 2xx that is an error all the same, by the vendor's own member or because there is no answer in it:
 * relays tell of an empty purse in shapes of their own. `body` null: the answer's own is the error.
 */
export function errorOfAnswer(body: Buffer, { statusOf, whyNone, render }: AnswerRules): AnswerFacts['error'] {
  const carried = carriedError(body)
  if (carried !== null) return { status: statusOf(carried), body: null }
  const why = whyNone(body)
  return why === null ? null : renderComplaint(why, parseJson(body.toString('utf8')), render)
}

/** `{"error":{…}}` or `{"error":"…"}` with a status 200; `null`, `{}` and the like are none. */
function carriedError(body: Buffer): JsonObject | string | null {
  const error = valueAt(body, 'error')
  if (isObject(error)) return Object.keys(error).length > 0 ? error : null
  if (Array.isArray(error)) return error.length > 0 ? JSON.stringify(error) : null
  return typeof error === 'string' && error !== '' ? error : null
}

/** The words `why` as an error of a protocol, with the status that `json` and they stand for. */
export function renderComplaint(
  why: string,
  json: unknown,
  render: (refusal: Refusal) => ErrorAnswer
): NonNullable<StreamFacts['error']> {
  const status = statusOfWords(why, json)
  return { status, body: render({ kind: 'relayed', status, message: why, requestId: '' }).body }
}

/** What is not an answer, in its own words where it has some. */
export function noAnswerIn(json: unknown): string {
  if (json === null) return 'The upstream ended its answer before it had said anything'
  const words = wordsIn(json) ?? (jsonText(json) ?? '').slice(0, QUOTED)
  return `The upstream answered with no answer: ${words}`
}

/** The names under which relays put what they have to say (One API and its kin, MiniMax's `base_resp`, FastAPI's `detail`). */
const WORDS = [
  'message',
  'msg',
  'detail',
  'error_msg',
  'error_message',
  'errorMessage',
  'status_msg',
  'Message'
] as const

function wordsIn(json: unknown): string | null {
  for (const holder of [json, objectIn(json, 'base_resp'), listIn(json, 'errors')[0]]) {
    const words = WORDS.map((name) => textIn(holder, name)).find((text) => text !== null)
    if (words !== undefined) return words
  }
  return null
}

function statusOfWords(words: string, json: unknown): number {
  if (saysNoFunds(words)) return 402
  if (saysModelMissing(words, 404)) return 404
  const told = ['code', 'status', 'status_code', 'statusCode'].map((name) => numberIn(json, name))
  return told.find((code) => code !== null && code >= 400 && code < 600) ?? 502
}

/** Words for a body that lacks what every answer of its protocol has; null where it has it. */
export const unless = (isAnswer: boolean, body: Buffer): string | null =>
  isAnswer ? null : noAnswerIn(parseJson(body.toString('utf8')))
