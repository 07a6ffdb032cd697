import type { Conversation, OutputFormat, Part, Sampling, TextPart, ToolResultPart, Turn } from '../canonical'
import { numberOf } from '../exact-json'
import { entryOf, isObject, listIn, memberOf, numberIn, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { LossName, Losses } from '../losses'
import { tellUnreadFormat } from '../openai-schema'
import { callIdOf } from '../tool-ids'
import { UnreadableRequest } from '../translator'
import { checkRequest } from './check-request'
import { cacheMarkOf, decodeContent } from './content'
import { decodeWish } from '../chat-reasoning-wish'
import { decodeHistory } from './reasoning'
import { decodeCall, decodeToolChoice, decodeTools } from './tools'

/**
 * A Chat Completions request, OpenAI's or as clients of other vendors write it:
 * https://platform.openai.com/docs/api-reference/chat/create
 * @throws UnreadableRequest for what is no conversation
 */
export function decodeRequest(body: JsonObject, losses: Losses): Conversation {
  const { system, turns } = decodeMessages(body, losses)
  reportLosses(body, losses)
  const parallel = memberOf(body, 'parallel_tool_calls')
  return {
    system,
    turns,
    tools: decodeTools(body, losses),
    toolChoice: decodeToolChoice(body),
    // A legacy answer has room for one call.
    parallelTools: typeof parallel === 'boolean' ? parallel : usesFunctions(body) ? false : null,
    maxTokens: wholeIn(body, 'max_completion_tokens') ?? wholeIn(body, 'max_tokens'),
    sampling: decodeSampling(body),
    reasoning: decodeWish(body),
    format: decodeFormat(objectIn(body, 'response_format'), losses),
    verbosity: oneOf(['low', 'medium', 'high'], body['verbosity']),
    userId: textIn(body, 'safety_identifier') ?? textIn(body, 'user'),
    serviceTier: oneOf(['auto', 'default', 'flex', 'priority'], body['service_tier']),
    cacheKey: textIn(body, 'prompt_cache_key')
  }
}

/** The client speaks of `functions`, OpenAI's way before tools: it knows no `tool_calls`. */
export const usesFunctions = (body: JsonObject): boolean =>
  listIn(body, 'functions').length > 0 && listIn(body, 'tools').length === 0

function oneOf<T extends string>(known: readonly T[], value: unknown): T | null {
  return known.find((one) => one === value) ?? null
}

function wholeIn(body: JsonObject, key: string): number | null {
  const count = numberIn(body, key)
  return count === null || count < 1 ? null : Math.round(count)
}

function decodeSampling(body: JsonObject): Sampling {
  const stop = body['stop']
  const stops: readonly unknown[] = Array.isArray(stop) ? stop : [stop]
  return {
    temperature: numberIn(body, 'temperature'),
    topP: numberIn(body, 'top_p'),
    topK: numberIn(body, 'top_k'),
    seed: numberIn(body, 'seed'),
    frequencyPenalty: numberIn(body, 'frequency_penalty'),
    presencePenalty: numberIn(body, 'presence_penalty'),
    stop: stops.filter((one) => typeof one === 'string').filter((one) => one !== '')
  }
}

function decodeFormat(format: unknown, losses: Losses): OutputFormat | null {
  const type = textIn(format, 'type') ?? 'text'
  if (type === 'json_object') return { kind: 'json' }
  const declared = objectIn(format, 'json_schema')
  const schema = objectIn(declared, 'schema')
  if (type !== 'json_schema' || schema === null) {
    tellUnreadFormat(type, losses)
    return null
  }
  const strict = memberOf(declared, 'strict')
  return {
    kind: 'schema',
    name: textIn(declared, 'name') ?? '',
    description: textIn(declared, 'description'),
    schema,
    strict: typeof strict === 'boolean' ? strict : null
  }
}

/** Members that nothing is lost by: read above, or without effect on the answer. */
const CARRIED = new Set(
  (
    'model messages stream stream_options tools functions tool_choice function_call parallel_tool_calls ' +
    'max_tokens max_completion_tokens temperature top_p top_k seed frequency_penalty presence_penalty stop ' +
    'reasoning_effort reasoning include_reasoning thinking enable_thinking thinking_budget chat_template_kwargs ' +
    'response_format verbosity user safety_identifier prompt_cache_key prompt_cache_options prompt_cache_retention ' +
    'web_search_options service_tier store usage'
  ).split(' ')
)

const LOST: Readonly<Record<string, LossName>> = {
  logprobs: 'logprobs',
  top_logprobs: 'logprobs',
  logit_bias: 'logit_bias',
  n: 'choices',
  modalities: 'modalities',
  audio: 'modalities',
  prediction: 'prediction',
  metadata: 'metadata',
  moderation: 'safety'
}

/** Values that ask for nothing, so that nothing is lost. */
const asksNothing = (name: string, value: unknown): boolean =>
  value === null ||
  value === false ||
  (name === 'n' && numberOf(value) === 1) ||
  isEmpty(value) ||
  isTextOnly(name, value)

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0

const isTextOnly = (name: string, value: unknown): boolean =>
  name === 'modalities' && Array.isArray(value) && value.every((one) => one === 'text')

function reportLosses(body: JsonObject, losses: Losses): void {
  for (const [name, value] of Object.entries(body)) {
    if (CARRIED.has(name) || asksNothing(name, value)) continue
    const lost = entryOf(LOST, name)
    losses.add(lost ?? 'parameter', lost === undefined ? name : null)
  }
  if (body['store'] === true) losses.add('parameter', 'store')
  if (body['service_tier'] === 'scale') losses.add('service_tier', 'scale')
}

/** Reads messages one after the other; calls are remembered for the results that follow. */
class MessageReader {
  readonly system: TextPart[] = []
  readonly turns: Turn[] = []
  readonly #losses: Losses
  /** Names of the calls so far, by id. */
  readonly #names = new Map<string, string>()
  /** Calls that no result came for yet, oldest first. */
  #open: { readonly id: string; readonly name: string }[] = []
  /** Results that came one after the other; they are one turn. */
  #results: Part[] | null = null

  constructor(losses: Losses) {
    this.#losses = losses
  }

  read(message: JsonObject): void {
    const role = textIn(message, 'role')
    if (role === 'tool' || role === 'function') {
      this.#readResult(message)
      return
    }
    this.#results = null
    if (role === 'assistant') this.#add('assistant', this.#assistantParts(message))
    else if (role === 'system' || role === 'developer') this.#readSystem(message)
    else this.#add('user', decodeContent(message['content'], this.#losses))
    if (role !== 'assistant' && textIn(message, 'name') !== null) this.#losses.add('parameter', 'messages.name')
  }

  #add(role: Turn['role'], parts: readonly Part[]): void {
    if (parts.length > 0) this.turns.push({ role, parts })
  }

  #readSystem(message: JsonObject): void {
    const texts = decodeContent(message['content'], this.#losses).filter((part) => part.type === 'text')
    if (this.turns.length === 0) this.system.push(...texts)
    else this.#add('system', texts)
  }

  #assistantParts(message: JsonObject): readonly Part[] {
    const legacy = objectIn(message, 'function_call')
    const calls = [...listIn(message, 'tool_calls'), ...(legacy === null ? [] : [legacy])]
    const { first, before } = decodeHistory(message, calls)
    if (objectIn(message, 'audio') !== null) this.#losses.add('audio')
    return [
      ...first,
      ...this.#said(withoutToldCalls(message['content'], calls)),
      ...refusalParts(textIn(message, 'refusal')),
      ...calls.flatMap((call, index) => [...(before[index] ?? []), ...this.#callParts(call, index)])
    ]
  }

  #said(content: unknown): readonly Part[] {
    if (!Array.isArray(content)) return decodeContent(content, this.#losses)
    return content.flatMap((part: unknown) =>
      textIn(part, 'type') === 'refusal' ? refusalParts(textIn(part, 'refusal')) : decodeContent([part], this.#losses)
    )
  }

  #callParts(call: unknown, index: number): readonly Part[] {
    const read = decodeCall(call)
    if (read === null) {
      this.#losses.add('history', textIn(call, 'type'))
      return []
    }
    const id = textIn(call, 'id') ?? callIdOf(this.turns.length, index, read.name)
    this.#names.set(id, read.name)
    this.#open.push({ id, name: read.name })
    return [{ type: 'tool-call', id, ...read, cache: null }]
  }

  #readResult(message: JsonObject): void {
    const part = this.#resultOf(message)
    if (this.#results === null) {
      this.#results = []
      this.turns.push({ role: 'user', parts: this.#results })
    }
    this.#results.push(part)
  }

  #resultOf(message: JsonObject): ToolResultPart {
    const callId = textIn(message, 'tool_call_id') ?? this.#openCall(textIn(message, 'name'))
    this.#open = this.#open.filter(({ id }) => id !== callId)
    return {
      type: 'tool-result',
      callId,
      name: this.#names.get(callId) ?? textIn(message, 'name') ?? '',
      content: decodeContent(message['content'], this.#losses),
      isError: false,
      cache: cacheMarkOf(message)
    }
  }

  /** Legacy results, and those of some clients, name their function only, or nothing: the oldest open call is meant. */
  #openCall(name: string | null): string {
    const call = this.#open.find((open) => name === null || open.name === name)
    return call?.id ?? callIdOf(this.turns.length, 0, name ?? '')
  }
}

/** LangChain puts Anthropic's blocks into the content beside the `tool_calls` that say the same. */
function withoutToldCalls(content: unknown, calls: readonly unknown[]): unknown {
  if (!Array.isArray(content) || calls.length === 0) return content
  const told = new Set(calls.map((call) => textIn(call, 'id')))
  return content.filter((part: unknown) => textIn(part, 'type') !== 'tool_use' || !told.has(textIn(part, 'id')))
}

const refusalParts = (text: string | null): readonly Part[] => (text === null ? [] : [{ type: 'refusal', text }])

function decodeMessages(body: JsonObject, losses: Losses): { readonly system: TextPart[]; readonly turns: Turn[] } {
  checkRequest(body)
  const reader = new MessageReader(losses)
  for (const message of listIn(body, 'messages')) if (isObject(message)) reader.read(message)
  if (reader.system.length + reader.turns.length === 0) {
    throw new UnreadableRequest("Invalid 'messages': there is no content in any of them.")
  }
  return reader
}
