import type { FunctionTool, HostedTool, HostedToolName, Target, Tool, ToolChoice, ToolResultPart } from '../canonical'
import { listIn, memberOf, numberIn, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { fitParameters, fitsStrict } from '../openai-schema'
import type { CustomTools } from '../responses-custom-tools'
import type { DeclaredTools } from '../responses-declared-tools'
import { encodeContextSize, userLocation } from '../search-location'
import { fitCallId } from '../tool-ids'
import { decodeContent, encodeContent, textPart } from './content'
import type { InputItem, RequestTool, RequestToolChoice } from './wire'

/** `tools`: those that may be called, which `allowed_tools` makes fewer. */
export interface DecodedChoice {
  readonly choice: ToolChoice | null
  readonly tools: readonly Tool[]
}

/** https://platform.openai.com/docs/api-reference/responses/create#responses-create-tool_choice */
export function decodeToolChoice(choice: unknown, declared: DeclaredTools, losses: Losses): DecodedChoice {
  const tools = declared.all
  if (choice === undefined || choice === null) return { choice: null, tools }
  const named = namedIn(choice, declared) ?? hostedIn(choice, tools)
  if (named !== null) return { choice: { kind: 'tool', name: named }, tools }
  const isList = textIn(choice, 'type') === 'allowed_tools'
  const mode = isList ? memberOf(choice, 'mode') : choice
  const kind = mode === 'auto' || mode === 'required' || mode === 'none' ? mode : null
  if (kind === null) losses.add('tool_choice', textIn(choice, 'type'))
  return {
    choice: kind === null ? null : { kind },
    tools: isList ? allowedOf(tools, listIn(choice, 'tools'), declared) : tools
  }
}

/** One that the vendor carries out, and that is there. */
function hostedIn(choice: unknown, tools: readonly Tool[]): HostedToolName | null {
  const type = textIn(choice, 'type') ?? ''
  const name = type === 'code_interpreter' ? 'code_execution' : type.startsWith('web_search') ? 'web_search' : null
  return tools.some((tool) => tool.kind === 'hosted' && tool.tool === name) ? name : null
}

/** A function, a custom tool or a built-in one that the client carries out. */
function namedIn(choice: unknown, declared: DeclaredTools): string | null {
  const type = textIn(choice, 'type')
  if (type === 'local_shell' || type === 'shell' || type === 'apply_patch') return declared.nameOf(null, type)
  const name = type === 'function' || type === 'custom' ? textIn(choice, 'name') : null
  return name === null ? null : declared.nameOf(textIn(choice, 'namespace'), name)
}

function allowedOf(tools: readonly Tool[], allowed: readonly unknown[], declared: DeclaredTools): readonly Tool[] {
  const types = new Set(allowed.map((one) => textIn(one, 'type')?.replace(/^web_search.*/, 'web_search')))
  const names = new Set(allowed.map((one) => namedIn(one, declared)))
  const namespaces = new Set(allowed.flatMap((one) => (textIn(one, 'type') === 'namespace' ? textIn(one, 'name') : [])))
  return tools.filter((tool) => {
    if (tool.kind === 'hosted') return types.has(tool.tool === 'web_search' ? 'web_search' : 'code_interpreter')
    return names.has(tool.name) || (tool.origin.kind === 'namespaced' && namespaces.has(tool.origin.namespace))
  })
}

/** For an upstream every tool but `custom` ones is a function: others come from a client of this protocol alone. */
export function encodeTools(
  tools: readonly Tool[],
  custom: CustomTools,
  target: Target,
  losses: Losses
): RequestTool[] {
  return tools.flatMap((tool) =>
    tool.kind === 'hosted'
      ? encodeHosted(tool, losses)
      : [custom.get(tool.name) ?? encodeFunction(tool, target, losses)]
  )
}

function encodeFunction(tool: FunctionTool, { quirks }: Target, losses: Losses): RequestTool {
  const { schema, isExact } = fitParameters(tool.parameters)
  if (!isExact) losses.add('json_schema', tool.name)
  const strict = tool.strict === true && quirks.dropsStrict !== true && fitsStrict(schema)
  if (tool.strict === true && !strict) losses.add('strict', tool.name)
  const description = tool.description === '' ? {} : { description: tool.description }
  const definition = { type: 'function' as const, name: tool.name, ...description, parameters: schema }
  return quirks.dropsStrict === true ? definition : { ...definition, strict }
}

function encodeHosted(hosted: HostedTool, losses: Losses): RequestTool[] {
  const { tool, allowedDomains, blockedDomains, location } = hosted
  if (blockedDomains.length > 0) losses.add('hosted_tool', `${tool}.blocked_domains`)
  switch (tool) {
    case 'web_search':
      return [
        {
          type: 'web_search',
          ...(allowedDomains.length === 0 ? {} : { filters: { allowed_domains: [...allowedDomains] } }),
          ...userLocation(location),
          ...encodeContextSize(hosted)
        }
      ]
    case 'code_execution':
      return [{ type: 'code_interpreter', container: { type: 'auto' } }]
    case 'web_fetch':
      losses.add('hosted_tool', tool)
      return []
  }
}

/** null: none is sent. One of a tool that is not among those sent (`tools`) is refused, and so is one where there are none. */
export function encodeToolChoice(
  choice: ToolChoice | null,
  tools: readonly RequestTool[],
  losses: Losses
): RequestToolChoice | null {
  if (choice === null) return null
  if (choice.kind !== 'tool') {
    if (choice.kind === 'required' && tools.length === 0) losses.add('tool_choice', choice.kind)
    return choice.kind
  }
  const { name } = choice
  if (tools.some((tool) => 'name' in tool && tool.name === name)) return { type: 'function', name }
  const type = HOSTED_TYPES.get(name)
  if (type !== undefined && tools.some((tool) => tool.type === type)) return { type }
  losses.add('tool_choice', name)
  return null
}

const HOSTED_TYPES: ReadonlyMap<string, 'web_search' | 'code_interpreter'> = new Map([
  ['web_search', 'web_search'],
  ['code_execution', 'code_interpreter']
] as const)

/** What a client's tool gave back, of whatever kind its call was. */
export function decodeOutput(item: JsonObject, losses: Losses): Pick<ToolResultPart, 'content' | 'isError'> {
  const output = memberOf(item, 'output')
  const isError = textIn(item, 'status') === 'failed'
  if (textIn(item, 'type') === 'shell_call_output') {
    return { content: listIn(item, 'output').map((one) => textPart(shellText(one))), isError }
  }
  const content = decodeContent(output, losses).flatMap((part) => (part.type === 'refusal' ? [] : [part]))
  return { content: content.length === 0 && isError ? [textPart('failed')] : content, isError }
}

function shellText(output: unknown): string {
  const outcome = objectIn(output, 'outcome')
  const code = numberIn(outcome, 'exit_code')
  const end = textIn(outcome, 'type') === 'timeout' ? 'timed out' : `exit code ${code ?? '?'}`
  return [textIn(output, 'stdout'), textIn(output, 'stderr'), `[${end}]`].filter((text) => text !== null).join('\n')
}

/** The API has no mark for a failed call, so its text must say it. */
export function encodeResult(part: ToolResultPart): InputItem {
  const content = encodeContent(part.content)
  const [first] = content
  const text = first?.type === 'input_text' ? first.text : ''
  const prefix = part.isError && !/^\W*error/i.test(text) ? 'Error: ' : ''
  const call_id = fitCallId(part.callId)
  if (content.length === 0 || (content.length === 1 && first?.type === 'input_text')) {
    return { type: 'function_call_output', call_id, output: `${prefix}${text}` }
  }
  const said = prefix === '' ? content : [{ type: 'input_text' as const, text: prefix }, ...content]
  return { type: 'function_call_output', call_id, output: said }
}
