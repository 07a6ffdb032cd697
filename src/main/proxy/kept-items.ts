import { isObject, textIn, type JsonObject } from '../protocols/foreign-json'

/** https://platform.openai.com/docs/api-reference/responses/input-items: so many on a page unless asked otherwise, and at most. */
const USUAL_LIMIT = 20
const HIGHEST_LIMIT = 100

/**
 * One page of what a request added, as `GET /v1/responses/{id}/input_items` lists it: the newest first, unless `order` says
 * otherwise. Items that their client gave no id get one that stays the same from page to page.
 */
export function listKeptItems(items: readonly unknown[], responseId: string, query: string): JsonObject {
  const asked = new URLSearchParams(query)
  const listed = items.filter(isObject).map((item, index) => withId(item, responseId, index))
  if (asked.get('order') !== 'asc') listed.reverse()
  const after = asked.get('after')
  const start = after === null ? 0 : listed.findIndex(({ id }) => id === after) + 1
  const limit = Math.min(Math.max(Number.parseInt(asked.get('limit') ?? '', 10) || USUAL_LIMIT, 1), HIGHEST_LIMIT)
  const data = listed.slice(start, start + limit)
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
  return { object: 'list', data, ...ends, has_more: start + limit < listed.length }
}

function withId(item: JsonObject, responseId: string, index: number): JsonObject & { readonly id: string } {
  const type = textIn(item, 'type') ?? 'message'
  const prefix = type === 'message' ? 'msg' : 'item'
  return { ...item, type, id: textIn(item, 'id') ?? `${prefix}_${responseId.replace(/^resp_/, '')}_${index}` }
}
