import { rawAt, rawObject } from '../answer-bytes'
import { errorOfAnswer, unless } from '../answer-error'
import { parseJson, type JsonObject } from '../foreign-json'
import type { AnswerFacts, Route } from '../protocol'
import { errorOfEvent, renderRefusal } from './error'
import { tokenUsage } from './usage'

/** What is read of an unstreamed answer. A token count spends no tokens. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = route.operation === 'count_tokens' ? null : rawObject(body, 'usageMetadata', tail)
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
const isAny = (): null => null

/** A prompt that was blocked has no candidates. */
const whyNone = (body: Buffer): string | null =>
  unless(/^\[\s*\{/.test(rawAt(body, 'candidates') ?? '') || rawAt(body, 'promptFeedback') !== null, body)
