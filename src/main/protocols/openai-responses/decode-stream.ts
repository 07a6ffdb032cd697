import { valueAt } from '../answer-bytes'
import { tellPart } from '../answer-events'
import type { AnswerEvent, AnswerPart } from '../canonical-answer'
import { isObject, listIn, memberOf, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import { isCall, ToldItems } from '../responses-told-items'
import type { StreamEvent } from '../stream-event'
import type { StreamDecoder } from '../translator'
import { asParagraph, callOf, decodeItem, finishOf, saysText } from './decode-answer'
import { decodeCitation } from './content'
import { PARAGRAPH, signatureOf } from './reasoning'

export const createStreamDecoder = (): StreamDecoder => new ResponsesStreamDecoder()

type Emit = (event: AnswerEvent) => void

/** Events whose data is read whole; that of others says again what was said. Of the last one its output is read too. */
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
  readonly id: string
  readonly itemId: string | null
  readonly name: string
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
  /** Places of items of which something was handed on. */
  readonly #told = new Set<string>()
  readonly #items = new ToldItems()
  /** Items of calls that began while another was open: their pieces are none of that one's, though the place be the same. */
  readonly #passed = new Set<string>()
  readonly #held = { calls: false, refusal: false }
  /** Place of the last message that said something. */
  #message: string | null = null
  /** Calls that were done while another was open. */
  #waiting: JsonObject[] = []

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
    const key = keyOf(json)
    this.#told.add(key)
    this.#items.addText(kind, key, textIn(json, 'item_id'), text)
    if (kind === 'refusal') this.#held.refusal = true
    emit({ type: kind, text: kind === 'text' ? this.#begun(key) + text : text })
  }

  /** What stands before the text of a message: one that follows another is a paragraph of its own. */
  #begun(key: string): string {
    const isFollowing = this.#message !== null && this.#message !== key
    this.#message = key
    return isFollowing ? PARAGRAPH : ''
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
    if (item === null || !isCall(item)) return
    const itemId = textIn(item, 'id')
    // Calls never overlap here: one that begins before the last is whole is told when it is done itself.
    if (this.#call !== null && !isWhole(this.#call)) {
      if (itemId !== null && itemId !== this.#call.itemId) this.#passed.add(itemId)
      return
    }
    this.#leaveCall(emit)
    const { id, name } = callOf(item, '')
    const free = textIn(item, 'type') === 'custom_tool_call'
    const call: OpenCall = { key: keyOf(json), id, itemId, name, free, pieces: [] }
    this.#call = call
    this.#open = null
    this.#told.add(call.key)
    this.#items.add(item, call.key)
    this.#held.calls = true
    emit({ type: 'tool-start', id, name })
    if (call.free) emit({ type: 'tool-input', json: '{"input":"' })
  }

  #addInput(json: unknown, emit: Emit): void {
    const delta = textIn(json, 'delta')
    const call = this.#call
    if (delta === null || call?.key !== keyOf(json) || this.#passed.has(textIn(json, 'item_id') ?? '')) return
    call.pieces.push(delta)
    emit({ type: 'tool-input', json: call.free ? inString(delta) : delta })
  }

  #end(json: unknown, emit: Emit): void {
    const item = objectIn(json, 'item')
    if (item === null) return
    const key = keyOf(json)
    if (this.#call?.key === key && isOf(this.#call, item)) this.#endCall(this.#call, item, emit)
    else if (!this.#told.has(key) || !this.#items.has(item, key)) this.#tellWhole(item, key, emit)
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
    for (const item of waiting) this.#tellItem(item, emit)
  }

  /** An item without deltas. */
  #tellWhole(item: JsonObject, key: string, emit: Emit): void {
    this.#items.add(item, key)
    if (this.#call === null) this.#tellItem(item, emit)
    else this.#waiting.push(item)
  }

  #tellItem(item: JsonObject, emit: Emit): void {
    this.#open = null
    const parts = decodeItem(item)
    const isFollowing = this.#message !== null
    if (saysText(parts)) this.#message = WHOLE
    for (const part of isFollowing ? asParagraph(parts) : parts) {
      if (part.type === 'tool-call') this.#held.calls = true
      if (part.type === 'refusal') this.#held.refusal = true
      tellPart(part, emit)
    }
  }

  /** The event repeats the whole answer, and an upstream may tell some of it, or all, here alone. */
  #finish(status: 'completed' | 'incomplete', { dataBytes }: StreamEvent, emit: Emit): void {
    const output = listIn({ output: valueAt(dataBytes, 'response', 'output') }, 'output').filter(isObject)
    if (status === 'completed' && !this.#endOpenCall(output, emit)) return
    this.#state = 'over'
    const untold = this.#call === null ? output.filter((item) => !this.#items.has(item, null)) : []
    if (status === 'completed' && untold.flatMap(decodeItem).some(isBroken)) return
    for (const item of untold) this.#tellItem(item, emit)
    const incomplete_details = valueAt(dataBytes, 'response', 'incomplete_details')
    const usage = valueAt(dataBytes, 'response', 'usage')
    emit({ type: 'finish', finish: finishOf({ status, incomplete_details }, usage, this.#held) })
    emit({ type: 'end' })
  }

  #endOpenCall(output: readonly JsonObject[], emit: Emit): boolean {
    const call = this.#call
    if (call === null) return true
    const item = output.find((one) => isCall(one) && isOf(call, one))
    if (item !== undefined) this.#endCall(call, item, emit)
    return this.#leaveCall(emit)
  }
}

/** The place of a message that had no deltas. */
const WHOLE = 'whole'

/** Arguments that break off. */
const isBroken = (part: AnswerPart): boolean => part.type === 'tool-call' && parseJson(part.input) === undefined

/** Whether an item is that of the call: by an id that both have, or by what it says. */
function isOf({ id, itemId, name, pieces }: OpenCall, item: JsonObject): boolean {
  if (!isCall(item)) return false
  const callId = textIn(item, 'call_id')
  const ownId = textIn(item, 'id')
  if ((callId ?? ownId) === null || callId === id || (ownId !== null && (ownId === itemId || ownId === id))) return true
  const input = textIn(item, 'arguments') ?? textIn(item, 'input')
  return textIn(item, 'name') === name && input !== null && input !== '' && input === pieces.join('')
}

/** Which item an event is about: its place, which all of its events name. */
const keyOf = (json: unknown): string =>
  String(numberIn(json, 'output_index') ?? textIn(json, 'item_id') ?? textIn(objectIn(json, 'item'), 'id') ?? '')

/** Of free text nobody can tell. */
const isWhole = ({ free, pieces }: OpenCall): boolean => !free && isObject(parseJson(pieces.join('')))

/** A piece of text as it stands inside of a JSON string. */
const inString = (text: string): string => JSON.stringify(text).slice(1, -1)
