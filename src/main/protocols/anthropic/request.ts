import { messagesModel } from '../claude-model'
import {
  isObject,
  listIn,
  memberOf,
  objectIn,
  parseJson,
  textIn,
  textsOf,
  without,
  type JsonObject
} from '../foreign-json'
import type { Losses } from '../losses'
import type { RequestFacts } from '../protocol'
import { isWrapped, MADE_UP } from '../signatures'

/** Claude Code's first system block changes with each build, so it belongs to no session (B10) and to no other vendor. */
const BILLING_HEADER = 'x-anthropic-billing-header'
export const isBillingHeader = (text: string): boolean => text.startsWith(BILLING_HEADER)

/** What routing needs of a Messages request. */
export function readRequest(body: unknown): RequestFacts {
  const messages = listIn(body, 'messages')
  const firstUser = messages.find((message) => textIn(message, 'role') === 'user')
  const system = textsOf(memberOf(body, 'system')).filter((text) => !isBillingHeader(text))
  return {
    model: textIn(body, 'model'),
    stream: memberOf(body, 'stream') === true,
    sessionId: sessionOf(textIn(memberOf(body, 'metadata'), 'user_id')),
    promptCacheKey: null,
    sessionText: [...system, ...textsOf(memberOf(firstUser, 'content'))].join('\n'),
    hasAssistantTurn: messages.some((message) => textIn(message, 'role') === 'assistant'),
    stateId: stateOf(body),
    inThread: objectIn(body, 'thread') !== null,
    asksForUsage: true
  }
}

/** New Claude Code sends a JSON string with `session_id`, old `user_…_account_…_session_<uuid>` (clients.md). */
function sessionOf(userId: string | null): string | null {
  if (userId === null) return null
  if (userId.startsWith('{')) return textIn(parseJson(userId), 'session_id')
  const at = userId.lastIndexOf('_session_')
  return at === -1 ? null : userId.slice(at + '_session_'.length) || null
}

/** A thread to go on with, or a container: both live on the account that made them. */
function stateOf(body: unknown): string | null {
  return (
    textIn(memberOf(body, 'thread'), 'previous_message_id') ??
    textIn(body, 'container') ??
    textIn(memberOf(body, 'container'), 'id')
  )
}

const isThinking = (block: unknown): boolean => {
  const type = textIn(block, 'type')
  return type === 'thinking' || type === 'redacted_thinking'
}

/**
 * B14: all thinking is taken out, since a signature covers what stands before it. In a tool loop a turn with manual
 * thinking must begin with a thinking block, so there it is switched off as well. null when neither changes anything.
 */
export function stripSignatures(body: unknown, _model: string | null, losses: Losses): unknown {
  if (!isObject(body)) return null
  const messages = listIn(body, 'messages')
  const hadThinking = messages.some((message) => listIn(message, 'content').some(isThinking))
  const mustSwitchOff = isManual(body) && isToolLoop(messages)
  if (!hadThinking && !mustSwitchOff) return null
  const stripped = { ...body, messages: messages.flatMap(withoutThinking) }
  return mustSwitchOff ? withoutManualThinking(stripped, losses) : stripped
}

const withoutThinking = (message: unknown): readonly unknown[] => withoutBlocks(message, isThinking)

/** A message that held nothing else goes: an empty one is refused. */
function withoutBlocks(message: unknown, isOut: (block: unknown) => boolean): readonly unknown[] {
  const content = listIn(message, 'content')
  if (!isObject(message) || !content.some(isOut)) return [message]
  const kept = content.filter((block) => !isOut(block))
  return kept.length === 0 ? [] : [{ ...message, content: kept }]
}

/** Begins the ids of a search and the like that another vendor did. */
export const HOSTED_ID = `srvtoolu_${MADE_UP}`

/**
 * Thinking that another vendor signed, or nobody: Anthropic always signs, others that speak its protocol need not. Searches that
 * another vendor made, and citations from them: Anthropic's are encrypted. In a tool loop that then begins without thinking,
 * or that another vendor began without any, it is switched off, as above.
 */
export function stripForeign(body: unknown, model: string | null, losses: Losses): unknown {
  if (!isObject(body)) return null
  const { isClaude } = messagesModel(model ?? '')
  const isOut = (block: unknown): boolean => isForeign(block, isClaude)
  const messages = listIn(body, 'messages')
  const isTouched = (block: unknown): boolean => isOut(block) || citesForeign(block)
  const isForeignLoop = isClaude && isManual(body) && isToolLoop(messages) && isForeignStart(startOfLoop(messages))
  const hasForeign = messages.some((message) => listIn(message, 'content').some(isTouched))
  if (!hasForeign && !isForeignLoop) return null
  const kept = messages.flatMap((message) => withoutBlocks(message, isOut)).map(withOwnCitations)
  const stripped = { ...body, messages: kept }
  if (!isManual(body) || !isToolLoop(kept) || isThinking(startOfLoop(kept)[0])) return stripped
  return withoutManualThinking(stripped, losses)
}

/** Anthropic's own calls have ids that begin with `toolu_`, on Bedrock and Vertex too; other vendors' keep theirs. */
const isForeignStart = (content: readonly unknown[]): boolean =>
  !isThinking(content[0]) &&
  content.some((block) => textIn(block, 'type') === 'tool_use' && textIn(block, 'id')?.startsWith('toolu_') === false)

function isForeign(block: unknown, isClaude: boolean): boolean {
  if (!isObject(block)) return false
  if (isThinking(block)) return isWrapped(block['signature']) || (isClaude && block['signature'] === '')
  return [block['id'], block['tool_use_id']].some((id) => typeof id === 'string' && id.startsWith(HOSTED_ID))
}

const isForeignCitation = (citation: unknown): boolean => memberOf(citation, 'encrypted_index') === ''

const citesForeign = (block: unknown): boolean => listIn(block, 'citations').some(isForeignCitation)

function withOwnCitations(message: unknown): unknown {
  const content = listIn(message, 'content')
  if (!isObject(message) || !content.some(citesForeign)) return message
  return { ...message, content: content.map((block) => (isObject(block) ? withoutForeignCitations(block) : block)) }
}

function withoutForeignCitations(block: JsonObject): JsonObject {
  if (!citesForeign(block)) return block
  const citations = listIn(block, 'citations').filter((citation) => !isForeignCitation(citation))
  return citations.length === 0 ? without(block, 'citations') : { ...block, citations }
}

/** The content of the turn that a tool loop began with, behind what the user last said. */
function startOfLoop(messages: readonly unknown[]): readonly unknown[] {
  const asked = messages.findLastIndex((message) => textIn(message, 'role') === 'user' && !isToolLoop([message]))
  return listIn(messages[asked + 1], 'content')
}

const isManual = (body: JsonObject): boolean => textIn(body['thinking'], 'type') === 'enabled'

function isToolLoop(messages: readonly unknown[]): boolean {
  const last = messages.findLast((message) => textIn(message, 'role') === 'user')
  return listIn(last, 'content').some((block) => textIn(block, 'type') === 'tool_result')
}

/** `clear_thinking_…` edits are refused where thinking is off. */
function withoutManualThinking(body: JsonObject, losses: Losses): JsonObject {
  losses.add('reasoning', 'off in a tool loop without signed thinking')
  const rest = without(body, 'thinking')
  const management = objectIn(rest, 'context_management')
  if (management === null) return rest
  const edits = listIn(management, 'edits').filter((edit) => !textIn(edit, 'type')?.startsWith('clear_thinking'))
  return { ...rest, context_management: { ...management, edits } }
}
