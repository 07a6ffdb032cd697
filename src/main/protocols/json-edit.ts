import { memberSpan, skipSpace, wholeMemberSpans, type Span } from './json-span'

/** Changes to a JSON object's bytes that leave all others as they came (B13). The body was parsed before, so it is valid. */

const splice = (body: Buffer, start: number, end: number, raw: string): Buffer =>
  Buffer.concat([body.subarray(0, start), Buffer.from(raw), body.subarray(end)])

/**
 * Puts a string in the place of a top-level member's value. Of several of the same name the last, which is the one that
 * counts. Without such a member the body comes back as it is.
 */
export function replaceTopLevelString(body: Buffer, key: string, value: string): Buffer {
  const span = memberSpan(body, key)
  return span === null ? body : splice(body, span.start, span.end, JSON.stringify(value))
}

/** Puts a string in the place of each of these values. */
export function replaceStrings(body: Buffer, spans: readonly Span[], value: string): Buffer {
  const raw = Buffer.from(JSON.stringify(value))
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    pieces.push(body.subarray(from, start), raw)
    from = end
  }
  return from === 0 ? body : Buffer.concat([...pieces, body.subarray(from)])
}

/** Sets a top-level member to a JSON text: in its place when it is there, else as the first one. */
export function insertTopLevel(body: Buffer, key: string, rawJson: string): Buffer {
  const span = memberSpan(body, key)
  if (span !== null) return splice(body, span.start, span.end, rawJson)
  const open = skipSpace(body, 0)
  if (body[open] !== 0x7b) return body
  const isEmpty = body[skipSpace(body, open + 1)] === 0x7d
  return splice(body, open + 1, open + 1, `${JSON.stringify(key)}:${rawJson}${isEmpty ? '' : ','}`)
}

/** Takes the top-level members of these names out, with the commas that belong to them. Without any the body comes back as it is. */
export function removeTopLevel(body: Buffer, keys: readonly string[]): Buffer {
  const spans = wholeMemberSpans(body, keys)
  if (spans.length === 0) return body
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end } of spans) {
    pieces.push(body.subarray(from, start))
    from = end
  }
  return Buffer.concat([...pieces, body.subarray(from)])
}
