import type { Conversation, OutputFormat, Part, Sampling, TextPart, Turn } from '../canonical'
import { decodeChoice } from '../claude-tool-choice'
import {
  countIn,
  entryOf,
  isObject,
  listIn,
  memberOf,
  numberIn,
  objectIn,
  parseJson,
  textIn,
  type JsonObject
} from '../foreign-json'
import type { Losses } from '../losses'
import { UnreadableRequest } from '../translator'
import { checkRequest } from './check-request'
import { cacheMarkOf, decodeBlock, decodeContent } from './content'
import { decodeThinking, decodeWish } from './reasoning'
import { isBillingHeader } from './request'
import { decodeToolResult, decodeTools, decodeToolUse } from './tools'

/**
 * What a Messages request means, in every version of the API and with its betas. Citations, cache marks and what only tunes the
 * vendor's own doings are no loss. https://platform.claude.com/docs/en/api/messages
 * @throws UnreadableRequest for what is no conversation, and for one that goes on in a thread
 */
export function decodeRequest(body: JsonObject, losses: Losses): Conversation {
  checkRequest(body)
  refuseThread(body)
  tellLost(body, losses)
  const turns = decodeTurns(listIn(body, 'messages'), losses)
  if (turns.length === 0) throw new UnreadableRequest('messages: at least one message with content is required')
  const firstTurn = turns.findIndex(({ role }) => role !== 'system')
  const leading = firstTurn === -1 ? turns : turns.slice(0, firstTurn)
  return {
    system: [...decodeSystem(body['system'], losses), ...leading.flatMap(({ parts }) => parts.filter(isText))],
    turns: firstTurn === -1 ? [] : turns.slice(firstTurn),
    tools: decodeTools(body, losses),
    ...decodeChoice(body),
    maxTokens: decodeMaxTokens(body),
    sampling: decodeSampling(body),
    reasoning: decodeWish(body),
    format: decodeFormat(body, losses),
    verbosity: null,
    userId: userIdOf(textIn(memberOf(body, 'metadata'), 'user_id')),
    serviceTier: SERVICE_TIER.get(body['service_tier']) ?? null,
    cacheKey: null,
    ...(isObject(body['cache_control']) && { cache: cacheMarkOf(body) })
  }
}

const isText = (part: Part): part is TextPart => part.type === 'text'

const decodeSystem = (system: unknown, losses: Losses): readonly TextPart[] =>
  decodeContent(system, losses)
    .filter(isText)
    .filter(({ text }) => !isBillingHeader(text))

const ROLES = { user: 'user', assistant: 'assistant', system: 'system' } as const
const isRole = (role: string): role is Turn['role'] => Object.hasOwn(ROLES, role)

function decodeTurns(messages: readonly unknown[], losses: Losses): readonly Turn[] {
  const names = new Map<string, string>()
  return messages.flatMap((message, turn): readonly Turn[] => {
    const role = textIn(message, 'role') ?? ''
    if (!isRole(role)) {
      losses.add('history', role)
      return []
    }
    const content = memberOf(message, 'content')
    const parts = Array.isArray(content) ? decodeBlocks(content, turn, names, losses) : decodeContent(content, losses)
    return parts.length === 0 ? [] : [{ role, parts }]
  })
}

function decodeBlocks(
  blocks: readonly unknown[],
  turn: number,
  names: Map<string, string>,
  losses: Losses
): readonly Part[] {
  const parts: Part[] = []
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block)) continue
    for (const part of decodePart(block, turn, index, names, losses)) parts.push(part)
  }
  return parts
}

function decodePart(
  block: JsonObject,
  turn: number,
  index: number,
  names: Map<string, string>,
  losses: Losses
): readonly Part[] {
  const type = textIn(block, 'type') ?? ''
  switch (type) {
    case 'thinking':
    case 'redacted_thinking':
      return listOf(decodeThinking(block))
    case 'tool_use': {
      const call = decodeToolUse(block, turn, index)
      if (call !== null) names.set(call.id, call.name)
      return listOf(call)
    }
    case 'tool_result':
      return listOf(decodeToolResult(block, names, losses))
    default:
      if (!isHosted(type)) return decodeBlock(block, losses)
      if (!isWithoutLoss(type, block))
        losses.add('hosted_history', textIn(block, 'name') ?? type.replace(/_tool_result$/, ''))
      return []
  }
}

const listOf = <T>(one: T | null): readonly T[] => (one === null ? [] : [one])

/** What the vendor's own tools and servers did: `server_tool_use`, `web_search_tool_result`, `mcp_tool_use`… */
const isHosted = (type: string): boolean =>
  type === 'server_tool_use' || type === 'fallback' || type.endsWith('_tool_result') || type.startsWith('mcp_tool_')

/** A search for tools that are all there, a fallback that is over. */
const isWithoutLoss = (type: string, block: JsonObject): boolean =>
  type === 'fallback' ||
  type === 'tool_search_tool_result' ||
  type === 'mcp_tool_listing' ||
  textIn(block, 'name')?.startsWith('tool_search_tool_') === true

/** 0 fills the vendor's prompt cache and asks for no answer, which others can't: the shortest one stands for it. */
function decodeMaxTokens(body: JsonObject): number | null {
  const count = countIn(body, 'max_tokens')
  return count === null ? null : Math.max(count, 1)
}

const decodeSampling = (body: JsonObject): Sampling => ({
  temperature: numberIn(body, 'temperature'),
  topP: numberIn(body, 'top_p'),
  topK: countIn(body, 'top_k'),
  seed: null,
  frequencyPenalty: null,
  presencePenalty: null,
  stop: listIn(body, 'stop_sequences').filter((text) => typeof text === 'string')
})

/** The answer is held to the schema, which others call strict. `output_format` was its name before. */
function decodeFormat(body: JsonObject, losses: Losses): OutputFormat | null {
  const format = objectIn(memberOf(body, 'output_config'), 'format') ?? objectIn(body, 'output_format')
  const schema = objectIn(format, 'schema')
  if (format !== null && schema === null) losses.add('json_schema', textIn(format, 'type'))
  return schema === null ? null : { kind: 'schema', name: 'answer', description: null, schema, strict: true }
}

/**
 * Claude Code puts its session beside who it is, as JSON in new versions and as `user_…_account_…_session_…` in old ones
 * (clients.md): others get the part that stays the same.
 */
function userIdOf(userId: string | null): string | null {
  if (userId === null) return null
  if (!userId.startsWith('{')) return userId.split('_account_')[0] || userId
  const json = parseJson(userId)
  return textIn(json, 'device_id') ?? textIn(json, 'account_uuid') ?? userId
}

const SERVICE_TIER = new Map<unknown, Conversation['serviceTier']>([
  ['auto', 'auto'],
  ['standard_only', 'default']
])

/** Members that are carried, or without which the answer is the same. */
const CARRIED = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'metadata',
  'thinking',
  'output_config',
  'output_format',
  'service_tier',
  'cache_control',
  'betas',
  'anthropic_version',
  'anthropic_beta',
  'diagnostics',
  'billing_policy',
  'fallbacks',
  'fallback_credit_token',
  'user_profile_id',
  'workspace_id',
  'thread'
])

function tellLost(body: JsonObject, losses: Losses): void {
  for (const [name, value] of Object.entries(body)) {
    if (value === null || CARRIED.has(name)) continue
    const tell = entryOf(LOST, name)
    if (tell === undefined) losses.add('parameter', name)
    else tell(value, losses)
  }
  if (objectIn(memberOf(body, 'output_config'), 'task_budget') !== null) losses.add('parameter', 'task_budget')
}

/** Members that are lost, each with what of it. */
const LOST: Readonly<Record<string, (value: unknown, losses: Losses) => void>> = {
  context_management(value, losses) {
    for (const edit of listIn(value, 'edits')) {
      const type = textIn(edit, 'type')
      // Other vendors keep no thinking, so that there is none to clear.
      if (type?.startsWith('clear_thinking') !== true) losses.add('context_management', type)
    }
  },
  compaction: (_value, losses) => losses.add('context_management', 'compaction'),
  container: (_value, losses) => losses.add('container'),
  mcp_servers(value, losses) {
    if (Array.isArray(value) && value.length > 0) losses.add('hosted_tool', 'mcp_servers')
  },
  speed(value, losses) {
    if (value !== 'standard') losses.add('service_tier', 'speed')
  }
}

/**
 * Only the vendor holds threads. Its SDKs then send the whole conversation in each turn, where a thread that is passed over in
 * silence would have them send the next turn alone (`ThreadState` of the SDK).
 */
function refuseThread(body: JsonObject): void {
  if ((body['thread'] ?? null) === null) return
  const why = 'thread: the channel that is to answer can hold none. Send the whole conversation without `thread`.'
  throw new UnreadableRequest(why, 'thread_unsupported')
}
