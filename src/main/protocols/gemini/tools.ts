import type { Conversation, FunctionTool, HostedTool, HostedToolName, Tool, ToolChoice } from '../canonical'
import { choiceAmong } from '../choice-among'
import { tellLostTool } from '../client-run-tools'
import { entryOf, isObject, textIn, type JsonObject } from '../foreign-json'
import { fitParameters } from '../gemini-schema'
import { hostedOnce } from '../hosted-once'
import type { Losses } from '../losses'
import { jsonSchemaOf } from '../openapi-schema'
import { listNamed, memberNamed, objectNamed } from '../proto-json'
import { tellContextSize } from '../search-location'
import type { FunctionDeclaration, Tool as GeminiTool, ToolConfig } from './wire'

const HOSTED: Readonly<Record<string, HostedToolName>> = {
  googleSearch: 'web_search',
  googleSearchRetrieval: 'web_search',
  urlContext: 'web_fetch',
  codeExecution: 'code_execution'
}
const HOSTED_KEYS = Object.keys(HOSTED)

export interface DecodedTools {
  readonly tools: readonly Tool[]
  readonly toolChoice: ToolChoice | null
}

/** A client's `tools` and `toolConfig`: https://ai.google.dev/api/caching#Tool. Allowing some functions leaves out the others. */
export function decodeTools(body: JsonObject, losses: Losses): DecodedTools {
  const tools = hostedOnce(listNamed(body, 'tools').flatMap((tool) => decodeTool(tool, losses)))
  const config = objectNamed(objectNamed(body, 'toolConfig'), 'functionCallingConfig')
  const mode = textIn(config, 'mode')?.toUpperCase() ?? ''
  const allowed = listNamed(config, 'allowedFunctionNames').filter((name) => typeof name === 'string')
  const [only] = allowed
  if (mode === 'ANY' && only !== undefined && allowed.length === 1) {
    return { tools, toolChoice: { kind: 'tool', name: only } }
  }
  const isAllowed = (tool: Tool): boolean =>
    tool.kind === 'hosted' || allowed.length === 0 || mode === 'NONE' || allowed.includes(tool.name)
  return { tools: tools.filter(isAllowed), toolChoice: entryOf(MODES, mode) ?? null }
}

const MODES: Readonly<Record<string, ToolChoice>> = {
  AUTO: { kind: 'auto' },
  // The same, and calls keep to their schemas.
  VALIDATED: { kind: 'auto' },
  ANY: { kind: 'required' },
  NONE: { kind: 'none' }
}

function decodeTool(tool: unknown, losses: Losses): readonly Tool[] {
  if (!isObject(tool)) return []
  const functions = listNamed(tool, 'functionDeclarations').flatMap((one) => decodeFunction(one, losses))
  const hosted = HOSTED_KEYS.flatMap((key): readonly HostedTool[] => {
    const found = objectNamed(tool, key)
    const name = HOSTED[key]
    if (found === null || name === undefined) return []
    tellSettings(key, found, losses)
    const blockedDomains = listNamed(found, 'excludeDomains').filter((domain) => typeof domain === 'string')
    return [{ kind: 'hosted', tool: name, allowedDomains: [], blockedDomains }]
  })
  const known = [...HOSTED_KEYS, 'functionDeclarations']
  for (const key of Object.keys(tool)) {
    if (!known.some((name) => name.toLowerCase() === key.replaceAll('_', '').toLowerCase())) tellLostTool(key, losses)
  }
  return [...functions, ...hosted]
}

/** What a hosted tool is told beside the hosts, which nobody else can be. To search the web is what it does anyway. */
function tellSettings(tool: string, settings: JsonObject, losses: Losses): void {
  for (const [name, value] of Object.entries(settings)) {
    const plain = name.replaceAll('_', '').toLowerCase()
    const isWebOnly = plain === 'searchtypes' && isObject(value) && Object.keys(value).every(isWebSearch)
    if (value !== null && plain !== 'excludedomains' && !isWebOnly) losses.add('parameter', `${tool}.${name}`)
  }
}

const isWebSearch = (type: string): boolean => type.replaceAll('_', '').toLowerCase() === 'websearch'

function decodeFunction(declaration: unknown, losses: Losses): readonly FunctionTool[] {
  const name = textIn(declaration, 'name')
  if (name === null) {
    losses.add('tool')
    return []
  }
  if (memberNamed(declaration, 'responseJsonSchema') !== undefined || objectNamed(declaration, 'response') !== null) {
    losses.add('json_schema', `response of ${name}`)
  }
  const jsonSchema = objectNamed(declaration, 'parametersJsonSchema')
  const openApi = objectNamed(declaration, 'parameters')
  return [
    {
      kind: 'function',
      name,
      description: textIn(declaration, 'description') ?? '',
      parameters: jsonSchema ?? (openApi === null ? { type: 'object', properties: {} } : jsonSchemaOf(openApi)),
      strict: null,
      cache: null,
      origin: { kind: 'function' }
    }
  ]
}

export interface EncodedTools {
  readonly tools: readonly GeminiTool[] | undefined
  readonly toolConfig: ToolConfig | undefined
}

/** Before Gemini 3 hosted tools and functions exclude one another: https://ai.google.dev/gemini-api/docs/tool-combination */
export function encodeTools(
  { tools, toolChoice, parallelTools }: Conversation,
  isGemini3: boolean,
  losses: Losses
): EncodedTools {
  const functions = tools.filter((tool) => tool.kind === 'function')
  const asked = tools.filter((tool) => tool.kind === 'hosted')
  const hosted = functions.length > 0 && !isGemini3 ? [] : asked
  for (const tool of asked) {
    if (!hosted.includes(tool)) losses.add('hosted_tool', tool.tool)
    else if (tool.allowedDomains.length + tool.blockedDomains.length > 0)
      losses.add('hosted_tool', `domains of ${tool.tool}`)
    if (!hosted.includes(tool)) continue
    tellContextSize(tool, losses)
    if (tool.location) losses.add('hosted_tool', `user_location of ${tool.tool}`)
  }
  if (parallelTools === false && functions.length > 0) losses.add('parallel_tools')
  const written: readonly GeminiTool[] = [
    ...(functions.length === 0
      ? []
      : [{ functionDeclarations: functions.map((tool) => encodeFunction(tool, losses)) }]),
    ...hosted.map(({ tool }) => HOSTED_FORMS[tool])
  ]
  return {
    tools: written.length === 0 ? undefined : written,
    toolConfig: encodeChoice(functions, toolChoice, hosted.length > 0, losses)
  }
}

const HOSTED_FORMS = {
  web_search: { googleSearch: {} },
  web_fetch: { urlContext: {} },
  code_execution: { codeExecution: {} }
} as const satisfies Readonly<Record<HostedToolName, GeminiTool>>

/** A choice among no functions is refused. */
function encodeChoice(
  functions: readonly FunctionTool[],
  asked: ToolChoice | null,
  hasHosted: boolean,
  losses: Losses
): ToolConfig | undefined {
  if (functions.length === 0) {
    if (asked?.kind === 'required' || asked?.kind === 'tool') losses.add('tool_choice')
    return undefined
  }
  // Only functions can be demanded by name.
  const choice = choiceAmong(asked, functions, losses)
  const mode = modeOf(choice, hasHosted || functions.some(({ strict }) => strict === true))
  if (mode === undefined) return undefined
  return {
    functionCallingConfig: { mode, allowedFunctionNames: choice?.kind === 'tool' ? [choice.name] : undefined },
    includeServerSideToolInvocations: hasHosted ? true : undefined
  }
}

/** Strict tools, and functions beside hosted ones, want VALIDATED where AUTO would do: https://ai.google.dev/api/caching#Mode. */
function modeOf(choice: ToolChoice | null, isValidated: boolean) {
  if (choice !== null && choice.kind !== 'auto') return choice.kind === 'none' ? 'NONE' : 'ANY'
  return isValidated ? 'VALIDATED' : choice === null ? undefined : 'AUTO'
}

const encodeFunction = ({ name, description, parameters }: FunctionTool, losses: Losses): FunctionDeclaration => ({
  name,
  description: description === '' ? undefined : description,
  parametersJsonSchema: fitParameters(parameters, name, losses)
})
