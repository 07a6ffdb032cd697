import { isList, isObject } from './foreign-json'

/**
 * JSON as it goes out, `null` for what JSON has no word for.
 *
 * The members of an object and the elements of its lists are written one by one. V8 builds a large text as one string that
 * it copies as it grows, so a request of 1 MB written whole takes four times as long (`npm run bench:translate`).
 */
export function jsonBytes(value: unknown): Buffer {
  const pieces: string[] = []
  if (isObject(value)) writeObject(value, pieces)
  else pieces.push(textOf(value))
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)))
}

function writeObject(object: object, pieces: string[]): void {
  let separator = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    pieces.push(`${separator}${JSON.stringify(key)}:`)
    if (isList(value)) writeList(value, pieces)
    else pieces.push(textOf(value))
    separator = ','
  }
  pieces.push(separator === '{' ? '{}' : '}')
}

function writeList(list: readonly unknown[], pieces: string[]): void {
  let separator = '['
  for (const element of list) {
    pieces.push(separator + textOf(element))
    separator = ','
  }
  pieces.push(separator === '[' ? '[]' : ']')
}

/** JSON.stringify promises a string and gives none for `undefined`, which stands as null in a list. */
function textOf(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value)
}
