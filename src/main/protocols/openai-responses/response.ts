import { carriesError, rawObject, valueAt } from '../answer-bytes'
import { parseJson, textIn } from '../foreign-json'
import { serviceTierOf, withServiceTier } from '../openai-service-tier'
import type { AnswerFacts, Route } from '../protocol'
import { tokenUsage } from './usage'

/** What is read of an unstreamed response. A token count and a response that is read back spend no tokens. */
export function readAnswer(route: Route, body: Buffer, tail: boolean): AnswerFacts {
  const isGenerated = route.operation === 'generate'
  const rawUsage = isGenerated ? withServiceTier(rawObject(body, 'usage', tail), serviceTierOf(body, tail)) : null
  const id = isGenerated && !tail ? valueAt(body, 'id') : undefined
  return {
    usage: rawUsage === null ? null : tokenUsage(parseJson(rawUsage)),
    rawUsage,
    stateId: typeof id === 'string' && id !== '' ? id : null,
    itemIds: isGenerated && !tail ? storedItems(body) : [],
    error: isGenerated && !tail && carriesError(body)
  }
}

/** Items are kept by the vendor unless `store` is false. */
function storedItems(body: Buffer): readonly string[] {
  const output = valueAt(body, 'store') === false ? undefined : valueAt(body, 'output')
  return Array.isArray(output) ? output.flatMap((item: unknown) => textIn(item, 'id') ?? []) : []
}
