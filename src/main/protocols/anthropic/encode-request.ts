import { hash } from 'node:crypto'
import type { Quirks } from '../../../shared/quirks'
import { GO_ON, tellBegun } from '../begun-answer'
import { markPrompt } from '../cache-marks'
import type { CacheMark, Conversation, OutputFormat, Part, Sampling, Target, TextPart, Turn } from '../canonical'
import { messagesModel, type MessagesModel } from '../claude-model'
import { claudeSchema } from '../claude-schema'
import { StrictRoom } from '../claude-schema-limits'
import { encodeChoice } from '../claude-tool-choice'
import { fitConversation } from '../fit-conversation'
import type { JsonObject } from '../foreign-json'
import { describedSchema, formatInWords } from '../format-in-words'
import type { Losses } from '../losses'
import { NOTHING_SAID } from '../nothing-said'
import { cacheControl, encodeContent, MEDIA } from './content'
import { encodeOwnThinking, planThinking } from './reasoning'
import { encodeToolResult, encodeTools, encodeToolUse } from './tools'
import type { ContentBlockParam, MessageRequest, OutputConfig, SamplingParams, TextBlockParam, ToolUnion } from './wire'

/**
 * The body for `anthropic-version: 2023-06-01`, which the caller names in its header: later ones refuse sampling.
 * https://platform.claude.com/docs/en/api/messages
 */
export function encodeRequest(asked: Conversation, target: Target, losses: Losses): JsonObject {
  const { quirks } = target
  const model = messagesModel(target.model)
  const conversation = fitConversation(asked, { tools: null, media: MEDIA, tokens: model.mostTokens }, quirks, losses)
  const plan = planThinking(conversation, target, model, losses)
  const room = new StrictRoom()
  const tools = encodeTools(conversation, model, quirks, room, losses)
  const format = encodeFormat(conversation.format, model, quirks, room, losses)
  const prompt = withMessage({
    tools,
    system: [...encodeSystem(conversation.system), ...format.inWords],
    messages: continued(encodeTurns(conversation.turns), model.takesPrefill && format.schema === null, losses)
  })
  mark(prompt, conversation.cache ?? null, quirks)
  const toolChoice = encodeChoice(conversation, prompt.tools, model, quirks, losses)
  const outputConfig: OutputConfig = {
    ...(plan.effort === null ? {} : { effort: plan.effort }),
    ...(format.schema === null ? {} : { format: { type: 'json_schema', schema: format.schema } })
  }
  const request: MessageRequest = {
    model: target.model,
    max_tokens: plan.maxTokens,
    ...(target.stream ? { stream: true } : {}),
    ...(plan.thinking === null ? {} : { thinking: plan.thinking }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
    ...encodeSampling(conversation.sampling, model, plan.isOn, quirks, losses),
    ...encodeStop(conversation.sampling.stop, quirks, losses),
    ...(conversation.userId === null ? {} : { metadata: { user_id: opaqueId(conversation.userId) } }),
    ...encodeServiceTier(conversation.serviceTier, losses),
    ...(prompt.system.length === 0 ? {} : { system: prompt.system }),
    ...(prompt.tools.length === 0 ? {} : { tools: prompt.tools }),
    ...(toolChoice === null ? {} : { tool_choice: toolChoice }),
    messages: prompt.messages
  }
  tellUnsaid(conversation, losses)
  return { ...request }
}

/** In characters: https://platform.claude.com/docs/en/api/messages#body-metadata-user-id */
const LONGEST_USER_ID = 256

/** One that names a person, by mail or phone, is refused, and a longer one: the same one is always the same hash. */
const opaqueId = (userId: string): string =>
  userId.length > LONGEST_USER_ID || /@|^\+?[\d ()-]{6,}$/.test(userId) ? hash('sha256', userId, 'hex') : userId

/** What the protocol has no member for. OpenAI's cache key only sorts requests, so that nothing is lost with it. */
function tellUnsaid({ sampling, verbosity }: Conversation, losses: Losses): void {
  if (sampling.seed !== null) losses.add('seed')
  if (sampling.frequencyPenalty !== null || sampling.presencePenalty !== null) losses.add('penalties')
  if (verbosity !== null) losses.add('verbosity', verbosity)
}

/** Made anew for one request, so that marks can be put on its blocks. */
interface Prompt {
  readonly tools: ToolUnion[]
  readonly system: TextBlockParam[]
  readonly messages: Message[]
}

interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: ContentBlockParam[]
}

const encodeSystem = (system: readonly TextPart[]): TextBlockParam[] =>
  system.flatMap(({ text, cache }) => (text.trim() === '' ? [] : [{ type: 'text', text, ...cacheControl(cache) }]))

/** Neighbours of one role become one message. Empty ones are refused, and so is an assistant's last message that ends with space. */
function encodeTurns(turns: readonly Turn[]): Message[] {
  const messages: Message[] = []
  for (const { role, parts } of turns) {
    const blocks: ContentBlockParam[] = []
    for (const part of parts) {
      const block = encodePart(part, role)
      if (block !== null) blocks.push(block)
    }
    append(messages, role === 'assistant' ? 'assistant' : 'user', blocks)
  }
  endAssistant(messages)
  const last = messages.at(-1)?.content.at(-1)
  if (last?.type === 'text' && messages.at(-1)?.role === 'assistant') last.text = last.text.trimEnd()
  return messages
}

/**
 * A begun answer that the model would refuse to go on with is followed by the request to do so. None takes one beside a schema:
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#feature-compatibility
 */
function continued(messages: Message[], takesPrefill: boolean, losses: Losses): Message[] {
  const last = messages.at(-1)
  if (takesPrefill || last?.role !== 'assistant' || last.content.at(-1)?.type !== 'text') return messages
  tellBegun(losses)
  return [...messages, { role: 'user', content: [{ type: 'text', text: GO_ON }] }]
}

function append(messages: Message[], role: Message['role'], blocks: ContentBlockParam[]): void {
  if (blocks.length === 0) return
  if (role === 'user') endAssistant(messages)
  const last = messages.at(-1)
  if (last?.role !== role) messages.push({ role, content: blocks })
  else for (const block of blocks) last.content.push(block)
}

/** A message that ends with thinking is refused. */
function endAssistant(messages: Message[]): void {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return
  while (last.content.length > 0 && last.content.at(-1)?.type.endsWith('thinking') === true) last.content.pop()
  if (last.content.length === 0) messages.pop()
}

function encodePart(part: Part, role: Turn['role']): ContentBlockParam | null {
  switch (part.type) {
    case 'text':
      return encodeContent(role === 'system' ? instruction(part) : part)
    case 'media':
      return encodeContent(part)
    case 'refusal':
      return part.text.trim() === '' ? null : { type: 'text', text: part.text }
    case 'reasoning':
      return encodeOwnThinking(part)
    case 'tool-call':
      return encodeToolUse(part)
    case 'tool-result':
      return encodeToolResult(part)
  }
}

/**
 * The vendor's own system messages are for some models only, and there only between a user's and an assistant's:
 * https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
 */
const instruction = (part: TextPart): TextPart =>
  part.text.trim() === '' ? part : { ...part, text: `<system>\n${part.text}\n</system>` }

/** The user's message must be there, and first: what stood in the system prompt alone is then what the user says. */
function withMessage(prompt: Prompt): Prompt {
  const { system, messages } = prompt
  if (messages[0]?.role === 'user') return prompt
  if (messages.length === 0 && system.length > 0) {
    return { ...prompt, system: [], messages: [{ role: 'user', content: system }] }
  }
  return { ...prompt, messages: [{ role: 'user', content: [{ type: 'text', text: NOTHING_SAID }] }, ...messages] }
}

type MarkableBlock = Exclude<ContentBlockParam, { type: 'thinking' | 'redacted_thinking' }>
const isMarkable = (block: ContentBlockParam): block is MarkableBlock =>
  block.type !== 'thinking' && block.type !== 'redacted_thinking'

/** Where a client marks nothing, it is marked for it, unless the channel refuses marks. */
function mark({ tools, system, messages }: Prompt, whole: CacheMark, quirks: Quirks): void {
  const said = messages.flatMap(({ content }) => content).filter(isMarkable)
  if (quirks.dropsCacheControl === true) {
    for (const block of [...tools, ...system, ...said]) delete block.cache_control
    return
  }
  const ends = messages.flatMap(({ role, content }) => (role === 'user' ? content.slice(-1) : []))
  markPrompt({ tools, system, said, userEnds: ends.filter(isMarkable) }, { unmarked: whole ?? '5m', whole })
}

interface Format {
  readonly schema: JsonObject | null
  /** What the system prompt says of it. */
  readonly inWords: readonly TextBlockParam[]
}

/**
 * Held to a schema where the model can be, else asked for in words.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
function encodeFormat(
  format: OutputFormat | null,
  model: MessagesModel,
  quirks: Quirks,
  room: StrictRoom,
  losses: Losses
): Format {
  if (format === null) return { schema: null, inWords: [] }
  const takesSchemas = quirks.jsonFormat === undefined ? model.takesSchemas : quirks.jsonFormat === 'schema'
  const fitted = format.kind === 'schema' && takesSchemas ? claudeSchema(describedSchema(format)) : null
  if (fitted?.isSayable === true && room.takesFormat(fitted.schema)) {
    if (fitted.lost.length > 0) losses.add('json_schema', fitted.lost.join(' '))
    return { schema: fitted.schema, inWords: [] }
  }
  losses.add('json_schema', 'asked for in words')
  return { schema: null, inWords: [{ type: 'text', text: formatInWords(format) }] }
}

/** What a model takes of sampling; thinking takes more of it away. Sources: claude-model.ts. */
function encodeSampling(
  sampling: Sampling,
  model: MessagesModel,
  thinks: boolean,
  quirks: Quirks,
  losses: Losses
): SamplingParams {
  const isFixed = model.sampling === 'none' || thinks
  const temperature = encodeTemperature(sampling.temperature, isFixed, quirks, losses)
  const leastTopP = model.sampling === 'none' || (model.sampling === 'one' && temperature !== null) ? Infinity : 0
  const topP = encodeTopP(sampling.topP, thinks ? Math.max(leastTopP, LEAST_TOP_P) : leastTopP, losses)
  const topK = isFixed ? null : sampling.topK
  if (topK !== sampling.topK) losses.add('top_k')
  return {
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(topK === null ? {} : { top_k: topK })
  }
}

/** `isFixed`: it can only be 1, which is what it is when nothing is said. */
function encodeTemperature(asked: number | null, isFixed: boolean, quirks: Quirks, losses: Losses): number | null {
  if (asked === null || (isFixed && asked === 1)) return null
  if (isFixed) {
    losses.add('temperature', String(asked))
    return null
  }
  const highest = quirks.maxTemperature ?? 1
  if (asked <= highest) return asked
  losses.add('temperature', `${asked} to ${highest}`)
  return highest
}

/** With thinking; below it is refused. */
const LEAST_TOP_P = 0.95

/** 1 is what it is when nothing is said. */
function encodeTopP(asked: number | null, least: number, losses: Losses): number | null {
  if (asked === null || asked >= least) return asked
  if (asked !== 1) losses.add('top_p', String(asked))
  return null
}

/** Those of nothing but space are refused. */
function encodeStop(stop: readonly string[], quirks: Quirks, losses: Losses): { stop_sequences?: string[] } {
  const taken = stop.filter((sequence) => sequence.trim() !== '').slice(0, quirks.maxStopSequences)
  if (taken.length < stop.length) losses.add('stop')
  return taken.length === 0 ? {} : { stop_sequences: taken }
}

/** `auto` uses what the account has of priority. https://platform.claude.com/docs/en/api/service-tiers */
function encodeServiceTier(tier: Conversation['serviceTier'], losses: Losses): Pick<MessageRequest, 'service_tier'> {
  if (tier === 'flex') losses.add('service_tier', tier)
  if (tier === null || tier === 'flex') return {}
  return { service_tier: tier === 'default' ? 'standard_only' : 'auto' }
}
