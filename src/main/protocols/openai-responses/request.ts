import { isObject, listIn, memberOf, textIn, textsOf } from '../foreign-json'
import { isReference } from '../item-reference'
import type { RequestFacts, Route } from '../protocol'
import { isWrapped, MADE_UP } from '../signatures'

const SYSTEM_ROLES: readonly string[] = ['system', 'developer']

/** What routing needs of a Responses request. `input` is a text or a list of items. */
export function readRequest(route: Route, body: unknown): RequestFacts {
  const input = memberOf(body, 'input')
  const items = listIn(body, 'input')
  return {
    model: textIn(body, 'model'),
    stream: memberOf(body, 'stream') === true,
    sessionId: null,
    promptCacheKey: textIn(body, 'prompt_cache_key'),
    sessionText: sessionText(body, input, items),
    hasAssistantTurn: items.some(isModelsOwn),
    stateId: route.stateId ?? stateOf(body, items),
    inThread: false,
    asksForUsage: true
  }
}

function sessionText(body: unknown, input: unknown, items: readonly unknown[]): string {
  const instructions = textsOf(memberOf(body, 'instructions'))
  if (typeof input === 'string') return [...instructions, input].join('\n')
  const system = items.filter((item) => SYSTEM_ROLES.includes(textIn(item, 'role') ?? ''))
  const firstUser = items.find((item) => textIn(item, 'role') === 'user')
  return [...instructions, ...[...system, firstUser].flatMap((item) => textsOf(memberOf(item, 'content')))].join('\n')
}

/** Messages of the assistant, calls and reasoning: what a model made. */
function isModelsOwn(item: unknown): boolean {
  const type = textIn(item, 'type') ?? ''
  return textIn(item, 'role') === 'assistant' || type === 'reasoning' || type.endsWith('_call')
}

/** A response to go on from, an item or a conversation that is stored, a container of a tool: all live with one account. */
function stateOf(body: unknown, items: readonly unknown[]): string | null {
  const conversation = memberOf(body, 'conversation')
  const reference = items.find(isReference)
  const containers = listIn(body, 'tools').map((tool) => textIn(tool, 'container'))
  return (
    textIn(body, 'previous_response_id') ??
    textIn(body, 'conversation') ??
    textIn(conversation, 'id') ??
    textIn(reference, 'id') ??
    containers.find((container) => container !== null) ??
    null
  )
}

const isEncrypted = (item: unknown): boolean =>
  textIn(item, 'type') === 'reasoning' && textIn(item, 'encrypted_content') !== null

/** Items that are bound to their reasoning by their id; without it they stand for themselves. */
const FOLLOWERS: readonly string[] = ['message', 'function_call', 'custom_tool_call']

/**
 * B14: the same input without encrypted reasoning; null when there is none. What else the model made loses its id, since
 * OpenAI refuses an item whose reasoning is gone. A compaction is left, though encrypted: it is the conversation.
 */
export function stripSignatures(body: unknown): unknown {
  if (!isObject(body)) return null
  const items = listIn(body, 'input')
  if (!items.some(isEncrypted)) return null
  return { ...body, input: items.filter((item) => !isEncrypted(item)).map(withoutId) }
}

const MADE_UP_ID = new RegExp(`^[a-z]+_${MADE_UP}`)
const isMadeUp = (item: unknown): boolean => MADE_UP_ID.test(textIn(item, 'id') ?? '')

/** What the vendor looks for in its own store, or decrypts. */
const HELD_BY_VENDOR: readonly string[] = [
  'reasoning',
  'web_search_call',
  'code_interpreter_call',
  'image_generation_call'
]

/** Reasoning, searches and the like of another vendor go; what else it made loses the ids that OpenAI did not give. */
export function stripForeign(body: unknown): unknown {
  if (!isObject(body)) return null
  const items = listIn(body, 'input')
  const isForeign = (item: unknown): boolean => isMadeUp(item) || isWrapped(memberOf(item, 'encrypted_content'))
  if (!items.some(isForeign)) return null
  const isKept = (item: unknown): boolean => !isForeign(item) || !HELD_BY_VENDOR.includes(textIn(item, 'type') ?? '')
  return { ...body, input: items.filter(isKept).map((item) => (isMadeUp(item) ? withoutId(item) : item)) }
}

function withoutId(item: unknown): unknown {
  if (!isObject(item) || !isModelsOwn(item) || !FOLLOWERS.includes(textIn(item, 'type') ?? '')) return item
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'id'))
}
