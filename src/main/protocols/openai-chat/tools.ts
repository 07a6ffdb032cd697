import type {
  CustomInput,
  FunctionTool,
  HostedTool,
  JsonSchema,
  Target,
  TextPart,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolResultPart
} from '../canonical'
import { choiceAmong } from '../choice-among'
import { tellLostTool } from '../client-run-tools'
import { isObject, listIn, memberOf, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { fitParameters, fitsStrict } from '../openai-schema'
import { hostedOnce } from '../hosted-once'
import { decodeContextSize, decodeLocation, encodeContextSize, encodePlace } from '../search-location'
import { fitCallId } from '../tool-ids'
import { cacheMarkOf } from './content'
import type { FunctionToolParam, ToolCall, ToolChoiceParam, WebSearchParam } from './wire'

/** Tools both ways: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools */

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

/** Canonical parameters of a tool whose input is free text. */
const FREE_TEXT: JsonSchema = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false
}

/** `tools`, the legacy `functions`, and `web_search_options`; of these only what `tool_choice` allows. */
export function decodeTools(body: JsonObject, losses: Losses): readonly Tool[] {
  const tools = [
    ...listIn(body, 'tools').map((tool) => decodeTool(tool, losses)),
    ...listIn(body, 'functions').map((tool) => functionTool(tool, tool, losses))
  ].filter((tool) => tool !== null)
  const options = objectIn(body, 'web_search_options')
  const hosted = options === null ? [] : [webSearchOf(options)]
  const allowed = allowedNames(body)
  const some = allowed === null ? tools : tools.filter((tool) => tool.kind === 'function' && allowed.has(tool.name))
  return hostedOnce([...some, ...hosted])
}

const WEB_SEARCH: HostedTool = { kind: 'hosted', tool: 'web_search', allowedDomains: [], blockedDomains: [] }

function webSearchOf(options: JsonObject): HostedTool {
  const location = decodeLocation(objectIn(objectIn(options, 'user_location'), 'approximate'))
  return { ...WEB_SEARCH, ...(location !== null && { location }), ...decodeContextSize(options) }
}

function decodeTool(tool: unknown, losses: Losses): Tool | null {
  const type = textIn(tool, 'type') ?? 'function'
  switch (type) {
    case 'function':
      // Some clients leave the inner object out, as Responses has it.
      return functionTool(objectIn(tool, 'function') ?? tool, tool, losses)
    case 'custom':
      return customTool(objectIn(tool, 'custom'), tool, losses)
    case 'web_search':
    case 'web_search_preview':
      return WEB_SEARCH
    default:
      tellLostTool(type, losses)
      return null
  }
}

function functionTool(declared: unknown, holder: unknown, losses: Losses): FunctionTool | null {
  const name = textIn(declared, 'name')
  if (name === null) {
    losses.add('tool')
    return null
  }
  const strict = memberOf(declared, 'strict')
  return {
    kind: 'function',
    name,
    description: textIn(declared, 'description') ?? '',
    parameters: objectIn(declared, 'parameters') ?? NO_PARAMETERS,
    strict: typeof strict === 'boolean' ? strict : null,
    cache: cacheMarkOf(holder),
    origin: { kind: 'function' }
  }
}

/** A function of one text; the grammar that its input must follow is told in words. */
function customTool(declared: unknown, holder: unknown, losses: Losses): FunctionTool | null {
  const tool = functionTool(declared, holder, losses)
  if (tool === null) return null
  const grammar = objectIn(objectIn(declared, 'format'), 'grammar')
  const definition = textIn(grammar, 'definition')
  const told =
    definition === null
      ? ''
      : `\n\nThe input must follow this ${textIn(grammar, 'syntax') ?? ''} grammar:\n${definition}`
  const syntax = textIn(grammar, 'syntax') === 'regex' ? 'regex' : 'lark'
  const free: CustomInput = {
    description: tool.description,
    grammar: definition === null ? null : { syntax, definition }
  }
  const description = tool.description + told
  return { ...tool, description, parameters: FREE_TEXT, origin: { kind: 'custom', declared: free } }
}

const allowedTools = (body: JsonObject): unknown => objectIn(objectIn(body, 'tool_choice'), 'allowed_tools')

const allowedNames = (body: JsonObject): ReadonlySet<string> | null => {
  const allowed = allowedTools(body)
  if (allowed === null) return null
  return new Set(listIn(allowed, 'tools').map((tool) => namedIn(tool) ?? ''))
}

/** The name in `{type, function: {name}}`, in its custom form, or bare. */
const namedIn = (holder: unknown): string | null =>
  textIn(objectIn(holder, 'function') ?? objectIn(holder, 'custom') ?? holder, 'name')

const MODES: Readonly<Record<string, ToolChoice['kind']>> = { any: 'required', required: 'required', none: 'none' }

/** `any` is Mistral's word for `required`. */
export function decodeToolChoice(body: JsonObject): ToolChoice | null {
  const choice = body['tool_choice'] ?? body['function_call']
  const mode = typeof choice === 'string' ? choice : textIn(allowedTools(body), 'mode')
  if (mode !== null) {
    const kind = Object.hasOwn(MODES, mode) ? MODES[mode] : 'auto'
    return kind === 'required' || kind === 'none' ? { kind } : { kind: 'auto' }
  }
  const name = namedIn(choice)
  return name === null ? null : { kind: 'tool', name }
}

/** A call in a history: of a function, of a custom tool, or the legacy `function_call`. */
export function decodeCall(call: unknown): { readonly name: string; readonly input: string } | null {
  const custom = objectIn(call, 'custom')
  if (custom !== null) {
    const name = textIn(custom, 'name')
    return name === null ? null : { name, input: JSON.stringify({ input: textIn(custom, 'input') ?? '' }) }
  }
  const called = objectIn(call, 'function') ?? call
  const name = textIn(called, 'name')
  return name === null ? null : { name, input: argumentsIn(called) ?? '{}' }
}

/** JSON text; some vendors and clients send the object itself. null for none. */
export function argumentsIn(called: unknown): string | null {
  const sent = memberOf(called, 'arguments')
  return isObject(sent) ? JSON.stringify(sent) : textIn(called, 'arguments')
}

export const encodeCall = ({ id, name, input }: ToolCallPart): ToolCall => ({
  id: fitCallId(id),
  type: 'function',
  function: { name, arguments: input === '' ? '{}' : input }
})

/** What a custom tool's canonical input says, for a client that declared one. */
export const freeTextOf = (input: string): string => textIn(parseJson(input), 'input') ?? ''

/** Texts of a result; an error says so, since Chat has no member for it. */
export function resultTexts({ content, isError }: ToolResultPart): readonly TextPart[] {
  const texts = content.filter((part) => part.type === 'text')
  const [first] = texts
  if (!isError || (first !== undefined && /^\W*error/i.test(first.text))) return texts
  const said: TextPart = { type: 'text', text: `Error: ${first?.text ?? ''}`, cache: null, citations: [] }
  return [first === undefined ? said : { ...first, text: said.text }, ...texts.slice(1)]
}

/** What a request says of its tools. Without any, neither a choice nor parallel calls may be spoken of. */
export interface SentTools {
  readonly tools: FunctionToolParam[]
  readonly choice: ToolChoiceParam | null
  /** null: the model does not search. */
  readonly webSearch: WebSearchParam | null
}

/** A choice that demands a call, and fell with the last tool. */
function tellForced(choice: ToolChoice | null, losses: Losses): void {
  if (choice?.kind === 'required' || choice?.kind === 'tool') losses.add('tool_choice', choice.kind)
}

export function encodeTools(
  tools: readonly Tool[],
  choice: ToolChoice | null,
  target: Target,
  losses: Losses
): SentTools {
  const [webSearch = null] = tools.flatMap((tool) => (tool.kind === 'hosted' ? encodeHosted(tool, target, losses) : []))
  const functions = tools.filter((tool) => tool.kind === 'function')
  if (functions.length === 0) {
    tellForced(choice, losses)
    return { tools: [], choice: null, webSearch }
  }
  const onlyAuto = target.quirks.toolChoice === 'auto'
  // No tools is what such a channel can do instead of no calls.
  if (onlyAuto && choice?.kind === 'none') return { tools: [], choice: null, webSearch }
  const sent = onlyAuto ? withoutChoice(choice, losses) : encodeChoice(choiceAmong(choice, functions, losses))
  return { tools: functions.map((tool) => encodeTool(tool, target, losses)), choice: sent, webSearch }
}

function withoutChoice(choice: ToolChoice | null, losses: Losses): null {
  if (choice !== null && choice.kind !== 'auto') losses.add('tool_choice', choice.kind)
  return null
}

/**
 * Only models made for it search, and their names say so; others refuse the option:
 * https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat
 */
function encodeHosted(tool: HostedTool, { model }: Target, losses: Losses): readonly WebSearchParam[] {
  const isCarried = tool.tool === 'web_search' && /search/i.test(model)
  if (!isCarried) losses.add('hosted_tool', tool.tool)
  else if (tool.allowedDomains.length + tool.blockedDomains.length > 0) losses.add('hosted_tool', 'domains')
  if (!isCarried) return []
  const { location = null } = tool
  const near = location !== null && {
    user_location: { type: 'approximate' as const, approximate: encodePlace(location) }
  }
  return [{ ...encodeContextSize(tool), ...near }]
}

const encodeChoice = (choice: ToolChoice | null): ToolChoiceParam | null =>
  choice?.kind === 'tool' ? { type: 'function', function: { name: choice.name } } : (choice?.kind ?? null)

function encodeTool(tool: FunctionTool, { quirks }: Target, losses: Losses): FunctionToolParam {
  const { schema: parameters, isExact } = fitParameters(tool.parameters)
  if (!isExact) losses.add('json_schema', tool.name)
  const isStrict = tool.strict === true && quirks.dropsStrict !== true && fitsStrict(parameters)
  if (tool.strict === true && !isStrict) losses.add('strict', tool.name)
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description !== '' && { description: tool.description }),
      parameters,
      ...(isStrict && { strict: true })
    }
  }
}
