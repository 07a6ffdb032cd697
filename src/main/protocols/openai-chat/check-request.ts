import { isList, isObject, type JsonObject } from '../foreign-json'
import { checkContent, checkLimit, checkList, refuseRole, refuseType } from '../openai-check'
import { UnreadableRequest } from '../translator'

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer']

/**
 * Refuses what carries the meaning and has a wrong type, with its path, since leaving it out would make another conversation of
 * it. Types of parts that are not known are passed over, and told as lost.
 * @throws UnreadableRequest
 */
export function checkRequest(body: JsonObject): void {
  const messages = body['messages'] ?? null
  if (messages === null) throw new UnreadableRequest("Missing required parameter: 'messages'.")
  if (!isList(messages)) refuseType('messages', 'an array of objects', messages)
  if (messages.length === 0) {
    throw new UnreadableRequest("Invalid 'messages': empty array. Expected an array with minimum length 1.")
  }
  for (const name of ['max_completion_tokens', 'max_tokens']) checkLimit(body, name)
  for (const name of ['tools', 'functions']) checkList(body, name)
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`)
}

/** Nothing at all is no wrong content: an assistant's that calls has none. */
function checkMessage(message: unknown, path: string): void {
  if (!isObject(message)) refuseType(path, 'an object', message)
  const { role, content } = message
  if (!ROLES.some((known) => known === role)) refuseRole(`${path}.role`, role, ROLES)
  if ((content ?? null) !== null) checkContent(content, `${path}.content`)
}
