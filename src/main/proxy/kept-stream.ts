import { listIn, textIn, type JsonObject } from '../protocols/foreign-json'

/**
 * A kept answer as `GET /v1/responses/{id}?stream=true` tells it, its items whole. Which events it went out with is not kept, so
 * after any of them (`starting_after`) comes the last one, which has all of the answer:
 * https://platform.openai.com/docs/api-reference/responses/get
 */
export function streamOfKept(response: JsonObject, query: string): Buffer {
  const isWhole = textIn(response, 'status') !== 'incomplete'
  const last = { type: isWhole ? 'response.completed' : 'response.incomplete', response }
  const after = new URLSearchParams(query).get('starting_after')
  const events: readonly Event[] = after === null ? [...begin(response), last] : [last]
  const first = after === null ? 0 : (Number.parseInt(after, 10) || 0) + 1
  const texts = events.map(
    ({ type, ...members }, index) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: first + index, ...members })}\n\n`
  )
  return Buffer.from(texts.join(''))
}

type Event = JsonObject & { readonly type: string }

function begin(response: JsonObject): readonly Event[] {
  const begun = { ...response, status: 'in_progress', output: [], usage: null }
  const items = listIn(response, 'output').flatMap((item, output_index) => [
    { type: 'response.output_item.added', output_index, item },
    { type: 'response.output_item.done', output_index, item }
  ])
  return [{ type: 'response.created', response: begun }, { type: 'response.in_progress', response: begun }, ...items]
}
