import { isList, memberOf, textIn } from './foreign-json'

/** More of them say nothing new, and a client can cause one for each of its messages. */
const MOST_TOLD = 5

/**
 * The words of FastAPI, which vLLM and many relays are built with: `detail`, a text or a list of `{loc, msg}`; null where there
 * are none. https://fastapi.tiangolo.com/tutorial/handling-errors
 */
export function detailIn(json: unknown): string | null {
  const detail = memberOf(json, 'detail')
  if (!isList(detail)) return textIn(json, 'detail') ?? textIn(detail, 'message') ?? textIn(detail, 'msg')
  const words = detail.slice(0, MOST_TOLD).flatMap((one) => problemIn(one) ?? [])
  return words.length === 0 ? null : words.join('; ')
}

function problemIn(one: unknown): string | null {
  if (typeof one === 'string') return one
  const words = textIn(one, 'msg')
  const place = memberOf(one, 'loc')
  return words === null || !isList(place) || place.length === 0 ? words : `${place.map(String).join('.')}: ${words}`
}
