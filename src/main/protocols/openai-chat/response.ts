import { carriesError, rawObject } from '../answer-bytes'
import { parseJson } from '../foreign-json'
import { serviceTierOf, withServiceTier } from '../openai-service-tier'
import type { AnswerFacts } from '../protocol'
import { tokenUsage } from './usage'

/** What is read of an unstreamed chat answer, completion or list of embeddings. */
export function readAnswer(body: Buffer, tail: boolean): AnswerFacts {
  const rawUsage = withServiceTier(rawObject(body, 'usage', tail), serviceTierOf(body, tail))
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: null,
    itemIds: [],
    error: !tail && carriesError(body)
  }
}
