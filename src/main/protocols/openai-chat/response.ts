import { rawAt, rawObject } from '../answer-bytes'
import { errorOfAnswer, unless } from '../answer-error'
import { isList, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import { errorOfEvent } from '../openai-errors'
import { serviceTierOf, withServiceTier } from '../openai-service-tier'
import type { AnswerFacts, Route } from '../protocol'
import { renderRefusal } from './error'
import { failureOf, MAY_HAVE_FAILED } from './finish'
import { tokenUsage } from './usage'

/** What is read of an unstreamed chat answer, completion or list of embeddings. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = withServiceTier(rawObject(body, 'usage', tail), serviceTierOf(body, tail))
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: null,
    itemIds: [],
    messageId: null,
    error: tail ? null : errorOfAnswer(body, { ...RULES, whyNone: route.operation === 'generate' ? whyNone : isAny })
  }
}

const RULES = { statusOf: (error: JsonObject | string) => errorOfEvent(error).status, render: renderRefusal }
/** Completions and embeddings have other members. */
const isAny = (): null => null

/** Choices of so many bytes say something; only shorter ones are parsed to see. */
const SHORT = 4096

function whyNone(body: Buffer): string | null {
  const raw = rawAt(body, 'choices') ?? ''
  if (raw.length > SHORT && !MAY_HAVE_FAILED.test(raw)) return null
  const choices = parseJson(raw)
  if (!isList(choices) || !choices.some(saysSomething)) return unless(false, body)
  return failureOf(choices[0])
}

const saysSomething = (choice: unknown): boolean =>
  objectIn(choice, 'message') !== null || textIn(choice, 'text') !== null
