import { rawAt, rawObject, valueAt } from '../answer-bytes'
import { errorOfAnswer, unless } from '../answer-error'
import { parseJson, type JsonObject } from '../foreign-json'
import type { AnswerFacts, Route } from '../protocol'
import { errorOfEvent, renderRefusal } from './error'
import { tokenUsage } from './usage'

/** What is read of an unstreamed message. A token count spends no tokens, so it has no usage. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = route.operation === 'generate' ? rawObject(body, 'usage', tail) : null
  const textAt = (...path: readonly [string, ...string[]]): string | null => {
    const value = tail ? undefined : valueAt(body, ...path)
    return typeof value === 'string' ? value : null
  }
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: textAt('container', 'id'),
    itemIds: [],
    messageId: textAt('id'),
    error: tail ? null : errorOfAnswer(body, { ...RULES, whyNone: route.operation === 'generate' ? whyNone : isAny })
  }
}

const RULES = { statusOf: (error: JsonObject | string) => errorOfEvent({ error }, '').status, render: renderRefusal }
const isAny = (): null => null

/** An empty list of blocks is an answer: a model may end its turn without a word. */
const whyNone = (body: Buffer): string | null => unless(rawAt(body, 'content')?.startsWith('[') ?? false, body)
