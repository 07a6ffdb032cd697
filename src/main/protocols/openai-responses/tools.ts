import type {
  FunctionTool,
  HostedTool,
  JsonSchema,
  Target,
  Tool,
  ToolChoice,
  ToolOrigin,
  ToolResultPart
} from '../canonical'
import { isObject, listIn, memberOf, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { fitParameters, fitsStrict } from '../openai-schema'
import { fitCallId } from '../tool-ids'
import { decodeContent, encodeContent, textPart } from './content'
import type { InputItem, RequestTool, RequestToolChoice } from './wire'

/** The namespace that Codex puts its plain tools into; a call names it or not, which is the same to it. */
const PLAIN_NAMESPACE = 'functions'

/** A function that is loaded by search is called with its own name for a namespace (guides/tools-tool-search). */
const isPlain = (namespace: string | null, name: string): boolean =>
  namespace === null || namespace === PLAIN_NAMESPACE || namespace === name

/** One name for a tool that stands in a namespace, as Codex itself writes it where there are none. */
function flatName(namespace: string | null, name: string): string {
  if (namespace === null || isPlain(namespace, name)) return name
  let end = namespace.length
  while (namespace[end - 1] === '_') end--
  return `${namespace.slice(0, end)}__${name.replace(/^_+/, '')}`
}

const keyOf = (namespace: string | null, name: string): string =>
  JSON.stringify([isPlain(namespace, name) ? null : namespace, name])

/** The tools that a request declares, wherever it does; the first of two that are called the same counts. */
export class DeclaredTools {
  readonly #tools: Tool[] = []
  /** Canonical names, by namespace and name. */
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()
  /** The last number that a name was given, so that many of one name are told apart in one pass. */
  readonly #numbers = new Map<string, number>()

  get all(): readonly Tool[] {
    return this.#tools
  }

  /** The canonical name of what a call names so. */
  nameOf(namespace: string | null, name: string): string {
    return this.#names.get(keyOf(namespace, name)) ?? flatName(namespace, name)
  }

  addAll(definitions: readonly unknown[], losses: Losses): void {
    for (const definition of definitions) if (isObject(definition)) this.#add(definition, losses)
  }

  #add(definition: JsonObject, losses: Losses): void {
    const type = textIn(definition, 'type') ?? ''
    switch (type) {
      case 'function':
      case 'custom':
        this.#addMember(definition, null, '')
        return
      case 'namespace':
        this.#addNamespace(definition)
        return
      case 'local_shell':
      case 'apply_patch':
        this.#addFunction(null, BUILT_IN[type])
        return
      case 'shell':
        this.#addShell(definition, losses)
        return
      case 'code_interpreter':
        this.#addCodeInterpreter(definition, losses)
        return
      default:
        if (type.startsWith('web_search')) this.#addWebSearch(definition, losses)
        else losses.add('hosted_tool', type === '' ? 'unknown' : type)
    }
  }

  /** What is said of a namespace as a whole stands before its first tool. */
  #addNamespace(definition: JsonObject): void {
    const namespace = textIn(definition, 'name') ?? PLAIN_NAMESPACE
    const about = namespace === PLAIN_NAMESPACE ? '' : (textIn(definition, 'description') ?? '')
    listIn(definition, 'tools').forEach((member, index) => {
      if (isObject(member)) this.#addMember(member, namespace, index === 0 ? about : '')
    })
  }

  #addMember(definition: JsonObject, namespace: string | null, about: string): void {
    const name = textIn(definition, 'name')
    if (name === null) return
    const custom = textIn(definition, 'type') === 'custom'
    const origin: ToolOrigin =
      namespace === null ? { kind: custom ? 'custom' : 'function' } : { kind: 'namespaced', namespace, name, custom }
    const tool = custom ? customTool(definition, name, origin) : functionTool(definition, name, origin)
    this.#addFunction(namespace, { ...tool, description: joined(about, tool.description) })
  }

  /** In a container it is the vendor that carries the commands out. https://platform.openai.com/docs/guides/tools-shell */
  #addShell(definition: JsonObject, losses: Losses): void {
    const environment = textIn(objectIn(definition, 'environment'), 'type') ?? 'local'
    if (environment === 'local') this.#addFunction(null, BUILT_IN.shell)
    else losses.add('hosted_tool', `shell in ${environment}`)
  }

  #addCodeInterpreter(definition: JsonObject, losses: Losses): void {
    const container = memberOf(definition, 'container')
    if (typeof container === 'string' || listIn(container, 'file_ids').length > 0) losses.add('container')
    this.#tools.push({ kind: 'hosted', tool: 'code_execution', allowedDomains: [], blockedDomains: [] })
  }

  #addWebSearch(definition: JsonObject, losses: Losses): void {
    const filters = objectIn(definition, 'filters')
    if (objectIn(definition, 'user_location') !== null) losses.add('parameter', 'web_search.user_location')
    // Others search the live web alone.
    const isCached = memberOf(definition, 'external_web_access') === false
    if (isCached) losses.add('parameter', 'web_search.external_web_access')
    this.#tools.push({
      kind: 'hosted',
      tool: 'web_search',
      allowedDomains: stringsIn(filters, 'allowed_domains'),
      blockedDomains: stringsIn(filters, 'blocked_domains')
    })
  }

  #addFunction(namespace: string | null, tool: FunctionTool): void {
    const key = keyOf(namespace, tool.name)
    if (this.#names.has(key)) return
    const name = this.#freeName(flatName(namespace, tool.name))
    this.#names.set(key, name)
    this.#taken.add(name)
    this.#tools.push({ ...tool, name })
  }

  #freeName(name: string): string {
    let free = name
    let number = this.#numbers.get(name) ?? 1
    while (this.#taken.has(free)) free = `${name}_${++number}`
    this.#numbers.set(name, number)
    return free
  }
}

const stringsIn = (value: unknown, key: string): readonly string[] =>
  listIn(value, key).filter((one) => typeof one === 'string')

const joined = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n')

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

function functionTool(definition: JsonObject, name: string, origin: ToolOrigin): FunctionTool {
  const strict = memberOf(definition, 'strict')
  return {
    kind: 'function',
    name,
    description: textIn(definition, 'description') ?? '',
    parameters: objectIn(definition, 'parameters') ?? NO_PARAMETERS,
    strict: typeof strict === 'boolean' ? strict : null,
    cache: null,
    origin
  }
}

const FREE_TEXT = 'Put the whole input into `input`: it is taken as it stands, without JSON or Markdown around it.'

/** Free text, maybe of a grammar, which other vendors can't hold a model to: so it is told to it. */
function customTool(definition: JsonObject, name: string, origin: ToolOrigin): FunctionTool {
  const format = objectIn(definition, 'format')
  const grammar = textIn(format, 'definition')
  const rule = grammar === null ? '' : `It must match this ${textIn(format, 'syntax') ?? 'lark'} grammar:\n\n${grammar}`
  return {
    ...functionTool(definition, name, origin),
    description: joined(textIn(definition, 'description') ?? '', FREE_TEXT, rule),
    parameters: closedObject({ input: { type: 'string' } }, ['input'])
  }
}

const closedObject = (properties: JsonObject, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false
})

const COMMANDS = { type: 'array', items: { type: 'string' } } as const
const MILLISECONDS = { type: 'integer', description: 'Timeout in milliseconds' } as const

const builtIn = (name: 'local_shell' | 'shell' | 'apply_patch', description: string, parameters: JsonSchema) =>
  ({ kind: 'function', name, description, parameters, strict: null, cache: null, origin: { kind: name } }) as const

/**
 * Tools that models of OpenAI know without a definition and that the client carries out, in words for others:
 * https://platform.openai.com/docs/guides/tools-local-shell, …/tools-shell, …/tools-apply-patch
 */
const BUILT_IN = {
  local_shell: builtIn(
    'local_shell',
    'Runs a command on the user’s machine. `command` is the program and its arguments; for a shell line use ["bash", "-lc", "…"].',
    closedObject(
      {
        command: COMMANDS,
        working_directory: { type: 'string' },
        timeout_ms: MILLISECONDS,
        env: { type: 'object', additionalProperties: { type: 'string' } },
        user: { type: 'string' }
      },
      ['command']
    )
  ),
  shell: builtIn(
    'shell',
    'Runs shell commands on the user’s machine, each in a shell of its own, and answers what they print.',
    closedObject(
      {
        commands: COMMANDS,
        timeout_ms: MILLISECONDS,
        max_output_length: { type: 'integer', description: 'Most characters of output that are answered' }
      },
      ['commands']
    )
  ),
  apply_patch: builtIn(
    'apply_patch',
    'Creates, updates or deletes one file. `diff` is a V4A diff: for `create_file` the whole content, each line begun ' +
      'with "+"; for `update_file` sections begun with "@@" and a line near the change, whose lines begin with a space ' +
      '(context), "-" (taken out) or "+" (put in), without line numbers; for `delete_file` it is left out.',
    closedObject(
      {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: { type: 'string' },
        diff: { type: 'string' }
      },
      ['type', 'path']
    )
  )
} satisfies Readonly<Record<string, FunctionTool>>

/** `tools`: those that may be called, which `allowed_tools` makes fewer. */
export interface DecodedChoice {
  readonly choice: ToolChoice | null
  readonly tools: readonly Tool[]
}

/** https://platform.openai.com/docs/api-reference/responses/create#responses-create-tool_choice */
export function decodeToolChoice(choice: unknown, declared: DeclaredTools, losses: Losses): DecodedChoice {
  const tools = declared.all
  if (choice === undefined || choice === null) return { choice: null, tools }
  const named = namedIn(choice, declared)
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

/** For an upstream every tool is a function: declared in other ways they come from a client of this protocol alone. */
export function encodeTools(tools: readonly Tool[], target: Target, losses: Losses): RequestTool[] {
  return tools.flatMap((tool) =>
    tool.kind === 'hosted' ? encodeHosted(tool, losses) : [encodeFunction(tool, target, losses)]
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

function encodeHosted({ tool, allowedDomains, blockedDomains }: HostedTool, losses: Losses): RequestTool[] {
  if (blockedDomains.length > 0) losses.add('hosted_tool', `${tool}.blocked_domains`)
  switch (tool) {
    case 'web_search':
      if (allowedDomains.length === 0) return [{ type: 'web_search' }]
      return [{ type: 'web_search', filters: { allowed_domains: [...allowedDomains] } }]
    case 'code_execution':
      return [{ type: 'code_interpreter', container: { type: 'auto' } }]
    case 'web_fetch':
      losses.add('hosted_tool', tool)
      return []
  }
}

export const encodeToolChoice = (choice: ToolChoice): RequestToolChoice =>
  choice.kind === 'tool' ? { type: 'function', name: choice.name } : choice.kind

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
  const code = memberOf(outcome, 'exit_code')
  const end = textIn(outcome, 'type') === 'timeout' ? 'timed out' : `exit code ${typeof code === 'number' ? code : '?'}`
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

/**
 * The free text of a call whose tool was declared `custom`: the `input` that its function was to be called with. A model
 * that names its only argument otherwise means the same; what is no such object is the text itself.
 */
export function freeText(input: string): string {
  const json = parseJson(input)
  if (!isObject(json)) return typeof json === 'string' ? json : input
  const named = memberOf(json, 'input')
  if (typeof named === 'string') return named
  const [only, ...others] = Object.values(json)
  return typeof only === 'string' && others.length === 0 ? only : input
}
