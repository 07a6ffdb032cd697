import { isDeepStrictEqual } from 'node:util'
import type { FunctionTool, JsonSchema, Tool, ToolOrigin } from './canonical'
import { tellLostTool } from './client-run-tools'
import { isObject, listIn, memberOf, objectIn, textIn, type JsonObject } from './foreign-json'
import type { Losses } from './losses'
import { hostedOnce } from './hosted-once'
import { decodeContextSize, locationIn } from './search-location'

/** What a client of Responses declares as tools: https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools */

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

/** The tools that a request declares, wherever it does; the first of two that are called the same counts, and another one is told. */
export class DeclaredTools {
  readonly #tools: Tool[] = []
  /** In their canonical names, by namespace and name. */
  readonly #named = new Map<string, FunctionTool>()
  readonly #taken = new Set<string>()
  /** The last number that a name was given, so that many of one name are told apart in one pass. */
  readonly #numbers = new Map<string, number>()

  get all(): readonly Tool[] {
    return hostedOnce(this.#tools)
  }

  /** The canonical name of what a call names so. */
  nameOf(namespace: string | null, name: string): string {
    return this.#named.get(keyOf(namespace, name))?.name ?? flatName(namespace, name)
  }

  addAll(definitions: readonly unknown[], losses: Losses): void {
    for (const definition of definitions) if (isObject(definition)) this.#add(definition, losses)
  }

  #add(definition: JsonObject, losses: Losses): void {
    const type = textIn(definition, 'type') ?? ''
    switch (type) {
      case 'function':
      case 'custom':
        this.#addMember(definition, null, '', losses)
        return
      case 'namespace':
        this.#addNamespace(definition, losses)
        return
      case 'local_shell':
      case 'apply_patch':
        this.#addFunction(null, BUILT_IN[type], losses)
        return
      case 'shell':
        this.#addShell(definition, losses)
        return
      case 'code_interpreter':
        this.#addCodeInterpreter(definition, losses)
        return
      default:
        if (type.startsWith('web_search')) this.#addWebSearch(definition, losses)
        else tellLostTool(type === '' ? 'unknown' : type, losses)
    }
  }

  /** What is said of a namespace as a whole stands before its first tool. */
  #addNamespace(definition: JsonObject, losses: Losses): void {
    const namespace = textIn(definition, 'name') ?? PLAIN_NAMESPACE
    const about = namespace === PLAIN_NAMESPACE ? '' : (textIn(definition, 'description') ?? '')
    listIn(definition, 'tools').forEach((member, index) => {
      if (isObject(member)) this.#addMember(member, namespace, index === 0 ? about : '', losses)
    })
  }

  #addMember(definition: JsonObject, namespace: string | null, about: string, losses: Losses): void {
    const name = textIn(definition, 'name')
    if (name === null) {
      losses.add('tool')
      return
    }
    const custom = textIn(definition, 'type') === 'custom'
    const origin: ToolOrigin =
      namespace === null ? { kind: custom ? 'custom' : 'function' } : { kind: 'namespaced', namespace, name, custom }
    const tool = custom ? customTool(definition, name, origin) : functionTool(definition, name, origin)
    this.#addFunction(namespace, { ...tool, description: joined(about, tool.description) }, losses)
  }

  /** In a container it is the vendor that carries the commands out. https://platform.openai.com/docs/guides/tools-shell */
  #addShell(definition: JsonObject, losses: Losses): void {
    const environment = textIn(objectIn(definition, 'environment'), 'type') ?? 'local'
    if (environment === 'local') this.#addFunction(null, BUILT_IN.shell, losses)
    else losses.add('hosted_tool', `shell in ${environment}`)
  }

  #addCodeInterpreter(definition: JsonObject, losses: Losses): void {
    const container = memberOf(definition, 'container')
    if (typeof container === 'string' || listIn(container, 'file_ids').length > 0) losses.add('container')
    this.#tools.push({ kind: 'hosted', tool: 'code_execution', allowedDomains: [], blockedDomains: [] })
  }

  #addWebSearch(definition: JsonObject, losses: Losses): void {
    const filters = objectIn(definition, 'filters')
    const location = locationIn(definition)
    // Others search the live web alone.
    const isCached = memberOf(definition, 'external_web_access') === false
    if (isCached) losses.add('parameter', 'web_search.external_web_access')
    this.#tools.push({
      kind: 'hosted',
      tool: 'web_search',
      allowedDomains: stringsIn(filters, 'allowed_domains'),
      blockedDomains: stringsIn(filters, 'blocked_domains'),
      ...(location === null ? {} : { location }),
      ...decodeContextSize(definition)
    })
  }

  #addFunction(namespace: string | null, tool: FunctionTool, losses: Losses): void {
    const key = keyOf(namespace, tool.name)
    const first = this.#named.get(key)
    if (first !== undefined) {
      // A client that declares its tools again at each turn loses nothing, in whichever namespace they stand.
      const again: FunctionTool = { ...tool, name: first.name, origin: first.origin }
      if (!isDeepStrictEqual(again, first)) losses.add('tool', first.name)
      return
    }
    const named = { ...tool, name: this.#freeName(flatName(namespace, tool.name)) }
    this.#named.set(key, named)
    this.#taken.add(named.name)
    this.#tools.push(named)
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
