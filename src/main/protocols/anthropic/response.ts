import { carriesError, rawObject, valueAt } from '../answer-bytes'
import { parseJson } from '../foreign-json'
import type { AnswerFacts, Route } from '../protocol'
import { tokenUsage } from './usage'

/** What is read of an unstreamed message. A token count spends no tokens, so it has no usage. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = route.operation === 'generate' ? rawObject(body, 'usage', tail) : null
  const container = tail ? undefined : valueAt(body, 'container', 'id')
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: typeof container === 'string' ? container : null,
    itemIds: [],
    error: !tail && carriesError(body)
  }
}
