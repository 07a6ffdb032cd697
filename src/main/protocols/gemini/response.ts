import { carriesError, rawObject } from '../answer-bytes'
import { parseJson } from '../foreign-json'
import type { AnswerFacts, Route } from '../protocol'
import { tokenUsage } from './usage'

/** What is read of an unstreamed answer. A token count spends no tokens. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = route.operation === 'count_tokens' ? null : rawObject(body, 'usageMetadata', tail)
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: null,
    itemIds: [],
    error: !tail && carriesError(body)
  }
}
