import type { TokenUsage } from '../../../shared/usage'
import { noAnswerIn, renderComplaint } from '../answer-error'
import { StreamInspector, type Disposition, type OversizedPlan } from '../event-reader'
import { isObject, listIn, objectIn, textIn, type JsonObject } from '../foreign-json'
import { errorOfEvent, ownWords } from '../openai-errors'
import { withServiceTier } from '../openai-service-tier'
import type { StreamEnding, StreamFacts, StreamOptions, StreamReader } from '../protocol'
import { SseReader } from '../sse'
import type { StreamEvent } from '../stream-event'
import { renderRefusal } from './error'
import { failureOf } from './finish'
import { tokenUsage } from './usage'

/** What a chunk must hold to be worth parsing once content was seen: a stop reason, usage, an error. */
const DECIDING = /"finish_reason"\s*:\s*"|"usage"\s*:\s*\{|"error"\s*:\s*[^\sn]/
const ERROR_FIRST = /^\{\s*"error"\s*:\s*[^\sn]/

/**
 * Chat's stream: chunks with deltas, one with `finish_reason`, one with `usage` and no choices where it was asked for,
 * then `[DONE]`. Completions stream the same with `text`.
 */
class ChatInspector extends StreamInspector {
  readonly #dropUsageChunk: boolean
  #usage: JsonObject | null = null
  #serviceTier: string | null = null
  /** What an event without choices said: of a stream that is none, the reason. */
  #complaint: JsonObject | null = null
  #hasChoices = false

  constructor(dropUsageChunk: boolean) {
    super()
    this.#dropUsageChunk = dropUsageChunk
  }

  /** Some vendors send a running count with each chunk: no usage before the stop reason or the end. */
  override get usage(): TokenUsage | null {
    return this.stopped || this.finished ? this.usageSoFar : null
  }

  override get usageSoFar(): TokenUsage | null {
    return tokenUsage(this.#usage)
  }

  override get rawUsage(): string | null {
    return this.#usage === null ? null : withServiceTier(JSON.stringify(this.#usage), this.#serviceTier)
  }

  override inspect(event: StreamEvent): Disposition {
    if (event.isDone) {
      if (this.#fail()) return 'drop'
      this.hasContent = true
      this.finished = true
      return 'pass'
    }
    const isPlain = this.hasContent && !this.stopped && event.name !== 'error'
    const { probe } = event
    return isPlain && probe.includes('"choices"') && !DECIDING.test(probe) ? 'pass' : this.#read(event)
  }

  override oversized(head: StreamEvent): OversizedPlan {
    if (head.name === 'error' || ERROR_FIRST.test(head.probe)) return 'drop'
    this.hasContent = true
    return 'keep'
  }

  #read(event: StreamEvent): Disposition {
    const { json } = event
    const error = objectIn(json, 'error') ?? textIn(json, 'error')
    if (error !== null || event.name === 'error') {
      this.error = errorOfEvent(error ?? (isObject(json) ? json : event.data))
      return 'drop'
    }
    this.#readAround(json)
    const choices = listIn(json, 'choices')
    if (this.#dropUsageChunk && choices.length === 0 && objectIn(json, 'usage') !== null) return 'drop'
    for (const choice of choices) this.#readChoice(choice)
    return this.error === null ? 'pass' : 'drop'
  }

  /** What stands beside the choices, or instead of them. */
  #readAround(json: unknown): void {
    const usage = objectIn(json, 'usage')
    if (usage !== null) this.#usage = usage
    else if (isObject(json) && json['choices'] === undefined) this.#complaint = json
    this.#serviceTier = textIn(json, 'service_tier') ?? this.#serviceTier
  }

  /** The close without `[DONE]`. */
  override closed(): null {
    if (this.#complaint !== null) this.#fail()
    return null
  }

  /** B02: an end without a stop reason, where nothing was said or something that is no chunk. Answers whether it is one. */
  #fail(): boolean {
    const isAnswer = this.stopped || ((this.#hasChoices || this.hasContent) && this.#complaint === null)
    if (!isAnswer) this.error = renderComplaint(noAnswerIn(this.#complaint), this.#complaint, renderRefusal)
    return !isAnswer
  }

  /** With several choices the stream goes on after the first one's stop, which its content shows. */
  #readChoice(choice: unknown): void {
    this.#hasChoices = true
    const failure = failureOf(choice)
    if (failure !== null) this.error = errorOfEvent(objectIn(choice, 'error') ?? failure)
    const says =
      textIn(choice, 'text') !== null || saysSomething(objectIn(choice, 'delta') ?? objectIn(choice, 'message'))
    if (textIn(choice, 'finish_reason') !== null) this.stopped = true
    else if (says) this.stopped = false
    if (says || this.stopped) this.hasContent = true
  }
}

/**
 * Of a delta, or the message that some vendors send for it: any field but the role counts, so content, reasoning under its
 * several names, tool calls, a refusal, audio.
 */
export function saysSomething(delta: JsonObject | null): boolean {
  if (delta === null) return false
  return Object.entries(delta).some(([name, value]) => {
    if (name === 'role' || value === null) return false
    return Array.isArray(value) || typeof value === 'string' ? value.length > 0 : true
  })
}

export const createInspector = (): StreamInspector => new ChatInspector(false)

export const createStreamReader = (options: StreamOptions): StreamReader =>
  new SseReader(new ChatInspector(options.dropUsageChunk))

/** B25: a comment; anything with a name breaks the SDK's `.stream()`. */
export const KEEP_ALIVE = Buffer.from(': keep-alive\n\n')

/** B02: with the upstream's own code and type, where an error of its own broke the stream. */
export function brokenEnding(facts: StreamFacts, message: string): StreamEnding {
  const { code, type } = ownWords(facts)
  const error = { message, type: type ?? 'server_error', param: null, code: code ?? 'upstream_error' }
  return { kind: 'write_and_cut', bytes: Buffer.from(`data: ${JSON.stringify({ error })}\n\n`) }
}

/** B27. */
export const mendedEnding = (facts: StreamFacts): StreamEnding | null =>
  facts.stopped ? { kind: 'end', bytes: Buffer.from('data: [DONE]\n\n') } : null
