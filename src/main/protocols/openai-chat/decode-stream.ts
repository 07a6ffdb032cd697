import { CallDeltas, type Call, type CallDelta, type Ending } from '../call-deltas'
import type { AnswerEvent } from '../canonical-answer'
import { isObject, listIn, memberOf, numberIn, objectIn, textIn, textsOf, type JsonObject } from '../foreign-json'
import { PartsInOrder } from '../parts-in-order'
import type { StreamEvent } from '../stream-event'
import type { StreamDecoder } from '../translator'
import { decodeAnswerImage } from './content'
import { decodeFinish, endsInTheMiddle, stopSequenceOf } from './finish'
import { claimsIn, reasoningIn } from './reasoning'
import { saysSomething } from './stream'
import { argumentsIn } from './tools'
import { tokenUsage } from './usage'

type Emit = (event: AnswerEvent) => void

/**
 * Reads the first choice of chunks, as OpenAI sends them and as others do, and of a whole answer, which is one big chunk.
 * What is said while a call lacks arguments is handed on when they have come. In a stream, a call that ends in the middle of
 * its JSON, or goes on behind it, breaks the answer: something was lost on the way, and nothing more is said of it.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export class ChoiceReader {
  readonly #isWhole: boolean
  #started = false
  #broken = false
  #hasDeltas = false
  #reason: string | null = null
  #stopSequence: string | null = null
  #usage: unknown = null
  #last: 'text' | 'reasoning' | 'other' = 'other'
  #refused = false
  readonly #parts = new PartsInOrder()
  readonly #calls: CallDeltas
  readonly #cited = new Set<string>()
  /** Characters of reasoning so far, and where the part that is open began. */
  #reasoned = 0
  #reasoningFrom = 0

  constructor(kind: 'stream' | 'whole') {
    this.#isWhole = kind === 'whole'
    this.#calls = new CallDeltas(this.#parts, this.#isWhole)
  }

  get isStarted(): boolean {
    return this.#started && !this.isBroken
  }

  get isBroken(): boolean {
    return this.#broken || this.#calls.isBroken || this.#parts.isTooMuch
  }

  /** The upstream told why it stopped. */
  get isStopped(): boolean {
    return this.#reason !== null && !this.isBroken
  }

  break(): void {
    this.#broken = true
    this.#parts.drop()
  }

  read(chunk: JsonObject, emit: Emit): void {
    if (this.isBroken) return
    if (!this.#started) {
      this.#started = true
      emit({ type: 'start', id: textIn(chunk, 'id') ?? '', usage: null })
    }
    const choice = listIn(chunk, 'choices').find((one) => (numberIn(one, 'index') ?? 0) === 0)
    this.#usage = usageIn(chunk, choice) ?? this.#usage
    const said = this.#isWhole ? objectIn(choice, 'message') : this.#saidIn(choice)
    if (said !== null) this.#readMessage(said, emit)
    this.#readCitations(chunk, 'citations', emit)
    this.#readFinish(choice, emit)
  }

  /** Ends the answer, where it is whole. Says no `end`. */
  finish(emit: Emit): void {
    this.#calls.finish(this.#ending, emit)
    if (this.isBroken) return
    const said = { calls: this.#calls.hasCalls, refused: this.#refused }
    const reason = decodeFinish(this.#reason, said)
    const isSequence = reason === 'stop' && this.#stopSequence !== null
    emit({
      type: 'finish',
      finish: {
        reason: isSequence ? 'stop_sequence' : reason,
        stopSequence: this.#stopSequence,
        usage: tokenUsage(this.#usage)
      }
    })
  }

  /** Some vendors put a message or a text in the place of the delta; behind deltas it is the whole answer once more (MiniMax). */
  #saidIn(choice: unknown): JsonObject | null {
    const delta = objectIn(choice, 'delta')
    if (saysSomething(delta)) {
      this.#hasDeltas = true
      return delta
    }
    if (this.#hasDeltas) return null
    const text = textIn(choice, 'text')
    return objectIn(choice, 'message') ?? (text === null ? null : { content: text })
  }

  #readMessage(message: JsonObject, emit: Emit): void {
    this.#readReasoning(message, emit)
    this.#readSignatures(message, emit)
    for (const text of textsOf(message['content'])) {
      if (this.#isNoise(text)) continue
      this.#last = 'text'
      this.#say({ type: 'text', text }, emit)
    }
    this.#readCitations(message, 'annotations', emit)
    const refusal = textIn(message, 'refusal')
    if (refusal !== null) {
      this.#refused = true
      this.#last = 'other'
      this.#say({ type: 'refusal', text: refusal }, emit)
    }
    for (const image of listIn(message, 'images')) this.#readImage(image, emit)
    const legacy = objectIn(message, 'function_call')
    if (legacy !== null) this.#readCall({ function: legacy }, 0, emit)
    listIn(message, 'tool_calls').forEach((entry, at) => {
      this.#readCall(entry, this.#isWhole ? at : numberIn(entry, 'index'), emit)
    })
  }

  /** Whatever is no call: it follows the one before it, when that is over. */
  #say(event: AnswerEvent, emit: Emit): void {
    this.#calls.leave(emit)
    if (!this.isBroken) this.#parts.say(event, emit)
  }

  /** Blanks behind a piece of a call. */
  #isNoise(text: string): boolean {
    return this.#parts.endsOpen && text.trim() === ''
  }

  #readReasoning(message: JsonObject, emit: Emit): void {
    for (const { text, signature } of reasoningIn(message)) {
      if (text !== '' && !this.#isNoise(text)) {
        if (this.#last !== 'reasoning') this.#reasoningFrom = this.#reasoned
        this.#reasoned += text.length
        this.#last = 'reasoning'
        this.#say({ type: 'reasoning', text }, emit)
      }
      if (signature !== null) {
        this.#last = 'other'
        this.#say({ type: 'signature', signature }, emit)
      }
    }
  }

  /** One that signs no reasoning, as Gemini's, stands alone; one of reasoning that has gone by belongs nowhere. */
  #readSignatures(holder: unknown, emit: Emit): void {
    for (const { signature, start, end } of claimsIn(holder)) {
      const isOpen = this.#last === 'reasoning' && start === this.#reasoningFrom && end === this.#reasoned
      if (start !== end && !isOpen) continue
      if (this.#last === 'reasoning' && !isOpen) this.#say({ type: 'reasoning-end' }, emit)
      this.#last = 'other'
      this.#say({ type: 'signature', signature }, emit)
    }
  }

  #readImage(image: unknown, emit: Emit): void {
    const media = decodeAnswerImage(image)
    if (media === null) return
    this.#last = 'other'
    this.#say({ type: 'media', media }, emit)
  }

  /** Of the text that is open. OpenAI's annotations, or bare URLs in each chunk (Perplexity, xAI). */
  #readCitations(holder: JsonObject, key: 'annotations' | 'citations', emit: Emit): void {
    if (this.#last !== 'text') return
    for (const one of listIn(holder, key)) {
      const cited = objectIn(one, 'url_citation') ?? one
      const url = typeof cited === 'string' ? cited : textIn(cited, 'url')
      if (url === null || (key === 'citations' && this.#cited.has(url))) continue
      this.#cited.add(url)
      const citation = { url, title: textIn(cited, 'title'), quote: textIn(cited, 'content') }
      this.#say({ type: 'citation', citation }, emit)
    }
  }

  #readCall(entry: unknown, index: number | null, emit: Emit): void {
    const delta = callDelta(entry, index)
    if (this.isBroken || (delta.id === null && delta.name === null && delta.json === null)) return
    this.#calls.add(this.#calls.find(delta) ?? this.#beginCall(entry, delta, emit), delta, emit)
  }

  #beginCall(entry: unknown, delta: CallDelta, emit: Emit): Call {
    this.#readSignatures(entry, emit)
    this.#last = 'other'
    return this.#calls.begin(delta, emit)
  }

  get #ending(): Ending {
    if (this.#reason === null) return 'untold'
    return endsInTheMiddle(this.#reason) ? 'cut' : 'whole'
  }

  #readFinish(choice: unknown, emit: Emit): void {
    const reason = textIn(choice, 'finish_reason')
    if (this.isBroken || reason === null || this.#reason !== null) return
    this.#reason = reason
    this.#stopSequence = stopSequenceOf(choice)
    this.#calls.finish(this.#ending, emit)
  }
}

/** Kimi puts it into the choice, Groq under a name of its own. */
const usageIn = (chunk: JsonObject, choice: unknown): JsonObject | null =>
  objectIn(chunk, 'usage') ?? objectIn(choice, 'usage') ?? objectIn(objectIn(chunk, 'x_groq'), 'usage')

function callDelta(entry: unknown, index: number | null): CallDelta {
  const called = objectIn(entry, 'function')
  return { index, id: textIn(entry, 'id'), name: textIn(called, 'name'), json: argumentsIn(called) }
}

/** The error that a stream carries is the inspector's business; after it nothing is whole. */
const isError = (json: unknown): boolean => isObject(memberOf(json, 'error')) || textIn(json, 'error') !== null

/** An object that is no JSON was cut, and what it said is missing; `null`, `[]`, `ping` and the like say nothing. */
const isCutChunk = (data: string, json: unknown): boolean => isError(json) || (json === undefined && data.includes('{'))

class ChatStreamDecoder implements StreamDecoder {
  readonly #choice = new ChoiceReader('stream')
  #ended = false

  push(event: StreamEvent, emit: Emit): void {
    if (this.#ended || this.#choice.isBroken) return
    if (event.isDone) {
      this.#end(this.#choice.isStarted, emit)
      return
    }
    const json = event.exactJson
    if (isObject(json) && !isError(json)) this.#choice.read(json, emit)
    else if (isCutChunk(event.data, json) && !this.#choice.isStopped) this.#choice.break()
  }

  /** Some vendors send no `[DONE]`: with a reason to stop the answer is whole (B27). */
  close(emit: Emit): void {
    this.#end(this.#choice.isStopped, emit)
  }

  #end(isWhole: boolean, emit: Emit): void {
    if (this.#ended || !isWhole) return
    this.#ended = true
    this.#choice.finish(emit)
    if (!this.#choice.isBroken) emit({ type: 'end' })
  }
}

export const createStreamDecoder = (): StreamDecoder => new ChatStreamDecoder()
