import type {
  Conversation,
  OutputFormat,
  Part,
  Sampling,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Turn
} from '../canonical'
import { isObject, listIn, memberOf, numberIn, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { jsonSchemaOf } from '../openapi-schema'
import { listNamed, memberNamed, numberNamed, objectNamed, textNamed } from '../proto-json'
import { callIdOf } from '../tool-ids'
import { UnreadableRequest } from '../translator'
import { checkRequest, readLimit } from './check-request'
import { decodeAttached, decodeResult, textOfJson, textPart } from './content'
import { decodeReasoning, readThought, sign, signedOf } from './reasoning'
import { decodeTools } from './tools'

/**
 * A client's generateContent request, or the count of one: https://ai.google.dev/api/generate-content#request-body.
 * @throws UnreadableRequest without contents
 */
export function decodeRequest(body: JsonObject, losses: Losses): Conversation {
  const request = objectNamed(body, 'generateContentRequest') ?? body
  checkRequest(request)
  const turns = new TurnReader(losses).read(listNamed(request, 'contents'))
  if (turns.length === 0) {
    throw new UnreadableRequest('* GenerateContentRequest.contents: contents is not specified')
  }
  const config = objectNamed(request, 'generationConfig')
  reportLost(request, config, losses)
  return {
    system: [...decodeSystem(memberNamed(request, 'systemInstruction'), losses), ...enumInWords(config)],
    turns,
    ...decodeTools(request, losses),
    parallelTools: null,
    maxTokens: readLimit(memberNamed(config, 'maxOutputTokens')),
    sampling: decodeSampling(config),
    reasoning: decodeReasoning(config),
    format: decodeFormat(config, losses),
    verbosity: null,
    userId: null,
    serviceTier: decodeTier(textNamed(request, 'serviceTier')),
    cacheKey: null
  }
}

function decodeSystem(content: unknown, losses: Losses): readonly TextPart[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  return listNamed(content, 'parts').flatMap((part) => {
    const text = textIn(part, 'text')
    if (text === null) losses.add('history', 'a system instruction that is no text')
    return text === null ? [] : [textPart(text)]
  })
}

interface OpenCall {
  readonly id: string
  readonly name: string
}

interface OpenTurn {
  readonly role: Turn['role']
  readonly parts: Part[]
}

/** Reads the turns in order, since a function's response may name its call by nothing but the function. */
class TurnReader {
  readonly #losses: Losses
  /** Calls of the last model turn that have no response yet. */
  #open: OpenCall[] = []
  /** Parts of the last model turn so far, whatever became of them. */
  #read = 0

  constructor(losses: Losses) {
    this.#losses = losses
  }

  read(contents: readonly unknown[]): readonly Turn[] {
    const turns: OpenTurn[] = []
    for (const content of contents) {
      const role = roleOf(textIn(content, 'role'))
      const said = listNamed(content, 'parts')
      if (role === 'assistant') {
        this.#readModel(said, turns)
        continue
      }
      const number = turns.length
      const parts = said.flatMap((part, index) => this.#readUsers(part, number, index))
      if (parts.length > 0) turns.push({ role, parts })
    }
    return turns
  }

  #readUsers(part: unknown, turn: number, index: number): readonly Part[] {
    if (!isObject(part)) return []
    const response = objectNamed(part, 'functionResponse')
    return response === null ? this.#readSaid(part) : [this.#readResponse(response, turn, index)]
  }

  /** The SDK's automatic function calling keeps a content for each chunk of a streamed answer: they are one turn. */
  #readModel(said: readonly unknown[], turns: OpenTurn[]): void {
    const last = turns.at(-1)
    if (last?.role === 'assistant') {
      for (const part of said) this.#readPart(part, last.parts, turns.length - 1)
      return
    }
    this.#open = []
    this.#read = 0
    const parts: Part[] = []
    for (const part of said) this.#readPart(part, parts, turns.length)
    if (parts.length > 0) turns.push({ role: 'assistant', parts })
  }

  /** Of a model, behind what it said before in the same turn. */
  #readPart(part: unknown, parts: Part[], turn: number): void {
    const index = this.#read++
    if (!isObject(part)) return
    const signed = signedOf(part)
    if (part['thought'] === true) {
      parts.push(...readThought(part, signed))
      return
    }
    const call = objectNamed(part, 'functionCall')
    const read = call === null ? this.#readSaid(part) : this.#readCall(call, turn, index)
    // What is left out takes its signature along; an empty text is there for nothing else.
    if (signed !== null && (read.length > 0 || part['text'] === '')) sign(parts, signed)
    parts.push(...read)
  }

  #readSaid(part: JsonObject): readonly Part[] {
    const text = textIn(part, 'text')
    if (text !== null) return [textPart(text)]
    const media = decodeAttached(part, this.#losses)
    if (media !== null) {
      if (objectNamed(part, 'videoMetadata') !== null) this.#losses.add('parameter', 'videoMetadata')
      return [media]
    }
    this.#reportUnread(part)
    return []
  }

  #readCall(call: JsonObject, turn: number, index: number): readonly ToolCallPart[] {
    const name = textIn(call, 'name')
    if (name === null) return []
    const id = textIn(call, 'id') ?? callIdOf(turn, index, name)
    this.#open.push({ id, name })
    return [{ type: 'tool-call', id, name, input: textOfJson(objectNamed(call, 'args') ?? {}), cache: null }]
  }

  /** The call of that id, else the first open one of that function. */
  #readResponse(response: JsonObject, turn: number, index: number): ToolResultPart {
    const id = textIn(response, 'id')
    const name = textIn(response, 'name') ?? ''
    const byId = id === null ? -1 : this.#open.findIndex((call) => call.id === id)
    const at = byId === -1 ? this.#open.findIndex((call) => call.name === name) : byId
    const [call] = at === -1 ? [] : this.#open.splice(at, 1)
    return {
      type: 'tool-result',
      callId: call?.id ?? id ?? callIdOf(turn, index, name),
      name: call?.name ?? name,
      ...decodeResult(response, this.#losses),
      cache: null
    }
  }

  #reportUnread(part: JsonObject): void {
    for (const name of Object.keys(part)) {
      const kind = name.replaceAll('_', '').toLowerCase()
      if (HOSTED_PARTS.has(kind)) this.#losses.add('hosted_history', name)
      else if (!TOLD_PARTS.has(kind)) this.#losses.add('history', name)
    }
  }
}

const HOSTED_PARTS: ReadonlySet<string> = new Set(['executablecode', 'codeexecutionresult', 'toolcall', 'toolresponse'])
/** An empty text says nothing; what lies in the vendor's store is told by its reader. */
const TOLD_PARTS: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtsignature', 'filedata', 'inlinedata'])

const roleOf = (role: string | null): Turn['role'] =>
  role === 'model' ? 'assistant' : role === 'system' ? 'system' : 'user'

function decodeSampling(config: JsonObject | null): Sampling {
  return {
    temperature: numberIn(config, 'temperature'),
    topP: numberNamed(config, 'topP'),
    topK: numberNamed(config, 'topK'),
    seed: numberIn(config, 'seed'),
    frequencyPenalty: numberNamed(config, 'frequencyPenalty'),
    presencePenalty: numberNamed(config, 'presencePenalty'),
    stop: listNamed(config, 'stopSequences').filter((one) => typeof one === 'string')
  }
}

/** One bare value of a list, which no other vendor can be held to. */
const ENUM = 'text/x.enum'

function enumInWords(config: JsonObject | null): readonly TextPart[] {
  if (textNamed(config, 'responseMimeType')?.toLowerCase() !== ENUM) return []
  const schema = memberNamed(config, 'responseJsonSchema') ?? memberNamed(config, 'responseSchema')
  const values = listIn(schema, 'enum').filter((one) => typeof one === 'string')
  return values.length === 0
    ? []
    : [textPart(`Answer with exactly one of these words, as it stands and with nothing else:\n${values.join('\n')}`)]
}

/** `responseFormat` is the newer form of the other three: https://ai.google.dev/gemini-api/docs/structured-output */
function decodeFormat(config: JsonObject | null, losses: Losses): OutputFormat | null {
  const newer = listNamed(config, 'responseFormat')
    .map((one) => objectNamed(one, 'text'))
    .find((one) => one)
  const jsonSchema = memberNamed(config, 'responseJsonSchema') ?? memberOf(newer, 'schema')
  const openApi = memberNamed(config, 'responseSchema')
  const type = (textNamed(config, 'responseMimeType') ?? textNamed(newer, 'mimeType') ?? '').toLowerCase()
  if (!TYPES.has(type)) losses.add('json_schema', type)
  if (type === ENUM) return null
  const schema = isObject(jsonSchema) ? jsonSchema : isObject(openApi) ? jsonSchemaOf(openApi) : null
  if (schema !== null) return { kind: 'schema', name: 'response', description: null, schema, strict: null }
  return JSON_TYPES.has(type) ? { kind: 'json' } : null
}

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application_json'])
/** Those that others can be asked for. */
const TYPES: ReadonlySet<string> = new Set([...JSON_TYPES, '', 'text/plain', 'text_plain'])

function decodeTier(tier: string | null): Conversation['serviceTier'] {
  if (tier === 'standard') return 'default'
  return tier === 'flex' || tier === 'priority' ? tier : null
}

type LostName = Parameters<Losses['add']>[0]

/** Members that are read above, or change nothing in an answer. */
const READ: ReadonlySet<string> = new Set(
  'contents systeminstruction tools toolconfig generationconfig servicetier model store'.split(' ')
)
const READ_CONFIG: ReadonlySet<string> = new Set(
  (
    'temperature topp topk seed frequencypenalty presencepenalty stopsequences maxoutputtokens candidatecount thinkingconfig ' +
    'responsemimetype responseschema responsejsonschema responseformat responsemodalities logprobs responselogprobs'
  ).split(' ')
)
const LOST: ReadonlyMap<string, LostName> = new Map([
  ['safetysettings', 'safety'],
  ['modelarmorconfig', 'safety'],
  ['labels', 'metadata'],
  ['cachedcontent', 'file_id'],
  ['speechconfig', 'modalities'],
  ['imageconfig', 'modalities']
])

function reportLost(request: JsonObject, config: JsonObject | null, losses: Losses): void {
  reportUnread(request, READ, losses)
  // Others know the user's place by its name alone (search-location.ts).
  const retrieval = objectNamed(objectNamed(request, 'toolConfig'), 'retrievalConfig')
  for (const name of Object.keys(retrieval ?? {})) losses.add('parameter', `retrievalConfig.${name}`)
  if (config === null) return
  reportUnread(config, READ_CONFIG, losses)
  if ((numberNamed(config, 'candidateCount') ?? 1) > 1) losses.add('choices')
  if (memberNamed(config, 'responseLogprobs') === true) losses.add('logprobs')
  const modalities = listNamed(config, 'responseModalities').filter((one) => typeof one === 'string')
  for (const one of modalities) if (one.toUpperCase() !== 'TEXT') losses.add('modalities', one)
}

function reportUnread(object: JsonObject, read: ReadonlySet<string>, losses: Losses): void {
  for (const [name, value] of Object.entries(object)) {
    const plain = name.replaceAll('_', '').toLowerCase()
    const saysNothing = value === null || (Array.isArray(value) && value.length === 0)
    if (read.has(plain) || saysNothing) continue
    losses.add(LOST.get(plain) ?? 'parameter', name)
  }
}
