import { hash } from 'node:crypto'
import type { Quirks } from '../../../shared/quirks'
import { askedToGoOn } from '../begun-answer'
import type { Conversation, JsonSchema, OutputFormat, Sampling, Target, TextPart } from '../canonical'
import { encodeMessages } from '../chat-messages'
import { encodeWish, encodeWishBesideFunctions, ownEfforts } from '../chat-reasoning-wish'
import { fitConversation } from '../fit-conversation'
import { entryOf, type JsonObject } from '../foreign-json'
import { formatInWords } from '../format-in-words'
import type { LossName, Losses } from '../losses'
import {
  mostTokensOf,
  mostToolsOf,
  refusesSampling,
  takesParallelTools,
  takesSampling,
  verbosityFor
} from '../openai-model'
import { fitsStrict, outputSchema } from '../openai-schema'
import { MEDIA, textPart } from './content'
import { encodeTools } from './tools'
import type { RequestBody, ResponseFormatParam } from './wire'

/**
 * The body for a Chat Completions channel, OpenAI's own or of the many who copied it (quirks.ts):
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export function encodeRequest(asked: Conversation, target: Target, losses: Losses): JsonObject {
  const { model, stream, quirks } = target
  const fitting = fitConversation(
    asked,
    { tools: mostToolsOf(model), media: MEDIA, tokens: mostTokensOf(model) },
    limitQuirks(target),
    losses
  )
  const conversation = quirks.dropsPrefill === true ? askedToGoOn(fitting, losses) : fitting
  const { format, told } = encodeFormat(conversation.format, target, losses)
  const tools = toolMembers(conversation, target, losses)
  const wish = (tools.tools === undefined ? encodeWish : encodeWishBesideFunctions)(
    conversation.reasoning,
    target,
    losses
  )
  const verbosity = verbosityFor(conversation.verbosity, model, losses)
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
    ...(verbosity !== null && { verbosity }),
    ...(conversation.userId !== null && { user: fitUserId(conversation.userId) }),
    ...(conversation.serviceTier !== null && { service_tier: conversation.serviceTier }),
    ...(conversation.cacheKey !== null && { prompt_cache_key: conversation.cacheKey })
  }
  for (const name of quirks.dropsFields ?? []) tellDropped(name, body, losses)
  return { ...body }
}

/** Fireworks: "Requests with max_tokens > 4096 must have stream=true", https://github.com/nullclaw/nullclaw/pull/231 */
function limitQuirks({ stream, quirks }: Target): Quirks {
  const { mostTokens, mostTokensUnstreamed: most } = quirks
  return stream || most === undefined ? quirks : { ...quirks, mostTokens: Math.min(most, mostTokens ?? most) }
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
  const dropsParallel = target.quirks.dropsParallelTools === true || !takesParallelTools(target.model)
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
  const sampling = takenSampling(said, target, effort, losses)
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
 * What OpenAI's own models refuse is left out: https://platform.openai.com/docs/guides/reasoning,
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop
 */
function takenSampling(sampling: Sampling, target: Target, effort: unknown, losses: Losses): Sampling {
  const known = ownEfforts(target)
  if (known === null) return sampling
  if (known.length === 0) {
    return refusesSampling(target.model) ? withoutHeat(withoutPenalties(sampling, losses), losses) : sampling
  }
  if (sampling.stop.length > 0) losses.add('stop')
  const taken = withoutPenalties({ ...sampling, stop: [] }, losses)
  return takesSampling(known, effort) ? taken : withoutHeat(taken, losses)
}

function withoutPenalties(sampling: Sampling, losses: Losses): Sampling {
  const penalties = [sampling.frequencyPenalty, sampling.presencePenalty]
  if (penalties.some((penalty) => penalty !== null && penalty !== 0)) losses.add('penalties')
  return { ...sampling, frequencyPenalty: null, presencePenalty: null }
}

function withoutHeat(sampling: Sampling, losses: Losses): Sampling {
  if (sampling.temperature !== null && sampling.temperature !== 1) losses.add('temperature')
  if (sampling.topP !== null && sampling.topP !== 1) losses.add('top_p')
  return { ...sampling, temperature: null, topP: null }
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
