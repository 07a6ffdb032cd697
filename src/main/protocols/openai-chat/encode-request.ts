import { hash } from 'node:crypto'
import type {
  Conversation,
  JsonSchema,
  OutputFormat,
  Part,
  Sampling,
  Target,
  TextPart,
  ToolResultPart,
  Turn
} from '../canonical'
import { markMessages } from '../chat-cache-marks'
import { fitConversation } from '../fit-conversation'
import { entryOf, type JsonObject } from '../foreign-json'
import { formatInWords } from '../format-in-words'
import { joinAnswers } from '../joined-turns'
import type { LossName, Losses } from '../losses'
import { mostTokensOf, mostToolsOf, takesSampling, type SentEffort } from '../openai-model'
import { fitsStrict, outputSchema } from '../openai-schema'
import { NOTHING_SAID } from '../nothing-said'
import { fitCallId, shortCallId } from '../tool-ids'
import { asContent, cached, encodeParts, encodeTexts, MEDIA, textPart } from './content'
import { encodeWish, encodeWishBesideFunctions, ownEfforts } from '../chat-reasoning-wish'
import { encodeHistory } from './reasoning'
import { encodeCall, encodeTools, resultTexts } from './tools'
import type { AssistantParam, MessageParam, RequestBody, ResponseFormatParam, TextParam, UserPartParam } from './wire'

/**
 * The body for a Chat Completions channel, OpenAI's own or of the many who copied it (quirks.ts):
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export function encodeRequest(asked: Conversation, target: Target, losses: Losses): JsonObject {
  const { model, stream, quirks } = target
  const conversation = fitConversation(
    asked,
    { tools: mostToolsOf(model), media: MEDIA, tokens: mostTokensOf(model) },
    quirks,
    losses
  )
  const { format, told } = encodeFormat(conversation.format, target, losses)
  const tools = toolMembers(conversation, target, losses)
  const wish = (tools.tools === undefined ? encodeWish : encodeWishBesideFunctions)(
    conversation.reasoning,
    target,
    losses
  )
  const body: RequestBody = {
    model,
    messages: encodeMessages({ ...conversation, system: [...conversation.system, ...told] }, target),
    stream,
    ...(stream && quirks.dropsStreamOptions !== true && { stream_options: { include_usage: true } }),
    ...tools,
    ...limitMembers(conversation.maxTokens, target),
    ...samplingMembers(conversation.sampling, target, wish['reasoning_effort'], losses),
    ...wish,
    ...(format !== null && { response_format: format }),
    ...(conversation.verbosity !== null && { verbosity: conversation.verbosity }),
    ...(conversation.userId !== null && { user: fitUserId(conversation.userId) }),
    ...(conversation.serviceTier !== null && { service_tier: conversation.serviceTier }),
    ...(conversation.cacheKey !== null && { prompt_cache_key: conversation.cacheKey })
  }
  for (const name of quirks.dropsFields ?? []) tellDropped(name, body, losses)
  return { ...body }
}

/** What a member says that is taken out of the body before it goes (quirk `dropsFields`); who asks and cache keys change nothing. */
const DROPPED: Readonly<Record<string, LossName>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  stop: 'stop',
  seed: 'seed',
  frequency_penalty: 'penalties',
  presence_penalty: 'penalties',
  response_format: 'json_schema',
  reasoning_effort: 'reasoning',
  verbosity: 'verbosity',
  service_tier: 'service_tier',
  parallel_tool_calls: 'parallel_tools'
}

function tellDropped(name: string, body: object, losses: Losses): void {
  const loss = entryOf(DROPPED, name)
  if (loss !== undefined && Object.hasOwn(body, name)) losses.add(loss)
}

/** OpenAI takes up to 64 characters, DeepSeek only these, GLM 6 at least; Claude Code's is a longer JSON text. */
const fitUserId = (id: string): string => (/^[\w-]{6,64}$/.test(id) ? id : hash('sha256', id, 'hex'))

function toolMembers(
  { tools, toolChoice, parallelTools }: Conversation,
  target: Target,
  losses: Losses
): Partial<RequestBody> {
  const sent = encodeTools(tools, toolChoice, target, losses)
  const search = sent.webSearch === null ? {} : { web_search_options: sent.webSearch }
  if (sent.tools.length === 0) return search
  const dropsParallel = target.quirks.dropsParallelTools === true
  if (parallelTools === false && dropsParallel) losses.add('parallel_tools')
  return {
    tools: sent.tools,
    ...(sent.choice !== null && { tool_choice: sent.choice }),
    ...(parallelTools !== null && !dropsParallel && { parallel_tool_calls: parallelTools }),
    ...search
  }
}

/** OpenAI's reasoning models refuse the older name. */
function limitMembers(maxTokens: number | null, target: Target): Partial<RequestBody> {
  if (maxTokens === null) return {}
  const usual = (ownEfforts(target) ?? []).length > 0 ? 'max_completion_tokens' : 'max_tokens'
  return { [target.quirks.maxTokensField ?? usual]: maxTokens }
}

/** OpenAI's own limits. */
const HOTTEST = 2
const MOST_STOPS = 4

function samplingMembers(said: Sampling, target: Target, effort: unknown, losses: Losses): Partial<RequestBody> {
  const { quirks } = target
  const sampling = takenSampling(said, ownEfforts(target), effort, losses)
  const { temperature, topP, topK, stop } = sampling
  const hottest = quirks.maxTemperature ?? HOTTEST
  const mostStops = quirks.maxStopSequences ?? MOST_STOPS
  if (temperature !== null && temperature > hottest) losses.add('temperature', `${temperature} → ${hottest}`)
  if (topK !== null) losses.add('top_k')
  if (stop.length > mostStops) losses.add('stop', `${stop.length} → ${mostStops}`)
  const stops = stop.slice(0, mostStops)
  return {
    ...(temperature !== null && { temperature: Math.min(temperature, hottest) }),
    ...(topP !== null && { top_p: topP }),
    ...(stops.length > 0 && { stop: stops }),
    ...rareSampling(sampling)
  }
}

/**
 * What OpenAI's reasoning models refuse is left out: https://platform.openai.com/docs/guides/reasoning,
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop
 */
function takenSampling(
  sampling: Sampling,
  known: readonly SentEffort[] | null,
  effort: unknown,
  losses: Losses
): Sampling {
  if (known === null || known.length === 0) return sampling
  if (sampling.stop.length > 0) losses.add('stop')
  const penalties = [sampling.frequencyPenalty, sampling.presencePenalty]
  if (penalties.some((penalty) => penalty !== null && penalty !== 0)) losses.add('penalties')
  const taken: Sampling = { ...sampling, stop: [], frequencyPenalty: null, presencePenalty: null }
  if (takesSampling(known, effort)) return taken
  if (sampling.temperature !== null && sampling.temperature !== 1) losses.add('temperature')
  if (sampling.topP !== null && sampling.topP !== 1) losses.add('top_p')
  return { ...taken, temperature: null, topP: null }
}

const rareSampling = ({ seed, frequencyPenalty, presencePenalty }: Sampling): Partial<RequestBody> => ({
  ...(seed !== null && { seed }),
  ...(frequencyPenalty !== null && { frequency_penalty: frequencyPenalty }),
  ...(presencePenalty !== null && { presence_penalty: presencePenalty })
})

/** `told`: what the model is told in words, where the channel can't be held to a format (quirk `jsonFormat`). */
interface SentFormat {
  readonly format: ResponseFormatParam | null
  readonly told: readonly TextPart[]
}

function encodeFormat(format: OutputFormat | null, { quirks }: Target, losses: Losses): SentFormat {
  if (format === null) return { format: null, told: [] }
  const best = quirks.jsonFormat ?? 'schema'
  const schema = format.kind === 'schema' ? outputSchema(format.schema) : null
  if (format.kind === 'schema' && schema !== null && best === 'schema') {
    return { format: schemaFormat(format, schema, quirks.dropsStrict === true, losses), told: [] }
  }
  if (format.kind === 'schema' || best === 'none') losses.add('json_schema', 'asked for in words')
  const mayBeObject = best !== 'none' && (format.kind === 'json' || schema !== null)
  // OpenAI refuses it where no message speaks of JSON.
  return { format: mayBeObject ? { type: 'json_object' } : null, told: [textPart(formatInWords(format))] }
}

function schemaFormat(
  { name, description, strict }: Extract<OutputFormat, { kind: 'schema' }>,
  schema: JsonSchema,
  dropsStrict: boolean,
  losses: Losses
): ResponseFormatParam {
  const isStrict = strict === true && !dropsStrict && fitsStrict(schema)
  if (strict === true && !isStrict) losses.add('strict')
  return {
    type: 'json_schema',
    json_schema: {
      name: /^[\w-]{1,64}$/.test(name) ? name : 'answer',
      ...(description !== null && { description }),
      schema: { ...schema },
      ...(isStrict && { strict: true })
    }
  }
}

function encodeMessages(conversation: Conversation, target: Target): readonly MessageParam[] {
  const writer = new MessageWriter(target)
  writer.system(conversation.system)
  for (const turn of joinAnswers(conversation.turns)) writer.turn(turn)
  writer.flush()
  if (target.quirks.takesCacheControl === true) markMessages(writer.messages, conversation, target.model)
  return writer.messages.length > 0 ? writer.messages : [{ role: 'user', content: NOTHING_SAID }]
}

/**
 * Results go first, each in a message of its own, and neighbours' results too before anything else: OpenAI refuses any other
 * message between a call and its results. What no `tool` message can hold follows in a user message.
 */
class MessageWriter {
  readonly messages: MessageParam[] = []
  readonly #target: Target
  #waiting: UserPartParam[] = []
  /** What the last user message was made of. */
  #lastUser: readonly UserPartParam[] = []

  constructor(target: Target) {
    this.#target = target
  }

  system(texts: readonly TextPart[]): void {
    const content = encodeTexts(texts, this.#target)
    if (content.length > 0) this.messages.push({ role: this.#target.quirks.systemRole ?? 'system', content })
  }

  turn({ role, parts }: Turn): void {
    if (role === 'user') {
      this.#user(parts)
      return
    }
    if (role === 'system') this.#lateSystem(parts.filter((part) => part.type === 'text'))
    else {
      this.flush()
      this.#assistant(parts)
    }
  }

  /** Writes what waits for a user message. */
  flush(): void {
    const parts = this.#waiting
    this.#waiting = []
    if (parts.length === 0) return
    const { systemOnlyFirst, noUserAfterTool } = this.#target.quirks
    const before = this.messages.at(-1)?.role
    if (before === 'user' && systemOnlyFirst === true) {
      this.messages.pop()
      parts.unshift(...this.#lastUser)
    }
    if (before === 'tool' && noUserAfterTool === true) this.messages.push({ role: 'assistant', content: 'OK.' })
    this.#lastUser = parts
    this.messages.push({ role: 'user', content: asContent(parts, this.#target) })
  }

  #lateSystem(texts: readonly TextPart[]): void {
    if (this.#target.quirks.systemOnlyFirst === true && this.messages.length > 0) {
      this.#user(texts.map((part) => ({ ...part, text: `<system>\n${part.text}\n</system>` })))
      return
    }
    this.flush()
    this.system(texts)
  }

  #user(parts: readonly Part[]): void {
    for (const part of parts) if (part.type === 'tool-result') this.#result(part)
    const said = parts.filter((part) => part.type === 'text' || part.type === 'media')
    if (said.length === 0) return
    this.#waiting.push(...encodeParts(said, this.#target))
    this.flush()
  }

  #result(part: ToolResultPart): void {
    const media = part.content.filter((one) => one.type === 'media')
    const shown = encodeParts(media, this.#target)
    const texts = encodeTexts(resultTexts(part), this.#target)
    const content = texts.length > 0 || shown.length === 0 ? texts : encodeTexts([SEE_BELOW], this.#target)
    const tool_call_id = this.#callId(part.callId)
    this.messages.push({ role: 'tool', tool_call_id, content: marked(content, part, this.#target) })
    if (shown.length === 0) return
    const from = `From the result of ${part.name || 'the call'} (${tool_call_id}):`
    this.#waiting.push({ type: 'text', text: from }, ...shown)
  }

  #assistant(parts: readonly Part[]): void {
    const calls = parts.filter((part) => part.type === 'tool-call')
    const reasoning = encodeHistory(parts, this.#target)
    const content = encodeTexts(this.#saidTexts(parts), this.#target)
    if (content.length === 0 && calls.length === 0) return
    const message: AssistantParam = {
      role: 'assistant',
      content: content.length === 0 ? null : content,
      ...reasoning.message,
      ...(calls.length > 0 && {
        tool_calls: calls.map((call, index) => ({
          ...encodeCall(call),
          id: this.#callId(call.id),
          ...reasoning.calls[index]
        }))
      })
    }
    this.messages.push(message)
  }

  #callId(id: string): string {
    return this.#target.quirks.shortCallIds === true ? shortCallId(id) : fitCallId(id)
  }

  /** A refusal goes as text: vendors other than OpenAI refuse its member. */
  #saidTexts(parts: readonly Part[]): readonly TextPart[] {
    return parts.flatMap((part) => {
      if (part.type === 'refusal') return [textPart(part.text)]
      return part.type === 'text' ? [part] : []
    })
  }
}

const SEE_BELOW = textPart('See the next user message.')

/** A result's own cache mark goes to its last text. */
function marked(content: string | TextParam[], { cache }: ToolResultPart, target: Target): string | TextParam[] {
  if (typeof content === 'string') return content
  const mark = cached(cache, target)
  return content.map((text, index) => (index === content.length - 1 ? { ...text, ...mark } : text))
}
