import { valueAt } from '../answer-bytes'
import { tellPart } from '../answer-events'
import type { AnswerEvent, AnswerPart } from '../canonical-answer'
import { isObject, memberOf, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import type { StreamEvent } from '../stream-event'
import type { StreamDecoder } from '../translator'
import { callOf, decodeItem, finishOf, partsOf } from './decode-answer'
import { decodeCitation } from './content'
import { PARAGRAPH, signatureOf } from './reasoning'

export const createStreamDecoder = (): StreamDecoder => new ResponsesStreamDecoder()

type Emit = (event: AnswerEvent) => void

/** Events whose data is read whole; that of others says again what was said, and nothing of the last one's but its end. */
const READ: ReadonlySet<string> = new Set([
  'response.output_item.added',
  'response.output_item.done',
  'response.output_text.delta',
  'response.output_text.annotation.added',
  'response.refusal.delta',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.function_call_arguments.delta',
  'response.custom_tool_call_input.delta'
])

/** Vendors that send no `event:` line say the same in the data. */
const nameOf = (event: StreamEvent, json: unknown): string =>
  event.name === '' ? (textIn(json, 'type') ?? '') : event.name

/** A call whose item has begun and not ended. */
interface OpenCall {
  readonly key: string
  /** Free text becomes the `input` of a JSON object on its way. */
  readonly free: boolean
  readonly pieces: string[]
}

/**
 * https://platform.openai.com/docs/api-reference/responses-streaming. Items are told one after the other: added, deltas,
 * done. Of an upstream that tells them otherwise an item counts as it is when done, and what can't be put in order ends the
 * stream without an end.
 */
class ResponsesStreamDecoder implements StreamDecoder {
  #state: 'new' | 'reading' | 'over' = 'new'
  #call: OpenCall | null = null
  /** What was said last and may go on. */
  #open: 'text' | 'refusal' | 'reasoning' | null = null
  /** Items of which something was handed on. */
  readonly #told = new Set<string>()
  readonly #held = { anything: false, calls: false, refusal: false }
  /** Calls that were done while another was open. */
  #waiting: { readonly item: JsonObject; readonly index: number }[] = []

  push(event: StreamEvent, emit: Emit): void {
    if (this.#state === 'over') return
    const json = this.#isRead(event.name) ? event.json : undefined
    const name = nameOf(event, json)
    if (this.#state === 'new') this.#start(name, json, emit)
    switch (name) {
      case 'response.output_item.added':
        this.#begin(json, emit)
        return
      case 'response.output_item.done':
        this.#end(json, emit)
        return
      case 'response.completed':
      case 'response.incomplete':
        this.#finish(name === 'response.completed' ? 'completed' : 'incomplete', event, emit)
        return
      case 'response.failed':
      case 'error':
        this.#state = 'over'
        return
      default:
        this.#pushPart(name, json, emit)
    }
  }

  /** `response.completed` is the end; a close is none. */
  close(): void {
    this.#state = 'over'
  }

  #isRead(name: string): boolean {
    return name === '' || this.#state === 'new' || READ.has(name)
  }

  /** Usually `response.created`, but any event of a response will do. */
  #start(name: string, json: unknown, emit: Emit): void {
    if (!name.startsWith('response.') || name === 'response.failed') return
    this.#state = 'reading'
    emit({ type: 'start', id: textIn(objectIn(json, 'response'), 'id') ?? '', usage: null })
  }

  #pushPart(name: string, json: unknown, emit: Emit): void {
    switch (name) {
      case 'response.output_text.delta':
        this.#say('text', json, emit)
        return
      case 'response.refusal.delta':
        this.#say('refusal', json, emit)
        return
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#say('reasoning', json, emit)
        return
      case 'response.reasoning_summary_part.added':
        this.#beginParagraph(json, emit)
        return
      case 'response.output_text.annotation.added':
        this.#cite(json, emit)
        return
      case 'response.output_text.done':
        this.#endText(emit)
        return
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.#addInput(json, emit)
        return
      default:
      // Parts that begin or end, progress of the vendor's tools, events of the future.
    }
  }

  #say(kind: 'text' | 'refusal' | 'reasoning', json: unknown, emit: Emit): void {
    const text = textIn(json, 'delta')
    if (text === null || !this.#leaveCall(emit)) return
    this.#open = kind
    this.#told.add(keyOf(json))
    this.#held.anything = true
    if (kind === 'refusal') this.#held.refusal = true
    emit({ type: kind, text })
  }

  /** A summary's parts are paragraphs of one text. */
  #beginParagraph(json: unknown, emit: Emit): void {
    if (this.#open === 'reasoning' && this.#told.has(keyOf(json))) emit({ type: 'reasoning', text: PARAGRAPH })
  }

  #cite(json: unknown, emit: Emit): void {
    const citation = decodeCitation(memberOf(json, 'annotation'))
    // Of the text that is open, or was last.
    if (citation !== null && this.#call === null && this.#told.has(keyOf(json))) emit({ type: 'citation', citation })
  }

  #endText(emit: Emit): void {
    if (this.#open !== 'text') return
    emit({ type: 'text-end' })
    this.#open = null
  }

  /** A call that is whole ends with what follows it, told or not; of one that isn't, a piece is missing. */
  #leaveCall(emit: Emit): boolean {
    if (this.#call === null) return true
    if (isWhole(this.#call)) this.#closeCall(this.#call, emit)
    else this.#state = 'over'
    return this.#state !== 'over'
  }

  #begin(json: unknown, emit: Emit): void {
    const item = objectIn(json, 'item')
    const type = textIn(item, 'type')
    if (item === null || (type !== 'function_call' && type !== 'custom_tool_call')) return
    // Calls never overlap here: one that begins before the last is whole is told when it is done itself.
    if (this.#call !== null && !isWhole(this.#call)) return
    this.#leaveCall(emit)
    const { id, name } = callOf(item, '')
    const call: OpenCall = { key: keyOf(json), free: type === 'custom_tool_call', pieces: [] }
    this.#call = call
    this.#open = null
    this.#told.add(call.key)
    this.#held.anything = this.#held.calls = true
    emit({ type: 'tool-start', id, name })
    if (call.free) emit({ type: 'tool-input', json: '{"input":"' })
  }

  #addInput(json: unknown, emit: Emit): void {
    const delta = textIn(json, 'delta')
    const call = this.#call
    if (delta === null || call?.key !== keyOf(json)) return
    call.pieces.push(delta)
    emit({ type: 'tool-input', json: call.free ? inString(delta) : delta })
  }

  #end(json: unknown, emit: Emit): void {
    const item = objectIn(json, 'item')
    if (item === null) return
    const key = keyOf(json)
    if (this.#call?.key === key) this.#endCall(this.#call, item, emit)
    else if (!this.#told.has(key)) this.#tellWhole(item, indexOf(json), emit)
    else if (textIn(item, 'type') === 'message') this.#endText(emit)
    else if (this.#open === 'reasoning') this.#endReasoning(item, emit)
  }

  #endReasoning(item: JsonObject, emit: Emit): void {
    const signature = signatureOf(item)
    emit(signature === null ? { type: 'reasoning-end' } : { type: 'signature', signature })
    this.#open = null
  }

  /** What was handed on must be what the item holds, or whole by itself: otherwise a piece was lost on the way. */
  #endCall(call: OpenCall, item: JsonObject, emit: Emit): void {
    // It was cut at the limit: the finish will say so.
    if (textIn(item, 'status') === 'incomplete') return
    const said = call.pieces.join('')
    const input = textIn(item, call.free ? 'input' : 'arguments') ?? ''
    if (said === '' && input !== '') emit({ type: 'tool-input', json: call.free ? inString(input) : input })
    else if (said !== input && !isWhole(call)) {
      this.#state = 'over'
      return
    }
    this.#closeCall(call, emit)
  }

  #closeCall({ free }: OpenCall, emit: Emit): void {
    if (free) emit({ type: 'tool-input', json: '"}' })
    emit({ type: 'tool-end' })
    this.#call = null
    const waiting = this.#waiting
    this.#waiting = []
    for (const { item, index } of waiting) this.#tellWhole(item, index, emit)
  }

  /** An item without deltas. */
  #tellWhole(item: JsonObject, index: number, emit: Emit): void {
    if (this.#call === null) this.#tellParts(decodeItem(item), emit)
    else this.#waiting.push({ item, index })
  }

  #tellParts(parts: readonly AnswerPart[], emit: Emit): void {
    this.#open = null
    for (const part of parts) {
      this.#held.anything = true
      if (part.type === 'tool-call') this.#held.calls = true
      if (part.type === 'refusal') this.#held.refusal = true
      tellPart(part, emit)
    }
  }

  /** The event repeats the whole answer, so only what is wanted of it is parsed. */
  #finish(status: 'completed' | 'incomplete', event: StreamEvent, emit: Emit): void {
    if (status === 'completed' && !this.#leaveCall(emit)) return
    this.#state = 'over'
    // An upstream may stream in name only.
    if (!this.#held.anything) {
      const parts = partsOf(memberOf(event.json, 'response'))
      if (parts === null) return
      this.#tellParts(parts, emit)
    }
    const incomplete_details = valueAt(event.dataBytes, 'response', 'incomplete_details')
    const usage = valueAt(event.dataBytes, 'response', 'usage')
    emit({ type: 'finish', finish: finishOf({ status, incomplete_details }, usage, this.#held) })
    emit({ type: 'end' })
  }
}

/** Which item an event is about: its place, which all of its events name. */
const keyOf = (json: unknown): string =>
  String(numberIn(json, 'output_index') ?? textIn(json, 'item_id') ?? textIn(objectIn(json, 'item'), 'id') ?? '')

const indexOf = (json: unknown): number => numberIn(json, 'output_index') ?? 0

/** Of free text nobody can tell. */
const isWhole = ({ free, pieces }: OpenCall): boolean => !free && isObject(parseJson(pieces.join('')))

/** A piece of text as it stands inside of a JSON string. */
const inString = (text: string): string => JSON.stringify(text).slice(1, -1)
