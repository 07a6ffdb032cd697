import { numberOf } from '../exact-json'
import { isList, isObject, type JsonObject } from '../foreign-json'
import { UnreadableRequest } from '../translator'

/**
 * Refuses what carries the meaning and has a wrong type, in the words and with the path of the vendor, since leaving it out would
 * make another conversation of it. Types of blocks that are not known are passed over, and told as lost.
 * @throws UnreadableRequest
 */
export function checkRequest(body: JsonObject): void {
  const { messages, max_tokens, tools, system } = body
  if (!isList(messages)) refuse('messages', messages === undefined ? REQUIRED : 'Input should be a valid list')
  if (messages.length === 0) refuse('messages', 'at least one message is required')
  if ((max_tokens ?? null) !== null) checkLimit(max_tokens)
  if ((tools ?? null) !== null && !isList(tools)) refuse('tools', 'Input should be a valid list')
  if ((system ?? null) !== null) checkContent(system, 'system')
  for (const [index, message] of messages.entries()) checkMessage(message, `messages.${index}`)
}

const REQUIRED = 'Field required'

function refuse(path: string, problem: string): never {
  throw new UnreadableRequest(`${path}: ${problem}`)
}

/** 0 only fills the vendor's prompt cache. */
function checkLimit(told: unknown): void {
  const limit = numberOf(told)
  if (limit === null || !Number.isInteger(limit)) refuse('max_tokens', 'Input should be a valid integer')
  if (limit < 0) refuse('max_tokens', 'Input should be greater than or equal to 1')
}

const ROLES: readonly unknown[] = ['user', 'assistant', 'system']

function checkMessage(message: unknown, path: string): void {
  if (!isObject(message)) refuse(path, 'Input should be a valid dictionary')
  if (!ROLES.includes(message['role'])) refuse(`${path}.role`, "Input should be 'user' or 'assistant'")
  checkContent(message['content'], `${path}.content`)
}

function checkContent(content: unknown, path: string): void {
  if (typeof content === 'string') return
  if (!isList(content)) refuse(path, content === undefined ? REQUIRED : 'Input should be a valid list')
  for (const [index, block] of content.entries()) checkBlock(block, `${path}.${index}`)
}

/** What a block of a type can't be without; and how its absence is told. */
const NEEDS = new Map<unknown, readonly [string, (value: unknown) => boolean, string]>([
  ['text', ['text', (value) => typeof value === 'string', 'Input should be a valid string']],
  ['image', ['source', isObject, REQUIRED]],
  ['document', ['source', isObject, REQUIRED]],
  ['tool_use', ['name', (value) => typeof value === 'string', REQUIRED]],
  ['tool_result', ['tool_use_id', (value) => typeof value === 'string', REQUIRED]]
])

function checkBlock(block: unknown, path: string): void {
  if (!isObject(block)) refuse(path, 'Input should be a valid dictionary')
  const needed = NEEDS.get(block['type'])
  if (needed === undefined) return
  const at = `${path}.${String(block['type'])}`
  const [member, fits, problem] = needed
  if (!fits(block[member])) refuse(`${at}.${member}`, problem)
  const { type, content } = block
  if (type === 'tool_result' && (content ?? null) !== null) checkContent(content, `${at}.content`)
}
