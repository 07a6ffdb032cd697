import { numberOf } from '../exact-json'
import { isList, isObject, type JsonObject } from '../foreign-json'
import { listNamed, memberNamed, objectNamed } from '../proto-json'
import { UnreadableRequest } from '../translator'

/**
 * Refuses what carries the meaning and has a wrong type, with its path, since leaving it out would make another conversation of
 * it. Kinds of parts that are not known are passed over, and told as lost.
 * @throws UnreadableRequest
 */
export function checkRequest(request: JsonObject): void {
  const contents = memberNamed(request, 'contents')
  if (contents === undefined || (isList(contents) && contents.length === 0))
    refuse('contents', 'contents is not specified')
  if (!isListOrOne(contents)) refuse('contents', 'must be a list')
  const tools = memberNamed(request, 'tools')
  if (tools !== undefined && !isListOrOne(tools)) refuse('tools', 'must be a list')
  checkSystem(memberNamed(request, 'systemInstruction'))
  const limit = memberNamed(objectNamed(request, 'generationConfig'), 'maxOutputTokens')
  if (limit !== undefined && readLimit(limit) === null) {
    refuse('generation_config.max_output_tokens', 'max_output_tokens must be a positive integer')
  }
  for (const [index, content] of listNamed(request, 'contents').entries()) checkContent(content, `contents[${index}]`)
}

/** The JSON of protocol buffers takes a number as a text as well: https://protobuf.dev/programming-guides/json. null: none. */
export function readLimit(limit: unknown): number | null {
  const number = typeof limit === 'string' && /^\d+$/.test(limit) ? Number(limit) : numberOf(limit)
  return number !== null && Number.isInteger(number) && number > 0 ? number : null
}

function refuse(path: string, problem: string): never {
  throw new UnreadableRequest(`* GenerateContentRequest.${path}: ${problem}`)
}

/** The last ones from older and other clients of Google's. */
const ROLES: readonly unknown[] = ['', 'user', 'model', 'function', 'tool', 'system']

function checkContent(content: unknown, path: string): void {
  if (!isObject(content)) refuse(path, 'must be an object')
  const { role, parts } = content
  if (!ROLES.includes(role ?? '')) refuse(`${path}.role`, 'Please use a valid role: user, model.')
  if (!isListOrOne(parts))
    refuse(`${path}.parts`, parts === undefined ? 'contents.parts must not be empty.' : 'must be a list')
  checkParts(content, path)
}

function checkParts(content: JsonObject, path: string): void {
  for (const [index, part] of listNamed(content, 'parts').entries()) {
    if (!isObject(part)) refuse(`${path}.parts[${index}]`, 'must be an object')
    if (typeof (part['text'] ?? '') !== 'string') refuse(`${path}.parts[${index}].text`, 'must be a string')
  }
}

/** A content; its text alone says as much. */
function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === 'string') return
  if (!isObject(system)) refuse('system_instruction', 'must be an object')
  if (system['parts'] !== undefined && !isListOrOne(system['parts']))
    refuse('system_instruction.parts', 'must be a list')
  checkParts(system, 'system_instruction')
}

/** One object stands for a list of itself, as Google's parsers read it. */
const isListOrOne = (value: unknown): boolean => isList(value) || isObject(value)
