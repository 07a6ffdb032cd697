import { hash } from 'node:crypto'
import type { Conversation, JsonSchema, OutputFormat, Part, Sampling, Target, TextPart, Turn } from '../canonical'
import { fitConversation } from '../fit-conversation'
import type { JsonObject } from '../foreign-json'
import { formatInWords } from '../format-in-words'
import type { Losses } from '../losses'
import { effortsOfModel, knowsPhases, mostTokensOf, mostToolsOf, takesSampling, verbosityFor } from '../openai-model'
import { fitsStrict, outputSchema } from '../openai-schema'
import { NOTHING_SAID } from '../nothing-said'
import { customChoice, customTools, withCustomCalls, type CustomTools } from '../responses-custom-tools'
import { fitCallId } from '../tool-ids'
import { encodeContent, MEDIA, textPart } from './content'
import { encodeReasoning, encodeReasoningInput, mayReason } from './reasoning'
import { encodeResult, encodeToolChoice, encodeTools } from './tools'
import type {
  InputItem,
  OutputMessage,
  OutputRefusal,
  OutputText,
  RequestFormat,
  RequestReasoning,
  ResponseRequest
} from './wire'

/** "integer_below_min_value", for any smaller one. */
const LEAST_OUTPUT_TOKENS = 16
/** https://platform.openai.com/docs/api-reference/responses/create: of `safety_identifier`; of cache keys the API says the same. */
const LONGEST_ID = 64

/**
 * The body for an upstream: https://platform.openai.com/docs/api-reference/responses/create. Nothing is stored there, so
 * what it encrypts must come back with the history: https://platform.openai.com/docs/guides/conversation-state.
 */
export function encodeRequest(asked: Conversation, target: Target, losses: Losses): JsonObject {
  const { model, stream, quirks } = target
  const { format, inWords } = encodeFormat(asked.format, target, losses)
  const fitting = fitConversation(
    asked,
    { tools: mostToolsOf(model), media: MEDIA, tokens: mostTokensOf(model) },
    quirks,
    losses
  )
  const conversation = { ...fitting, system: [...fitting.system, ...inWords] }
  const reasoning = encodeReasoning(conversation.reasoning, conversation.tools, target, losses)
  const custom = customTools(conversation.tools, model)
  // The API wants some input; instructions are none.
  const isInput = conversation.turns.length === 0 && conversation.system.length > 0
  const request: ResponseRequest = {
    model,
    stream,
    store: false,
    ...(mayReason(model) ? { include: ['reasoning.encrypted_content'] } : {}),
    ...(isInput ? {} : instructionsOf(conversation.system)),
    input: isInput
      ? [developerMessage(conversation.system)]
      : withCustomCalls(inputOf(conversation, format, model), custom),
    ...encodeToolFields(conversation, custom, target, losses),
    ...limitOf(conversation, losses),
    ...samplingOf(conversation, target, reasoning, losses),
    ...(reasoning === null ? {} : { reasoning }),
    ...textOf(format, verbosityFor(conversation.verbosity, model, losses)),
    ...identityOf(conversation)
  }
  if (conversation.parallelTools === false && quirks.dropsParallelTools === true) losses.add('parallel_tools')
  return { ...request }
}

function instructionsOf(system: readonly TextPart[]): Pick<ResponseRequest, 'instructions'> {
  const instructions = system.map(({ text }) => text).join('\n\n')
  return instructions === '' ? {} : { instructions }
}

function inputOf(conversation: Conversation, format: RequestFormat | null, model: string): InputItem[] {
  const hasPhases = knowsPhases(model)
  const said = conversation.turns.flatMap((turn) =>
    turn.role === 'assistant' ? encodeAssistant(turn.parts, hasPhases) : encodeSaid(turn)
  )
  const whole = withoutLoneReasoning(said)
  const input = whole.length > 0 ? whole : [...encodeSaid({ role: 'user', parts: [textPart(NOTHING_SAID)] })]
  if (format?.type !== 'json_object' || conversation.turns.some(saysJson)) return input
  return [developerMessage([textPart('Answer in JSON.')]), ...input]
}

/**
 * An answer that its limit ended while it still reasoned: "Item … of type 'reasoning' was provided without its required following
 * item", which is what the model said or called (https://github.com/continuedev/continue/issues/8933).
 */
function withoutLoneReasoning(items: readonly InputItem[]): InputItem[] {
  const kept: InputItem[] = []
  let isFollowed = false
  for (const item of items.toReversed()) {
    const isReasoning = item.type === 'reasoning'
    if (!isReasoning)
      isFollowed = item.type === 'function_call' || (item.type === 'message' && item.role === 'assistant')
    if (!isReasoning || isFollowed) kept.push(item)
  }
  return kept.toReversed()
}

const developerMessage = (texts: readonly TextPart[]): InputItem => ({
  type: 'message',
  role: 'developer',
  content: texts.map(({ text }) => ({ type: 'input_text', text }))
})

/** "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'." */
const saysJson = ({ parts }: Turn): boolean => parts.some((part) => part.type === 'text' && /json/i.test(part.text))

function encodeSaid(turn: Turn): readonly InputItem[] {
  const items: InputItem[] = []
  let pending: Part[] = []
  const flush = (): void => {
    const content = encodeContent(pending)
    pending = []
    if (content.length === 0) return
    items.push({ type: 'message', role: turn.role === 'system' ? 'developer' : 'user', content })
  }
  for (const part of turn.parts) {
    if (part.type !== 'tool-result') {
      pending.push(part)
      continue
    }
    flush()
    items.push(encodeResult(part))
  }
  flush()
  return items
}

/**
 * Text of one turn is one message, which ends where a call or reasoning stands between. What is said in a turn with calls is
 * no final answer.
 */
function encodeAssistant(parts: readonly Part[], hasPhases: boolean): readonly InputItem[] {
  const isAnswer = parts.every(({ type }) => type !== 'tool-call')
  const phase: Pick<OutputMessage, 'phase'> = hasPhases ? { phase: isAnswer ? 'final_answer' : 'commentary' } : {}
  const items: InputItem[] = []
  let content: (OutputText | OutputRefusal)[] | null = null
  for (const part of parts) {
    const said = saidIn(part)
    if (said !== null) {
      if (content === null) {
        content = []
        items.push({ type: 'message', role: 'assistant', ...phase, content })
      }
      content.push(said)
      continue
    }
    const item = encodeMade(part)
    if (item === null) continue
    content = null
    items.push(item)
  }
  return items
}

function saidIn(part: Part): OutputText | OutputRefusal | null {
  if (part.type === 'text' && part.text !== '') return { type: 'output_text', text: part.text, annotations: [] }
  if (part.type === 'refusal' && part.text !== '') return { type: 'refusal', refusal: part.text }
  return null
}

function encodeMade(part: Part): InputItem | null {
  switch (part.type) {
    case 'tool-call':
      return { type: 'function_call', call_id: fitCallId(part.id), name: part.name, arguments: part.input }
    case 'reasoning':
      return encodeReasoningInput(part)
    default:
      return null
  }
}

function encodeToolFields(
  conversation: Conversation,
  custom: CustomTools,
  target: Target,
  losses: Losses
): Pick<ResponseRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'> {
  const tools = encodeTools(conversation.tools, custom, target, losses)
  const { toolChoice, parallelTools } = conversation
  const choice = encodeToolChoice(toolChoice, tools, losses)
  if (tools.length === 0) return {}
  return {
    tools,
    ...(choice === null ? {} : { tool_choice: customChoice(choice, custom) }),
    ...(parallelTools === null || target.quirks.dropsParallelTools === true
      ? {}
      : { parallel_tool_calls: parallelTools })
  }
}

function limitOf({ maxTokens }: Conversation, losses: Losses): Pick<ResponseRequest, 'max_output_tokens'> {
  if (maxTokens === null) return {}
  if (maxTokens < LEAST_OUTPUT_TOKENS) losses.add('max_tokens', `${maxTokens} → ${LEAST_OUTPUT_TOKENS}`)
  return { max_output_tokens: Math.max(maxTokens, LEAST_OUTPUT_TOKENS) }
}

function samplingOf(
  { sampling }: Conversation,
  { model, quirks }: Target,
  reasoning: RequestReasoning | null,
  losses: Losses
): Pick<ResponseRequest, 'temperature' | 'top_p'> {
  tellLost(sampling, losses)
  const { temperature, topP } = sampling
  if (!takesSampling(effortsOfModel(model), reasoning?.effort)) {
    if (temperature !== null && temperature !== 1) losses.add('temperature')
    if (topP !== null && topP !== 1) losses.add('top_p')
    return {}
  }
  const highest = quirks.maxTemperature ?? 2
  if (temperature !== null && temperature > highest) losses.add('temperature', `${temperature} → ${highest}`)
  return {
    ...(temperature === null ? {} : { temperature: Math.min(temperature, highest) }),
    ...(topP === null ? {} : { top_p: topP })
  }
}

/** What the API has no parameter for. */
function tellLost({ topK, seed, stop, frequencyPenalty, presencePenalty }: Sampling, losses: Losses): void {
  if (topK !== null) losses.add('top_k')
  if (seed !== null) losses.add('seed')
  if (stop.length > 0) losses.add('stop')
  const penalties = [frequencyPenalty, presencePenalty]
  if (penalties.some((penalty) => penalty !== null && penalty !== 0)) losses.add('penalties')
}

function textOf(encoded: RequestFormat | null, verbosity: Conversation['verbosity']): Pick<ResponseRequest, 'text'> {
  if (encoded === null && verbosity === null) return {}
  return { text: { ...(encoded === null ? {} : { format: encoded }), ...(verbosity === null ? {} : { verbosity }) } }
}

/** `inWords`: what the model is told where it can't be held to the format. */
interface SentFormat {
  readonly format: RequestFormat | null
  readonly inWords: readonly TextPart[]
}

function encodeFormat(format: OutputFormat | null, { quirks }: Target, losses: Losses): SentFormat {
  if (format === null) return { format: null, inWords: [] }
  const known = quirks.jsonFormat ?? 'schema'
  if (format.kind === 'json' && known !== 'none') return { format: { type: 'json_object' }, inWords: [] }
  const schema = format.kind === 'schema' ? outputSchema(format.schema) : null
  if (format.kind === 'schema' && schema !== null && known === 'schema') {
    return { format: encodeSchema(format, schema, losses), inWords: [] }
  }
  losses.add('json_schema', 'asked for in words')
  const mayBeObject = known !== 'none' && schema !== null
  return { format: mayBeObject ? { type: 'json_object' } : null, inWords: [textPart(formatInWords(format))] }
}

function encodeSchema(
  { name, description, strict: asked }: Extract<OutputFormat, { kind: 'schema' }>,
  schema: JsonSchema,
  losses: Losses
): RequestFormat {
  const strict = asked === true && fitsStrict(schema)
  if (asked === true && !strict) losses.add('strict', name)
  const described = description === null ? {} : { description }
  const fitting = name.replaceAll(/[^\w-]/g, '_').slice(0, LONGEST_ID)
  return { type: 'json_schema', name: fitting, ...described, schema, strict }
}

function identityOf({
  userId,
  serviceTier,
  cacheKey
}: Conversation): Pick<ResponseRequest, 'safety_identifier' | 'service_tier' | 'prompt_cache_key'> {
  return {
    ...(userId === null ? {} : { safety_identifier: shortId(userId) }),
    ...(serviceTier === null ? {} : { service_tier: serviceTier }),
    ...(cacheKey === null ? {} : { prompt_cache_key: shortId(cacheKey) })
  }
}

/** One that is too long (Claude Code's is a JSON text) is told by its hash, as the vendor asks for. */
const shortId = (id: string): string => (id.length <= LONGEST_ID ? id : hash('sha256', id, 'hex'))
