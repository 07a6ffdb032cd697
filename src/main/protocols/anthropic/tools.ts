import type { Quirks } from '../../../shared/quirks'
import type {
  Conversation,
  FunctionTool,
  HostedTool,
  HostedToolName,
  JsonSchema,
  Tool,
  ToolCallPart,
  ToolResultPart
} from '../canonical'
import type { MessagesModel } from '../claude-model'
import { claudeSchema } from '../claude-schema'
import type { StrictRoom } from '../claude-schema-limits'
import { clientRunTool, tellLostTool } from '../client-run-tools'
import { isObject, listIn, memberOf, objectIn, parseExactJson, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { objectSchema } from '../object-schema'
import { locationIn, tellContextSize, userLocation } from '../search-location'
import { callIdOf, fitCallId } from '../tool-ids'
import { cacheControl, cacheMarkOf, decodeContent, encodeContent } from './content'
import type {
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
  Tool as MessagesTool,
  ToolResultBlockParam,
  ToolUnion,
  ToolUseBlockParam
} from './wire'

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

const HOSTED: readonly (readonly [string, HostedToolName])[] = [
  ['web_search_', 'web_search'],
  ['web_fetch_', 'web_fetch'],
  ['code_execution_', 'code_execution']
]

/**
 * Anthropic's tools come with a dated `type`. A tool that is loaded only when a search found it (`defer_loading`) is there once the
 * conversation refers to it, as its own vendor does it; where the vendor would have searched, all are there.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool
 */
export function decodeTools(body: JsonObject, losses: Losses): readonly Tool[] {
  const tools = listIn(body, 'tools')
  const isLate = (tool: unknown): boolean => memberOf(tool, 'defer_loading') === true
  const loaded = tools.some(isLate) && !tools.some(isSearch) ? referredTools(body) : null
  return tools.flatMap((tool): readonly Tool[] => {
    const type = textIn(tool, 'type') ?? 'custom'
    const isAway = loaded !== null && isLate(tool) && !loaded.has(textIn(tool, 'name') ?? '')
    if (isAway || isSearch(tool)) return []
    if (type === 'custom') return decodeFunction(tool, losses)
    const hosted = HOSTED.find(([prefix]) => type.startsWith(prefix))
    if (hosted !== undefined) return [decodeHosted(tool, hosted[1], losses)]
    const known = clientRunTool(type)
    if (known !== null) return [functionTool(tool, known)]
    tellLostTool(type, losses)
    return []
  })
}

/** The vendor's own search for tools. */
const isSearch = (tool: unknown): boolean => textIn(tool, 'type')?.startsWith('tool_search_tool_') === true

/** Names of tools that a search found, or that were called. */
function referredTools(body: JsonObject): ReadonlySet<string> {
  const blocks = listIn(body, 'messages').flatMap((message) => listIn(message, 'content'))
  const names = blocks.flatMap((block) => [
    textIn(block, 'name'),
    ...listIn(block, 'content').map((inner) => textIn(inner, 'tool_name'))
  ])
  return new Set(names.filter((name) => name !== null))
}

function decodeFunction(tool: unknown, losses: Losses): readonly FunctionTool[] {
  const name = textIn(tool, 'name')
  if (name === null) {
    losses.add('tool')
    return []
  }
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling
  const callers = listIn(tool, 'allowed_callers')
  if (callers.length > 0 && !callers.includes('direct')) losses.add('parameter', 'allowed_callers')
  const description = textIn(tool, 'description') ?? ''
  return [functionTool(tool, { name, description, parameters: objectIn(tool, 'input_schema') ?? NO_PARAMETERS })]
}

type Declared = Pick<FunctionTool, 'name' | 'description' | 'parameters'>

function functionTool(tool: unknown, { name, description, parameters }: Declared): FunctionTool {
  const strict = memberOf(tool, 'strict')
  return {
    kind: 'function',
    name: textIn(tool, 'name') ?? name,
    description: withExamples(description, tool),
    parameters,
    strict: typeof strict === 'boolean' ? strict : null,
    cache: cacheMarkOf(tool),
    origin: { kind: 'function' }
  }
}

/** Others have no member for examples of the input. */
function withExamples(description: string, tool: unknown): string {
  const examples = listIn(tool, 'input_examples').filter(isObject)
  if (examples.length === 0) return description
  const told = ['Examples of its input:', ...examples.map((one) => JSON.stringify(one))].join('\n')
  return description === '' ? told : `${description}\n\n${told}`
}

/** How often it may be used is said by no other vendor: OpenAI's `max_tool_calls` counts all of its tools together. */
function decodeHosted(tool: unknown, name: HostedToolName, losses: Losses): HostedTool {
  if ((memberOf(tool, 'max_uses') ?? null) !== null) losses.add('parameter', `${name}.max_uses`)
  const location = locationIn(tool)
  return {
    kind: 'hosted',
    tool: name,
    allowedDomains: textsIn(tool, 'allowed_domains'),
    blockedDomains: textsIn(tool, 'blocked_domains'),
    ...(location === null ? {} : { location })
  }
}

const textsIn = (value: unknown, key: string): readonly string[] =>
  listIn(value, key).filter((text) => typeof text === 'string')

/** The tools; where there are none, but a history of calls, those that were called, since calls without tools are refused. */
export function encodeTools(
  conversation: Conversation,
  model: MessagesModel,
  quirks: Quirks,
  room: StrictRoom,
  losses: Losses
): ToolUnion[] {
  const functions = conversation.tools.filter((tool) => tool.kind === 'function')
  const strictRoom = model.takesSchemas && quirks.dropsStrict !== true ? room : null
  const encoded = conversation.tools.flatMap((tool): readonly ToolUnion[] => {
    if (tool.kind === 'function') return [encodeFunction(tool, strictRoom, losses)]
    const isTakenName = functions.some(({ name }) => name === tool.tool)
    if (model.isClaude && !isTakenName) {
      tellContextSize(tool, losses)
      return [encodeHosted(tool)]
    }
    losses.add('hosted_tool', tool.tool)
    return []
  })
  return encoded.length > 0 ? encoded : calledTools(conversation)
}

/** `room`: null where none may be strict. */
function encodeFunction(tool: FunctionTool, room: StrictRoom | null, losses: Losses): MessagesTool {
  const { schema, isExact } = objectSchema(tool.parameters)
  if (!isExact) losses.add('json_schema', tool.name)
  const strict = tool.strict === true && room !== null ? strictSchema(schema, room) : null
  if (tool.strict === true && strict === null) losses.add('strict', tool.name)
  return {
    name: tool.name,
    ...(tool.description === '' ? {} : { description: tool.description }),
    input_schema: strict === null ? schema : { ...strict, type: 'object' },
    ...(strict === null ? {} : { strict: true }),
    ...cacheControl(tool.cache)
  }
}

/** null where a call can't be held to it. */
function strictSchema(schema: JsonSchema, room: StrictRoom): JsonSchema | null {
  const fitted = claudeSchema(closedIfEmpty(schema))
  return fitted.isSayable && fitted.lost.length === 0 && room.takesTool(fitted.schema) ? fitted.schema : null
}

/** A tool without parameters is called with none. */
const closedIfEmpty = (schema: JsonSchema): JsonSchema =>
  Object.keys(objectIn(schema, 'properties') ?? {}).length === 0 ? { additionalProperties: false, ...schema } : schema

/** In the versions that need no beta header and that all models since 4 take. */
function encodeHosted({ tool, allowedDomains, blockedDomains, location }: HostedTool): ToolUnion {
  const domains =
    allowedDomains.length > 0
      ? { allowed_domains: [...allowedDomains] }
      : blockedDomains.length > 0
        ? { blocked_domains: [...blockedDomains] }
        : {}
  switch (tool) {
    case 'web_search':
      return { type: 'web_search_20250305', name: 'web_search', ...domains, ...userLocation(location) }
    case 'web_fetch':
      return { type: 'web_fetch_20250910', name: 'web_fetch', ...domains }
    case 'code_execution':
      return { type: 'code_execution_20250825', name: 'code_execution' }
  }
}

function calledTools({ turns }: Conversation): ToolUnion[] {
  const names = new Set<string>()
  for (const { parts } of turns) for (const part of parts) if (part.type === 'tool-call') names.add(part.name)
  return [...names].map((name) => ({ name, input_schema: { type: 'object' } }))
}

/** `turn` and `index` tell where it stands, for an id where it has none. null without a name. */
export function decodeToolUse(block: JsonObject, turn: number, index: number): ToolCallPart | null {
  const name = textIn(block, 'name')
  if (name === null) return null
  const input = objectIn(block, 'input')
  return {
    type: 'tool-call',
    id: textIn(block, 'id') ?? callIdOf(turn, index, name),
    name,
    input: input === null ? '{}' : JSON.stringify(input),
    cache: cacheMarkOf(block)
  }
}

export const encodeToolUse = ({ id, name, input, cache }: ToolCallPart): ToolUseBlockParam => ({
  type: 'tool_use',
  id: fitCallId(id),
  name,
  input: inputObject(input),
  ...cacheControl(cache)
})

/** What is no JSON of an object (a model's slip, free text) goes as the only member of one. */
export function inputObject(input: string): JsonObject {
  if (input.trim() === '') return {}
  const json = parseExactJson(input)
  return isObject(json) ? json : { input }
}

/** `names`: of the calls so far, by their ids. */
export function decodeToolResult(
  block: JsonObject,
  names: ReadonlyMap<string, string>,
  losses: Losses
): ToolResultPart | null {
  const callId = textIn(block, 'tool_use_id')
  if (callId === null) return null
  return {
    type: 'tool-result',
    callId,
    name: names.get(callId) ?? '',
    content: decodeContent(memberOf(block, 'content'), losses),
    isError: memberOf(block, 'is_error') === true,
    cache: cacheMarkOf(block)
  }
}

/** A mark inside the result stands for the result's own. */
export function encodeToolResult(part: ToolResultPart): ToolResultBlockParam {
  const content: (TextBlockParam | ImageBlockParam | DocumentBlockParam)[] = []
  let { cache } = part
  for (const one of part.content) {
    const block = encodeContent(one.cache === null ? one : { ...one, cache: null })
    if (block !== null) content.push(block)
    cache ??= one.cache
  }
  return {
    type: 'tool_result',
    tool_use_id: fitCallId(part.callId),
    ...(content.length === 0 ? {} : { content }),
    ...(part.isError ? { is_error: true } : {}),
    ...cacheControl(cache)
  }
}
