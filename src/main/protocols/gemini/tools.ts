import type { Conversation, FunctionTool, HostedTool, HostedToolName, JsonSchema, Tool, ToolChoice } from '../canonical'
import { choiceAmong } from '../choice-among'
import { tellLostTool } from '../client-run-tools'
import { numberOf } from '../exact-json'
import { entryOf, isObject, listIn, objectIn, textIn, without, type JsonObject } from '../foreign-json'
import { hostedOnce } from '../hosted-once'
import { listedValues, typesOf } from '../listed-values'
import type { Losses } from '../losses'
import { objectSchema } from '../object-schema'
import { jsonSchemaOf } from '../openapi-schema'
import { inlineRefs } from '../schema-refs'
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

function encodeFunction({ name, description, parameters }: FunctionTool, losses: Losses): FunctionDeclaration {
  const { schema, isExact } = objectSchema(withoutRefs(parameters, losses))
  if (!isExact) losses.add('json_schema', name)
  return {
    name,
    description: description === '' ? undefined : description,
    parametersJsonSchema: fitted(schema, losses)
  }
}

/** Deeper schemas than any honest one say nothing below. */
const DEEPEST = 100

/** What `parametersJsonSchema` and `responseJsonSchema` take: https://ai.google.dev/api/generate-content#GenerationConfig */
const TAKEN: ReadonlySet<string> = new Set(
  '$id $anchor type title description minItems maxItems minimum maximum propertyOrdering required'.split(' ')
)
const TAKEN_FORMATS: ReadonlySet<unknown> = new Set('date-time date time float double int32 int64'.split(' '))
/** They say nothing that an answer must keep to, or are read by themselves or together with another member. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  '$schema $comment default example examples deprecated readOnly writeOnly nullable allOf enum const'.split(' ')
)

/** The schema with what Gemini knows of it; the rest is lost. */
export const fitSchema = (schema: JsonSchema, losses: Losses): JsonSchema => fitted(withoutRefs(schema, losses), losses)

/**
 * Gemini follows references to definitions at the top alone, and to themselves only from what is not required, so that all are
 * replaced by what they stand for: https://ai.google.dev/api/generate-content#GenerationConfig
 */
function withoutRefs(schema: JsonSchema, losses: Losses): JsonSchema {
  const inlined = inlineRefs(schema)
  for (const why of inlined.lost) losses.add('json_schema', why)
  return inlined.schema
}

const fitted = (schema: JsonSchema, losses: Losses): JsonSchema => closed(fitOpen(schema, losses, 0))

/** A schema whose `required` may name members that stand in another part of the same `allOf`. */
function fitOpen(schema: unknown, losses: Losses, depth: number): JsonSchema {
  if (!isObject(schema) || depth > DEEPEST) return {}
  const fit = (one: unknown): JsonSchema => closed(fitOpen(one, losses, depth + 1))
  const members = Object.entries(schema).flatMap(([name, value]) => fitMember(name, value, schema, fit, losses))
  const own: JsonSchema = { ...Object.fromEntries(members), ...fitListed(schema, losses) }
  const parts = listIn(schema, 'allOf').map((one) => fitOpen(one, losses, depth + 1))
  return [own, ...parts].reduce((one, other) => both(one, other, losses))
}

/** What is required must be one of the properties. */
function closed(schema: JsonSchema): JsonSchema {
  const { properties } = schema
  const names = new Set(isObject(properties) ? Object.keys(properties) : [])
  const required = [...new Set(listIn(schema, 'required'))].filter(
    (name) => typeof name === 'string' && names.has(name)
  )
  const rest = without(schema, 'required')
  return required.length > 0 ? { ...rest, required } : rest
}

type Member = readonly [name: string, value: unknown]

function fitMember(
  name: string,
  value: unknown,
  schema: JsonObject,
  fit: (schema: unknown) => JsonSchema,
  losses: Losses
): readonly Member[] {
  if (TAKEN.has(name)) return [[name, value]]
  const fitter = entryOf(FITTERS, name)
  if (fitter !== undefined) return fitter(value, fit, schema)
  if (!WITHOUT_EFFECT.has(name)) losses.add('json_schema', name)
  return []
}

type Fitter = (value: unknown, fit: (schema: unknown) => JsonSchema, schema: JsonObject) => readonly Member[]

const byName =
  (name: string): Fitter =>
  (value, fit) =>
    isObject(value) ? [[name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fit(one)]))]] : []

const list =
  (name: string): Fitter =>
  (value, fit) =>
    Array.isArray(value) ? [[name, value.map(fit)]] : []

/** Of whole numbers the next one is the limit; of others the limit itself is let in, and of those too large to count on from. */
const exclusive =
  (name: 'minimum' | 'maximum', step: 1 | -1): Fitter =>
  (value, _fit, schema) => {
    const number = numberOf(value)
    if (number === null) return []
    return [[name, schema['type'] === 'integer' && Number.isSafeInteger(number) ? number + step : value]]
  }

/** `enum` takes texts and numbers alone: null and booleans are let in by the type. */
function fitListed(schema: JsonObject, losses: Losses): JsonSchema {
  const listed = listedValues(schema)
  if (listed === null) return {}
  const { kept, hasNull, hasBoolean, isLossy } = listed
  if (isLossy) losses.add('json_schema', 'const' in schema ? 'const' : 'enum')
  return {
    ...(kept.length === 0 ? {} : { enum: kept }),
    ...(hasNull || hasBoolean ? { type: typesOf(schema, listed) } : {})
  }
}

const FITTERS: Readonly<Record<string, Fitter>> = {
  properties: byName('properties'),
  anyOf: list('anyOf'),
  oneOf: list('oneOf'),
  prefixItems: list('prefixItems'),
  items: (value, fit) => (Array.isArray(value) ? [['prefixItems', value.map(fit)]] : [['items', fit(value)]]),
  additionalProperties: (value, fit) => [['additionalProperties', typeof value === 'boolean' ? value : fit(value)]],
  format: (value) => (TAKEN_FORMATS.has(value) ? [['format', value]] : []),
  exclusiveMinimum: exclusive('minimum', 1),
  exclusiveMaximum: exclusive('maximum', -1)
}

/** `allOf`, which Gemini does not know, as one schema. */
function both(one: JsonSchema, other: JsonSchema, losses: Losses): JsonSchema {
  const clashes = Object.keys(other).some(
    (name) => Object.hasOwn(one, name) && !MERGED.has(name) && one[name] !== other[name]
  )
  if (clashes) losses.add('json_schema', 'allOf')
  const properties = [one, other].flatMap((schema) => Object.entries(objectIn(schema, 'properties') ?? {}))
  const required = [...listIn(one, 'required'), ...listIn(other, 'required')]
  return {
    ...other,
    ...one,
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required } : {})
  }
}
const MERGED: ReadonlySet<string> = new Set(['properties', 'required', 'description', 'title', 'type'])
