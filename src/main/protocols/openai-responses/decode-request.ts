import type { Conversation, OutputFormat, Part, TextPart, ToolCallPart, Turn } from '../canonical'
import { numberOf } from '../exact-json'
import { entryOf, isObject, listIn, memberOf, numberIn, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { LossName, Losses } from '../losses'
import { tellUnreadFormat } from '../openai-schema'
import { DeclaredTools } from '../responses-declared-tools'
import { callIdOf } from '../tool-ids'
import { UnreadableRequest } from '../translator'
import { checkRequest } from './check-request'
import { decodeContent, textPart } from './content'
import { decodeReasoning, decodeReasoningItem } from './reasoning'
import { decodeOutput, decodeToolChoice } from './tools'

/**
 * A client's request: https://platform.openai.com/docs/api-reference/responses/create. What only the vendor's store knows
 * (`previous_response_id`, `item_reference`) was put in its place before.
 * @throws UnreadableRequest without any input
 */
export function decodeRequest(body: JsonObject, losses: Losses): Conversation {
  checkRequest(body)
  const declared = new DeclaredTools()
  declared.addAll(listIn(body, 'tools'), losses)
  const history = readHistory(body, declared, losses)
  tellLost(body, losses)
  const { choice, tools } = decodeToolChoice(memberOf(body, 'tool_choice'), declared, losses)
  const parallel = memberOf(body, 'parallel_tool_calls')
  const text = objectIn(body, 'text')
  return {
    system: history.system,
    turns: history.turns,
    tools,
    toolChoice: choice,
    parallelTools: typeof parallel === 'boolean' ? parallel : null,
    maxTokens: numberIn(body, 'max_output_tokens'),
    sampling: {
      temperature: numberIn(body, 'temperature'),
      topP: numberIn(body, 'top_p'),
      topK: null,
      seed: null,
      frequencyPenalty: null,
      presencePenalty: null,
      stop: []
    },
    reasoning: decodeReasoning(body, losses),
    format: decodeFormat(objectIn(text, 'format'), losses),
    verbosity: entryOf(VERBOSITIES, textIn(text, 'verbosity') ?? '') ?? null,
    userId: textIn(body, 'safety_identifier') ?? textIn(body, 'user'),
    serviceTier: entryOf(TIERS, textIn(body, 'service_tier') ?? '') ?? null,
    cacheKey: textIn(body, 'prompt_cache_key')
  }
}

const VERBOSITIES = { low: 'low', medium: 'medium', high: 'high' } as const
const TIERS = { auto: 'auto', default: 'default', flex: 'flex', priority: 'priority' } as const

function decodeFormat(format: JsonObject | null, losses: Losses): OutputFormat | null {
  const type = textIn(format, 'type') ?? 'text'
  if (type === 'json_object') return { kind: 'json' }
  const schema = objectIn(format, 'schema')
  if (type !== 'json_schema' || schema === null) {
    tellUnreadFormat(type, losses)
    return null
  }
  const strict = memberOf(format, 'strict')
  return {
    kind: 'schema',
    name: textIn(format, 'name') ?? 'answer',
    description: textIn(format, 'description'),
    schema,
    strict: typeof strict === 'boolean' ? strict : null
  }
}

/** What this protocol alone can ask for, and how it is told; `is`: whether the value asks for anything. */
const LOST: Readonly<Record<string, { readonly as: LossName; readonly is: (value: unknown) => boolean }>> = {
  metadata: { as: 'metadata', is: (value) => isObject(value) && Object.keys(value).length > 0 },
  truncation: { as: 'truncation', is: (value) => value === 'auto' },
  background: { as: 'background', is: (value) => value === true },
  context_management: { as: 'context_management', is: (value) => Array.isArray(value) && value.length > 0 },
  prompt: { as: 'prompt_template', is: isObject },
  moderation: { as: 'safety', is: isObject },
  top_logprobs: { as: 'logprobs', is: (value) => (numberOf(value) ?? 0) > 0 },
  service_tier: { as: 'service_tier', is: (value) => typeof value === 'string' && entryOf(TIERS, value) === undefined },
  previous_response_id: { as: 'history', is: (value) => typeof value === 'string' },
  conversation: { as: 'history', is: (value) => value !== null }
}

/** Those that are decoded, and those that change nothing of the answer. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['model', 'input', 'instructions', 'stream', 'stream_options', 'include', 'store', 'tools', 'tool_choice'],
  ...['parallel_tool_calls', 'max_output_tokens', 'temperature', 'top_p', 'reasoning', 'text', 'user'],
  ...['safety_identifier', 'prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention', 'client_metadata']
])

function tellLost(body: JsonObject, losses: Losses): void {
  for (const [name, value] of Object.entries(body)) {
    const lost = entryOf(LOST, name)
    if (lost !== undefined) {
      if (lost.is(value)) losses.add(lost.as, lost.as === 'history' ? name : null)
    } else if (!KNOWN.has(name) && value !== null) losses.add('parameter', name)
  }
  if (listIn(body, 'include').includes('message.output_text.logprobs')) losses.add('logprobs')
}

const NO_INPUT = '`input` must be a text or a list of items, and not empty'

function readHistory(body: JsonObject, declared: DeclaredTools, losses: Losses): History {
  const history = new History(declared, answeredCalls(listIn(body, 'input')), losses)
  const instructions = textIn(body, 'instructions')
  if (instructions !== null) history.system.push(textPart(instructions))
  const input = memberOf(body, 'input')
  const items = typeof input === 'string' && input !== '' ? [{ role: 'user', content: input }] : listIn(body, 'input')
  if (items.length === 0) throw new UnreadableRequest(NO_INPUT)
  // Tools may be declared behind the calls that name them.
  for (const item of items) {
    const type = textIn(item, 'type')
    if (type === 'additional_tools' || type === 'tool_search_output') declared.addAll(listIn(item, 'tools'), losses)
  }
  const told = history.system.length
  for (const item of items) if (isObject(item)) history.add(item)
  if (history.turns.length + history.system.length === told) throw new UnreadableRequest(NO_INPUT)
  return history
}

/** The ids by which outputs name their calls. */
const answeredCalls = (items: readonly unknown[]): ReadonlySet<string> =>
  new Set(items.flatMap((item) => (textIn(item, 'type')?.endsWith('_output') === true ? outputId(item) : [])))

/** A local shell's output names its call by `id`. */
const outputId = (item: unknown): string => textIn(item, 'call_id') ?? textIn(item, 'id') ?? ''

/** A turn with the results of its calls, which stand right behind it however late they come. */
interface OpenTurn {
  readonly role: Turn['role']
  readonly parts: Part[]
  readonly results: Part[]
}

/** Items one after the other become turns: what a model says between two messages of others is one. */
class History {
  readonly system: TextPart[] = []
  readonly #declared: DeclaredTools
  readonly #answered: ReadonlySet<string>
  readonly #losses: Losses
  readonly #turns: OpenTurn[] = []
  /** By each id that an output may name. */
  readonly #calls = new Map<string, { readonly turn: OpenTurn; readonly call: ToolCallPart }>()
  #assistant: OpenTurn | null = null

  /** `answered`: ids of the calls whose output is among the items. */
  constructor(declared: DeclaredTools, answered: ReadonlySet<string>, losses: Losses) {
    this.#declared = declared
    this.#answered = answered
    this.#losses = losses
  }

  get turns(): readonly Turn[] {
    return this.#turns.flatMap(({ role, parts, results }) => [
      { role, parts },
      ...(results.length === 0 ? [] : [{ role: 'user' as const, parts: results }])
    ])
  }

  add(item: JsonObject): void {
    const type = textIn(item, 'type') ?? (textIn(item, 'role') === null ? 'item_reference' : 'message')
    switch (type) {
      case 'message':
        this.#addMessage(item)
        return
      case 'reasoning': {
        const reasoning = decodeReasoningItem(item)
        if (reasoning !== null) this.#addToAssistant(reasoning)
        return
      }
      case 'additional_tools':
      case 'tool_search_output':
        return
      default:
        if (CALLS.has(type)) this.#addCall(item, type)
        else if (type.endsWith('_output') && CALLS.has(type.slice(0, -'_output'.length))) this.#addOutput(item)
        else this.#lose(type)
    }
  }

  #lose(type: string): void {
    if (type === 'compaction_trigger') this.#losses.add('context_management')
    else this.#losses.add(HOSTED.test(type) ? 'hosted_history' : 'history', type)
  }

  #addMessage(item: JsonObject): void {
    const role = textIn(item, 'role') ?? 'user'
    const parts = decodeContent(memberOf(item, 'content'), this.#losses)
    if (role === 'assistant') this.#addToAssistant(...parts)
    else if (role === 'system' || role === 'developer') this.#addSystem(parts)
    else if (parts.length > 0) this.#begin('user').parts.push(...parts)
  }

  #addSystem(parts: readonly Part[]): void {
    const texts = parts.filter((part) => part.type === 'text')
    for (const part of parts) if (part.type === 'media') this.#losses.add(part.media)
    if (this.#turns.length === 0) this.system.push(...texts)
    else if (texts.length > 0) this.#begin('system').parts.push(...texts)
  }

  #addToAssistant(...parts: readonly Part[]): OpenTurn | null {
    if (parts.length === 0) return null
    const turn = this.#assistant ?? this.#begin('assistant')
    this.#assistant = turn
    turn.parts.push(...parts)
    return turn
  }

  #begin(role: Turn['role']): OpenTurn {
    const turn: OpenTurn = { role, parts: [], results: [] }
    this.#turns.push(turn)
    this.#assistant = null
    return turn
  }

  /** One that was cut off in the middle was never carried out: upstreams refuse a call without a result. */
  #addCall(item: JsonObject, type: string): void {
    const ids = ['call_id', 'id'].flatMap((key) => textIn(item, key) ?? [])
    if (textIn(item, 'status') === 'incomplete' && !ids.some((id) => this.#answered.has(id))) {
      this.#losses.add('history', `${type} cut off`)
      return
    }
    const name = this.#nameOf(item, type)
    const id = ids[0] ?? callIdOf(this.#turns.length, this.#assistant?.parts.length ?? 0, name)
    const call: ToolCallPart = { type: 'tool-call', id, name, input: inputOf(item, type), cache: null }
    const turn = this.#addToAssistant(call)
    if (turn !== null) for (const known of ids) this.#calls.set(known, { turn, call })
  }

  #nameOf(item: JsonObject, type: string): string {
    const builtIn = type === 'function_call' || type === 'custom_tool_call' ? null : type.slice(0, -'_call'.length)
    if (builtIn !== null) return this.#declared.nameOf(null, builtIn)
    return this.#declared.nameOf(textIn(item, 'namespace'), textIn(item, 'name') ?? '')
  }

  #addOutput(item: JsonObject): void {
    const callId = outputId(item)
    const found = this.#calls.get(callId)
    const turn = found?.turn ?? this.#begin('user')
    turn[found === undefined ? 'parts' : 'results'].push({
      type: 'tool-result',
      callId: found?.call.id ?? callId,
      name: found?.call.name ?? '',
      ...decodeOutput(item, this.#losses),
      cache: null
    })
    this.#assistant = null
  }
}

/** Calls that a client carries out. */
const CALLS: ReadonlySet<string> = new Set([
  'function_call',
  'custom_tool_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call'
])

/** What the vendor's own tools did. */
const HOSTED = /^(?:web_search|file_search|code_interpreter|image_generation|mcp|tool_search|program)/

function inputOf(item: JsonObject, type: string): string {
  switch (type) {
    case 'function_call':
      return textIn(item, 'arguments') ?? '{}'
    case 'custom_tool_call':
      return JSON.stringify({ input: textIn(item, 'input') ?? '' })
    case 'apply_patch_call':
      return JSON.stringify(objectIn(item, 'operation') ?? {})
    default:
      return JSON.stringify(objectIn(item, 'action') ?? {})
  }
}
