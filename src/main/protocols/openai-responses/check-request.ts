import { isList, isObject, type JsonObject } from '../foreign-json'
import { checkContent, checkLimit, checkList, refuseRole, refuseType } from '../openai-check'

const ROLES = ['assistant', 'system', 'developer', 'user']

/**
 * Refuses what carries the meaning and has a wrong type, with its path, since leaving it out would make another conversation of
 * it. Types of items and parts that are not known are passed over, and told as lost.
 * @throws UnreadableRequest
 */
export function checkRequest(body: JsonObject): void {
  const input = body['input'] ?? null
  const instructions = body['instructions'] ?? null
  if (instructions !== null && typeof instructions !== 'string') refuseType('instructions', 'a string', instructions)
  checkLimit(body, 'max_output_tokens')
  checkList(body, 'tools')
  if (input === null || typeof input === 'string') return
  if (!isList(input)) refuseType('input', 'one of a string or array of input items', input)
  for (const [index, item] of input.entries()) checkItem(item, `input[${index}]`)
}

function checkItem(item: unknown, path: string): void {
  if (!isObject(item)) refuseType(path, 'an object', item)
  const { type, role, content } = item
  if (type !== 'message' && ((type ?? null) !== null || (role ?? null) === null)) return
  if ((role ?? null) !== null && !ROLES.some((known) => known === role)) refuseRole(`${path}.role`, role, ROLES)
  checkContent(content, `${path}.content`)
}
