import { rawAt, rawObject, valueAt } from '../answer-bytes'
import { errorOfAnswer, unless } from '../answer-error'
import { parseJson, textIn, type JsonObject } from '../foreign-json'
import { serviceTierOf, withServiceTier } from '../openai-service-tier'
import { errorOfEvent } from '../openai-errors'
import type { AnswerFacts, Route } from '../protocol'
import { renderRefusal } from './error'
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
    messageId: null,
    error: isGenerated && !tail ? errorOfAnswer(body, RULES) : null
  }
}

const RULES = {
  statusOf: (error: JsonObject | string) => errorOfEvent(error).status,
  render: renderRefusal,
  /** One in the background has nothing to say yet. */
  whyNone: (body: Buffer): string | null => {
    const status = valueAt(body, 'status')
    const isWaiting = status === 'queued' || status === 'in_progress'
    return unless(isWaiting || (status !== 'failed' && rawAt(body, 'output')?.startsWith('[') === true), body)
  }
}

/** Items are kept by the vendor unless `store` is false. */
function storedItems(body: Buffer): readonly string[] {
  const output = valueAt(body, 'store') === false ? undefined : valueAt(body, 'output')
  return Array.isArray(output) ? output.flatMap((item: unknown) => textIn(item, 'id') ?? []) : []
}
