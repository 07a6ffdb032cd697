import type {
  Conversation,
  Part,
  Sampling,
  Target,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolResultPart,
  Turn
} from '../canonical'
import { fitConversation } from '../fit-conversation'
import { isObject, parseExactJson, type JsonObject } from '../foreign-json'
import { describedSchema, formatInWords } from '../format-in-words'
import { fitSchema } from '../gemini-schema'
import type { Losses } from '../losses'
import { NOTHING_SAID } from '../nothing-said'
import { fitCallId } from '../tool-ids'
import { encodeMedia, encodeNamed, fitsInResponse, MEDIA, textOfResult } from './content'
import { encodeReasoning } from './reasoning'
import { isGemini3, STAND_IN } from './request'
import { encodeTools } from './tools'
import type { Content, GenerateContentRequest, GenerationConfig, Part as GeminiPart } from './wire'

/** Gemini takes so many: https://ai.google.dev/api/generate-content#GenerationConfig */
const MOST_STOPS = 5

/** A generateContent request: https://ai.google.dev/api/generate-content#request-body. Model and streaming stand in its path. */
export function encodeRequest(asked: Conversation, target: Target, losses: Losses): JsonObject {
  const { model, quirks } = target
  const conversation = fitConversation(
    asked,
    { tools: null, media: MEDIA, tokens: mostTokensOf(model) },
    quirks,
    losses
  )
  const { system, turns, serviceTier } = conversation
  const format = encodeFormat(conversation, target, losses)
  const contents = new ContentsWriter(target).write(turns)
  const texts = [...system.map(({ text }) => text), ...format.inWords].filter((text) => text !== '')
  const instruction = texts.map((text) => ({ text }))
  // What stood in the system prompt alone is what the user says.
  const isSaid = contents.length === 0 && instruction.length > 0
  return {
    contents: isSaid ? [{ role: 'user', parts: instruction }] : fromUser(contents),
    systemInstruction: isSaid || instruction.length === 0 ? undefined : { parts: instruction },
    ...encodeTools(conversation, isGemini3(model), losses),
    generationConfig: encodeConfig(conversation, format.config, target, losses),
    serviceTier: serviceTier === null || serviceTier === 'auto' ? undefined : TIERS[serviceTier]
  } satisfies GenerateContentRequest
}

const TIERS = { default: 'standard', flex: 'flex', priority: 'priority' } as const

/** A user's turn must be first: "function call turn comes immediately after a user turn". */
const fromUser = (contents: readonly Content[]): Content[] =>
  contents[0]?.role === 'user' ? [...contents] : [{ role: 'user', parts: [{ text: NOTHING_SAID }] }, ...contents]

/** Written once for each request. Neighbours of one role become one content. */
class ContentsWriter {
  readonly #isGemini3: boolean
  readonly #contents: { readonly role: 'user' | 'model'; readonly parts: GeminiPart[] }[] = []
  /** A signature that the next part of the model's turn carries. */
  #signature: string | undefined
  /** A call before this one, with nothing but calls between, carries a real signature: it is for all of them. */
  #isSigned = false

  constructor({ model }: Target) {
    this.#isGemini3 = isGemini3(model)
  }

  write(turns: readonly Turn[]): readonly Content[] {
    for (const turn of turns) {
      if (turn.role === 'assistant') this.#writeModel(turn.parts)
      else this.#writeUser(turn)
    }
    return this.#contents.map(responsesFirst)
  }

  #add(role: 'user' | 'model', parts: readonly GeminiPart[]): void {
    if (parts.length === 0) return
    const last = this.#contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else this.#contents.push({ role, parts: [...parts] })
  }

  #writeUser({ role, parts }: Turn): void {
    this.#isSigned = false
    for (const part of parts) this.#add('user', this.#said(part, role === 'system'))
  }

  #writeModel(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.type !== 'reasoning') this.#add('model', this.#signed(part))
      else if (part.signature?.maker === 'gemini') {
        this.#add('model', this.#loneSignature())
        this.#signature = part.signature.value
      }
    }
    this.#add('model', this.#loneSignature())
  }

  /** One that no part follows, in Gemini's own way: https://ai.google.dev/gemini-api/docs/thought-signatures */
  #loneSignature(): readonly GeminiPart[] {
    const signature = this.#signature
    this.#signature = undefined
    return signature === undefined ? [] : [{ text: '', thoughtSignature: signature }]
  }

  #signed(part: Part): readonly GeminiPart[] {
    const isCall = part.type === 'tool-call'
    const [first, ...rest] = isCall ? [this.#call(part)] : this.#said(part, false)
    if (first === undefined) return []
    const signature = this.#signature
    this.#signature = undefined
    if (!isCall) this.#isSigned = false
    else if (signature !== undefined) this.#isSigned = true
    // From Gemini 3 on a call without a signature is refused.
    const standIn = isCall && this.#isGemini3 && !this.#isSigned ? STAND_IN : undefined
    const thoughtSignature = signature ?? standIn
    return [thoughtSignature === undefined ? first : { ...first, thoughtSignature }, ...rest]
  }

  #call({ id, name, input }: ToolCallPart): GeminiPart {
    return { functionCall: { id: fitCallId(id), name, args: argsOf(input) } }
  }

  #said(part: Part, isSystem: boolean): readonly GeminiPart[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        if (part.text === '') return []
        return [{ text: isSystem ? `<system>\n${part.text}\n</system>` : part.text }]
      case 'media':
        return encodeNamed(part)
      case 'tool-result':
        return this.#result(part)
      default:
        return []
    }
  }

  /** What a response can't hold follows it. */
  #result(result: ToolResultPart): readonly GeminiPart[] {
    const media = result.content.flatMap((part) => (part.type === 'media' ? [part] : []))
    const inside = this.#isGemini3 ? media.filter(fitsInResponse) : []
    const after = media.filter((part) => !inside.includes(part)).flatMap(encodeNamed)
    const told = after.length === 0 ? [] : [{ text: `Returned by ${result.name || 'a tool'}:` }, ...after]
    const parts = inside.map(encodeMedia)
    const text = [textOfResult(result), ...inside.map(({ name }) => name ?? '')]
      .filter((said) => said !== '')
      .join('\n')
    const response = {
      id: fitCallId(result.callId),
      name: result.name,
      response: result.isError ? { error: text } : { output: text },
      parts: parts.length === 0 ? undefined : parts
    }
    return [{ functionResponse: response }, ...told]
  }
}

/** The input of a call as an object; what is none is kept as text. */
export function argsOf(input: string): JsonObject {
  const args = input === '' ? {} : parseExactJson(input)
  return isObject(args) ? args : { input }
}

/** Responses are looked for at the beginning of the turn that follows their calls. */
function responsesFirst({ role, parts }: Content): Content {
  const list = parts ?? []
  const isResponse = (part: GeminiPart): boolean => part.functionResponse !== undefined
  const isMixed = list.some((part, index) => index > 0 && isResponse(part) && !isResponse(list[index - 1] ?? part))
  if (!isMixed) return { role, parts: list }
  return { role, parts: [...list.filter(isResponse), ...list.filter((part) => !isResponse(part))] }
}

/** Of an answer; null: not known. https://ai.google.dev/gemini-api/docs/models */
function mostTokensOf(model: string): number | null {
  if (/\bgemini-(?:1|2\.0)\b/.test(model)) return 8192
  return /\bgemini-[23]\b/.test(model) ? 65_536 : null
}

function encodeConfig(
  conversation: Conversation,
  format: GenerationConfig,
  target: Target,
  losses: Losses
): GenerationConfig {
  const { maxTokens, reasoning, verbosity } = conversation
  if (verbosity !== null && verbosity !== 'medium') losses.add('verbosity', verbosity)
  return {
    maxOutputTokens: maxTokens ?? undefined,
    ...encodeSampling(conversation.sampling, target, losses),
    ...format,
    thinkingConfig: encodeReasoning(reasoning, target, losses)
  }
}

/** Penalties are refused by Gemini 2.5 and by the newest models: https://ai.google.dev/gemini-api/docs/gemini-3 */
function encodeSampling(sampling: Sampling, { quirks }: Target, losses: Losses): GenerationConfig {
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty, stop } = sampling
  const mostStops = quirks.maxStopSequences ?? MOST_STOPS
  if (stop.length > mostStops) losses.add('stop', `${stop.length} → ${mostStops}`)
  if ((frequencyPenalty ?? 0) !== 0 || (presencePenalty ?? 0) !== 0) losses.add('penalties')
  const kept = stop.slice(0, mostStops)
  return {
    temperature: encodeTemperature(temperature, quirks.maxTemperature ?? 2, losses),
    topP: topP ?? undefined,
    topK: topK ?? undefined,
    seed: encodeSeed(seed, losses),
    stopSequences: kept.length === 0 ? undefined : kept
  }
}

function encodeTemperature(temperature: number | null, most: number, losses: Losses): number | undefined {
  if (temperature === null || temperature <= most) return temperature ?? undefined
  losses.add('temperature', `${temperature} → ${most}`)
  return most
}

/** An int32. */
function encodeSeed(seed: number | null, losses: Losses): number | undefined {
  if (seed === null || (Number.isInteger(seed) && Math.abs(seed) < 2 ** 31)) return seed ?? undefined
  losses.add('seed', String(seed))
  return undefined
}

interface SentFormat {
  readonly config: GenerationConfig
  /** What the model is told where it can't be held to it. */
  readonly inWords: readonly string[]
}

/**
 * Before Gemini 3 a JSON format excludes functions and hosted tools: "Tool use with a response mime type … is unsupported". Of all
 * models a call that is demanded excludes it: "Forced function calling (ANY mode) with a response mime type … is unsupported".
 */
function encodeFormat(
  { format, tools, toolChoice }: Conversation,
  { model, quirks }: Target,
  losses: Losses
): SentFormat {
  if (format === null) return { config: {}, inWords: [] }
  const mayBeJson =
    quirks.jsonFormat !== 'none' && (tools.length === 0 || (isGemini3(model) && !isForced(tools, toolChoice)))
  const config: GenerationConfig = mayBeJson ? { responseMimeType: 'application/json' } : {}
  if (mayBeJson && format.kind === 'json') return { config, inWords: [] }
  if (mayBeJson && format.kind === 'schema' && quirks.jsonFormat !== 'object') {
    return { config: { ...config, responseJsonSchema: fitSchema(describedSchema(format), losses) }, inWords: [] }
  }
  losses.add('json_schema', 'asked for in words')
  return { config, inWords: [formatInWords(format)] }
}

const isForced = (tools: readonly Tool[], choice: ToolChoice | null): boolean =>
  tools.some(
    (tool) =>
      tool.kind === 'function' &&
      (choice?.kind === 'required' || (choice?.kind === 'tool' && choice.name === tool.name))
  )
