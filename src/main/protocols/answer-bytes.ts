import { parseJson } from './foreign-json'
import { lastObjectSpan, pathSpan, type Span } from './json-span'

/** Reads single members of an unstreamed answer, which may be megabytes of content around a hundred bytes of usage. */

const textAt = (body: Buffer, span: Span | null): string | null =>
  span === null ? null : body.toString('utf8', span.start, span.end)

/** A member's JSON text at a path of names; null where there is none. */
export const rawAt = (body: Buffer, ...path: readonly string[]): string | null => textAt(body, pathSpan(body, ...path))

/** A member's value at a path of names; undefined where there is none. */
export function valueAt(body: Buffer, ...path: readonly string[]): unknown {
  const raw = rawAt(body, ...path)
  return raw === null ? undefined : parseJson(raw)
}

/** The text of a top-level object; of a tail, the last object of that name. */
export const rawObject = (body: Buffer, key: string, tail: boolean): string | null =>
  tail ? textAt(body, lastObjectSpan(body, key)) : rawAt(body, key)
