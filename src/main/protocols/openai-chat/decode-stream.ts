import type { AnswerEvent } from '../canonical-answer'
import {
  isObject,
  listIn,
  memberOf,
  numberIn,
  objectIn,
  parseJson,
  textIn,
  textsOf,
  type JsonObject
} from '../foreign-json'
import type { StreamEvent } from '../stream-event'
import { newCallId } from '../tool-ids'
import type { StreamDecoder } from '../translator'
import { decodeAnswerImage } from './content'
import { decodeFinish, endsInTheMiddle, stopSequenceOf } from './finish'
import { claimsIn, reasoningIn } from './reasoning'
import { argumentsIn } from './tools'
import { tokenUsage } from './usage'

type Emit = (event: AnswerEvent) => void

/** A call whose arguments still come. `index` null: the vendor sends none, and each call whole (Gemini). */
interface OpenCall {
  readonly index: number | null
  readonly id: string
  readonly name: string
  readonly pieces: string[]
}

/** What one entry of `tool_calls` says; null for what it does not. */
interface CallDelta {
  readonly index: number | null
  readonly id: string | null
  readonly name: string | null
  readonly json: string | null
  /** Where a signature may stand. */
  readonly entry: unknown
}

/**
 * Reads the first choice of chunks, as OpenAI sends them and as others do, and of a whole answer, which is one big chunk.
 * Calls come one after the other:
 *
 *     none --a delta with a name--> open --arguments--> open --next index | other content | finish_reason--> ended
 *
 * In a stream, arguments for an ended call, or a call that ends in the middle of its JSON, break the answer: something was
 * lost on the way, and nothing more is said of it.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export class ChoiceReader {
  readonly #isWhole: boolean
  #started = false
  #broken = false
  #reason: string | null = null
  #stopSequence: string | null = null
  #usage: unknown = null
  #last: 'text' | 'reasoning' | 'other' = 'other'
  #refused = false
  #call: OpenCall | null = null
  #endedIndex = -1
  /** Of a call whose name is still to come. */
  #idWithoutName: string | null = null
  readonly #ids = new Set<string>()
  readonly #cited = new Set<string>()
  /** Characters of reasoning so far, and where the part that is open began. */
  #reasoned = 0
  #reasoningFrom = 0

  constructor(kind: 'stream' | 'whole') {
    this.#isWhole = kind === 'whole'
  }

  get isStarted(): boolean {
    return this.#started && !this.#broken
  }

  get isBroken(): boolean {
    return this.#broken
  }

  /** The upstream told why it stopped. */
  get isStopped(): boolean {
    return this.#reason !== null && !this.#broken
  }

  break(): void {
    this.#broken = true
  }

  read(chunk: JsonObject, emit: Emit): void {
    if (this.#broken) return
    if (!this.#started) {
      this.#started = true
      emit({ type: 'start', id: textIn(chunk, 'id') ?? '', usage: null })
    }
    const choice = listIn(chunk, 'choices').find((one) => (numberIn(one, 'index') ?? 0) === 0)
    this.#usage = usageIn(chunk, choice) ?? this.#usage
    const said = objectIn(choice, this.#isWhole ? 'message' : 'delta')
    if (said !== null) this.#readMessage(said, emit)
    this.#readCitations(chunk, 'citations', emit)
    this.#readFinish(choice, emit)
  }

  /** Ends the answer, where it is whole. Says no `end`. */
  finish(emit: Emit): void {
    this.#endCall(emit)
    if (this.#broken) return
    const said = { calls: this.#ids.size > 0, refused: this.#refused }
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

  #readMessage(message: JsonObject, emit: Emit): void {
    this.#readReasoning(message, emit)
    this.#readSignatures(message, emit)
    for (const text of textsOf(message['content'])) {
      if (!this.#begin(emit, text.trim() === '')) continue
      this.#last = 'text'
      emit({ type: 'text', text })
    }
    this.#readCitations(message, 'annotations', emit)
    const refusal = textIn(message, 'refusal')
    if (refusal !== null && this.#begin(emit)) {
      this.#refused = true
      this.#last = 'other'
      emit({ type: 'refusal', text: refusal })
    }
    for (const image of listIn(message, 'images')) this.#readImage(image, emit)
    const legacy = objectIn(message, 'function_call')
    if (legacy !== null) this.#readCall(callDelta({ function: legacy }, 0), emit)
    listIn(message, 'tool_calls').forEach((entry, at) => {
      this.#readCall(callDelta(entry, this.#isWhole ? at : numberIn(entry, 'index')), emit)
    })
  }

  /** Other content ends the call before it; blanks in the middle of one are only noise. false: say nothing. */
  #begin(emit: Emit, isBlank = false): boolean {
    if (this.#call !== null) {
      if (isBlank) return false
      this.#endCall(emit)
    }
    return !this.#broken
  }

  #readReasoning(message: JsonObject, emit: Emit): void {
    for (const { text, signature } of reasoningIn(message)) {
      if (text !== '' && this.#begin(emit, text.trim() === '')) {
        if (this.#last !== 'reasoning') this.#reasoningFrom = this.#reasoned
        this.#reasoned += text.length
        this.#last = 'reasoning'
        emit({ type: 'reasoning', text })
      }
      if (signature !== null && this.#begin(emit)) {
        this.#last = 'other'
        emit({ type: 'signature', signature })
      }
    }
  }

  /** One that signs no reasoning, as Gemini's, stands alone; one of reasoning that has gone by belongs nowhere. */
  #readSignatures(holder: unknown, emit: Emit): void {
    for (const { signature, start, end } of claimsIn(holder)) {
      const isOpen = this.#last === 'reasoning' && start === this.#reasoningFrom && end === this.#reasoned
      if ((start !== end && !isOpen) || !this.#begin(emit)) continue
      if (this.#last === 'reasoning' && !isOpen) emit({ type: 'reasoning-end' })
      this.#last = 'other'
      emit({ type: 'signature', signature })
    }
  }

  #readImage(image: unknown, emit: Emit): void {
    const media = decodeAnswerImage(image)
    if (media === null || !this.#begin(emit)) return
    this.#last = 'other'
    emit({ type: 'media', media })
  }

  /** Of the text that is open. OpenAI's annotations, or bare URLs in each chunk (Perplexity, xAI). */
  #readCitations(holder: JsonObject, key: 'annotations' | 'citations', emit: Emit): void {
    if (this.#last !== 'text') return
    for (const one of listIn(holder, key)) {
      const cited = objectIn(one, 'url_citation') ?? one
      const url = typeof cited === 'string' ? cited : textIn(cited, 'url')
      if (url === null || (key === 'citations' && this.#cited.has(url))) continue
      this.#cited.add(url)
      emit({ type: 'citation', citation: { url, title: textIn(cited, 'title'), quote: textIn(cited, 'content') } })
    }
  }

  #readCall(delta: CallDelta, emit: Emit): void {
    if (this.#broken) return
    const saysNothing = delta.json === null && delta.name === null
    if (this.#isEnded(delta.index)) this.#broken = !saysNothing
    else if (this.#goesOn(delta)) this.#addInput(delta.json, emit)
    else this.#startCall(delta, emit)
  }

  #isEnded(index: number | null): boolean {
    const open = this.#call?.index ?? null
    return index !== null && index !== open && (index <= this.#endedIndex || (open !== null && index < open))
  }

  /**
   * Whether a delta is of the call that is open. An id alone tells nothing: some vendors repeat it, others make a new one for
   * each delta. Nor does a name alone, which some repeat.
   */
  #goesOn({ index, id, name }: CallDelta): boolean {
    const open = this.#call
    if (open === null) return false
    if (index !== null && open.index !== null && index !== open.index) return false
    if (name === null) return true
    return id === null ? index !== null && name === open.name : id === open.id
  }

  #startCall(delta: CallDelta, emit: Emit): void {
    if (!this.#begin(emit)) return
    if (delta.name === null) {
      // The name may follow; arguments without it can't be put anywhere.
      this.#idWithoutName = delta.id ?? this.#idWithoutName
      this.#broken = delta.json !== null
      return
    }
    this.#readSignatures(delta.entry, emit)
    const wanted = delta.id ?? this.#idWithoutName
    const id = wanted === null || this.#ids.has(wanted) ? newCallId() : wanted
    this.#ids.add(id)
    this.#idWithoutName = null
    this.#call = { index: delta.index, id: wanted ?? id, name: delta.name, pieces: [] }
    this.#last = 'other'
    emit({ type: 'tool-start', id, name: delta.name })
    this.#addInput(delta.json, emit)
  }

  #addInput(json: string | null, emit: Emit): void {
    if (json === null) return
    this.#call?.pieces.push(json)
    emit({ type: 'tool-input', json })
  }

  /** The JSON is looked at once, at its end; it may be cut short where the answer itself was. */
  #endCall(emit: Emit): void {
    const call = this.#call
    if (call === null) return
    this.#call = null
    this.#endedIndex = Math.max(this.#endedIndex, call.index ?? -1)
    const json = call.pieces.join('')
    const isRight = json === '' || endsInTheMiddle(this.#reason) || parseJson(json) !== undefined
    if (isRight) emit({ type: 'tool-end' })
    else this.#broken = true
  }

  #readFinish(choice: unknown, emit: Emit): void {
    const reason = textIn(choice, 'finish_reason')
    if (this.#broken || reason === null || this.#reason !== null) return
    this.#reason = reason
    this.#stopSequence = stopSequenceOf(choice)
    this.#endCall(emit)
  }
}

/** Kimi puts it into the choice, Groq under a name of its own. */
const usageIn = (chunk: JsonObject, choice: unknown): JsonObject | null =>
  objectIn(chunk, 'usage') ?? objectIn(choice, 'usage') ?? objectIn(objectIn(chunk, 'x_groq'), 'usage')

function callDelta(entry: unknown, index: number | null): CallDelta {
  const called = objectIn(entry, 'function')
  return { entry, index, id: textIn(entry, 'id'), name: textIn(called, 'name'), json: argumentsIn(called) }
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
    const { json } = event
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
