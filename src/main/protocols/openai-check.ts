import { numberOf } from './exact-json'
import { isList, isObject, type JsonObject } from './foreign-json'
import { UnreadableRequest } from './translator'

/** What OpenAI says of members of a wrong type, in the words of both its protocols. */

export function refuseType(path: string, expected: string, value: unknown): never {
  throw new UnreadableRequest(`Invalid type for '${path}': expected ${expected}, but got ${typeOf(value)} instead.`)
}

export function refuseRole(path: string, role: unknown, known: readonly string[]): never {
  if ((role ?? null) === null) throw new UnreadableRequest(`Missing required parameter: '${path}'.`)
  if (typeof role !== 'string') refuseType(path, 'a string', role)
  const values = known.map((one) => `'${one}'`).join(', ')
  throw new UnreadableRequest(`Invalid value: '${role.slice(0, 100)}' of '${path}'. Supported values are: ${values}.`)
}

function typeOf(value: unknown): string {
  if ((value ?? null) === null) return 'null'
  if (isList(value)) return 'an array'
  const number = numberOf(value)
  if (number !== null) return Number.isInteger(number) ? 'an integer' : 'a number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A limit of tokens, where there is one. */
export function checkLimit(body: JsonObject, name: string): void {
  const told = body[name] ?? null
  if (told === null) return
  const limit = numberOf(told)
  if (limit === null || !Number.isInteger(limit)) refuseType(name, 'an integer', told)
  if (limit < 1) {
    throw new UnreadableRequest(
      `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${limit} instead.`
    )
  }
}

/** A list, where there is something. */
export function checkList(body: JsonObject, name: string): void {
  const list = body[name] ?? null
  if (list !== null && !isList(list)) refuseType(name, 'an array of objects', list)
}

const TEXTS: readonly unknown[] = ['text', 'input_text', 'output_text']

/** A text or a list of parts; some clients have plain texts among them. */
export function checkContent(content: unknown, path: string): void {
  if (typeof content === 'string') return
  if (!isList(content)) refuseType(path, 'one of a string or array of objects', content)
  for (const [index, part] of content.entries()) {
    if (typeof part === 'string') continue
    const at = `${path}[${index}]`
    if (!isObject(part)) refuseType(at, 'an object', part)
    if (TEXTS.includes(part['type']) && typeof part['text'] !== 'string')
      refuseType(`${at}.text`, 'a string', part['text'])
  }
}
