import { tellPart } from '../answer-events'
import { CUT, type AnswerEvent, type HostedCallPart } from '../canonical-answer'
import { decodeHostedCall } from '../claude-hosted-calls'
import {
  countIn,
  isObject,
  listIn,
  memberOf,
  numberIn,
  objectIn,
  parseJson,
  textIn,
  type JsonObject
} from '../foreign-json'
import { beginBlock, endCall, isNameOnly, isWhole, readDelta, type OpenBlock } from '../messages-blocks'
import { PartsInOrder, type LinedPart } from '../parts-in-order'
import { unwrapSignature } from '../signatures'
import type { StreamEvent } from '../stream-event'
import type { StreamDecoder } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeFinish } from './finish'
import { mergeUsage, tokenUsage } from './usage'

type Emit = (event: AnswerEvent) => void

interface Block {
  readonly open: OpenBlock
  readonly part: LinedPart
  /** Of a text: in the line behind it, for its citations, which the vendor sends before the text. */
  readonly cited: LinedPart | null
}

/**
 * Reads a Messages stream (https://platform.claude.com/docs/en/build-with-claude/streaming):
 *
 *     streaming --stop reason--> stopped --message_stop, close--> over
 *     streaming --message_stop--> over
 *     any --error, an event that breaks the order or can't be read--> over, without an end
 *
 * Blocks may be open at the same time: one that begins before another has ended is told behind it. Whatever is damaged must not leave a call that looks complete, so reading ends there.
 */
class MessagesDecoder implements StreamDecoder {
  #state: 'streaming' | 'stopped' | 'over' = 'streaming'
  #hasStarted = false
  readonly #blocks = new Map<number, Block>()
  readonly #parts = new PartsInOrder()
  /** A call whose block ended in the middle of its JSON, which is right if the stop reason says so: nothing follows it. */
  #brokenOff: Block | null = null
  /** A call whose block ended without any input: it has none, unless its limit ended it there (B02). */
  #nameOnly: Block | null = null
  /** Of the block that began last. */
  #index = -1
  /** As the stream began it, with a stop reason where it came in one piece. */
  #message: JsonObject | null = null
  #usage: JsonObject | null = null
  #isOutputCounted = false
  /** Inputs of the vendor's own tools, by the ids of their uses. */
  readonly #inputs = new Map<string, unknown>()

  push(event: StreamEvent, emit: Emit): void {
    if (this.#state === 'over') return
    const name = event.name === '' ? (textIn(event.json, 'type') ?? '') : event.name
    if (name === 'message_stop') this.#end(emit)
    else if (isRead(name)) {
      const json = event.exactJson
      if (isObject(json)) this.#read(name, json, emit)
      else this.#state = 'over'
    } else if (name === 'error' || isDamaged(name, event)) this.#state = 'over'
  }

  /** B27: an answer whose stop reason came is whole, also without its last event. */
  close(emit: Emit): void {
    if (this.#state === 'stopped') emit({ type: 'end' })
    this.#state = 'over'
  }

  #read(name: string, json: JsonObject, emit: Emit): void {
    if (name === 'message_start') {
      this.#start(objectIn(json, 'message'), emit)
      return
    }
    this.#start(null, emit)
    if (name === 'message_delta') this.#readMessageDelta(json, emit)
    else if (this.#state === 'stopped') this.#state = 'over'
    else if (name === 'content_block_start') this.#startBlock(json, emit)
    else this.#readBlock(name, json, emit)
    if (this.#parts.isTooMuch) this.#state = 'over'
  }

  #readBlock(name: string, json: JsonObject, emit: Emit): void {
    const index = numberIn(json, 'index') ?? this.#index
    const block = this.#blocks.get(index)
    if (name === 'content_block_delta') this.#readDelta(block, objectIn(json, 'delta'), emit)
    else if (block !== undefined) this.#endBlock(index, block, emit)
    else if (index !== this.#index) this.#state = 'over'
  }

  #start(message: JsonObject | null, emit: Emit): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    this.#message = message
    this.#isOutputCounted = textIn(message, 'stop_reason') !== null
    this.#usage = objectIn(message, 'usage')
    emit({ type: 'start', id: textIn(message, 'id') ?? '', usage: tokenUsage(this.#usage) })
    // Some relays answer in one piece, which stands here.
    const content = listIn(message, 'content')
    const whole = { content, stop_reason: textIn(message, 'stop_reason') }
    if (content.length > 0) for (const part of decodeAnswer(whole).parts) tellPart(part, emit)
  }

  #startBlock(json: JsonObject, emit: Emit): void {
    this.#index = numberIn(json, 'index') ?? this.#index + 1
    if (this.#brokenOff !== null) this.#state = 'over'
    this.#endNameOnly(false, emit)
    if (!this.#endOpen(this.#index, emit)) return
    const content = objectIn(json, 'content_block') ?? {}
    const part = this.#parts.begin()
    const say = this.#parts.emitterOf(part, emit)
    const open = beginBlock(content, say)
    if (open === null) {
      this.#state = 'over'
      return
    }
    this.#blocks.set(this.#index, { open, part, cited: open.kind === 'text' ? this.#parts.begin() : null })
    const call = open.kind === 'other' ? this.#hostedCall(content) : null
    if (call !== null) say({ type: 'hosted-call', call })
  }

  #hostedCall(content: JsonObject): HostedCallPart | null {
    return decodeHostedCall(content, this.#inputs.get(textIn(content, 'tool_use_id') ?? ''))
  }

  /** What is no part of its block damages it. A kind of the future may say more of a text or of thinking. */
  #readDelta(block: Block | undefined, delta: JsonObject | null, emit: Emit): void {
    if (block === undefined) {
      this.#state = 'over'
      return
    }
    const { open, part, cited } = block
    const line = textIn(delta, 'type') === 'citations_delta' ? (cited ?? part) : part
    const isRead = delta !== null && readDelta(open, delta, this.#parts.emitterOf(line, emit))
    if (!isRead && (open.kind === 'tool' || open.kind === 'use')) this.#state = 'over'
  }

  #endBlock(index: number, block: Block, emit: Emit): void {
    this.#blocks.delete(index)
    if (isNameOnly(block.open)) {
      this.#endNameOnly(false, emit)
      this.#nameOnly = block
    } else if (isWhole(block.open)) this.#tellBlockEnd(block, emit)
    else if (this.#brokenOff === null) this.#brokenOff = block
    else this.#state = 'over'
  }

  /** What its limit cut is left out: with `{}` for its input it would look whole. */
  #endNameOnly(isCut: boolean, emit: Emit): void {
    const block = this.#nameOnly
    this.#nameOnly = null
    if (block === null) return
    if (isCut) this.#parts.end(block.part, emit)
    else this.#tellBlockEnd(block, emit)
  }

  #tellBlockEnd({ open, part, cited }: Block, emit: Emit): void {
    this.#tellEnd(open, this.#parts.emitterOf(cited ?? part, emit))
    this.#parts.end(part, emit)
    if (cited !== null) this.#parts.end(cited, emit)
  }

  #tellEnd(open: OpenBlock, emit: Emit): void {
    switch (open.kind) {
      case 'text':
        emit({ type: 'text-end' })
        return
      case 'thinking':
        if (open.signature === '') emit({ type: 'reasoning-end' })
        else emit({ type: 'signature', signature: unwrapSignature(open.signature, 'anthropic') })
        return
      case 'tool':
        endCall(open, emit)
        return
      case 'use':
        this.#inputs.set(open.id, open.pieces.length === 0 ? open.input : parseJson(open.pieces.join('')))
        return
      case 'other':
        return
    }
  }

  /** A block that was never ended, when its index begins anew: a call may lack a piece. */
  #endOpen(index: number, emit: Emit): boolean {
    const block = this.#blocks.get(index)
    if (block?.open.kind === 'tool') this.#state = 'over'
    else if (block !== undefined) this.#endBlock(index, block, emit)
    return this.#state !== 'over'
  }

  /** `stop`: holds the stop reason. */
  #endAll(stop: JsonObject | null, emit: Emit): boolean {
    for (const index of this.#blocks.keys()) if (!this.#endOpen(index, emit)) return false
    const isCut = CUT.has(decodeFinish(stop, null).reason)
    this.#endNameOnly(isCut, emit)
    const broken = this.#brokenOff
    this.#brokenOff = null
    if (broken === null) return true
    if (isCut) this.#tellBlockEnd(broken, emit)
    else this.#state = 'over'
    return this.#state !== 'over'
  }

  #readMessageDelta(json: JsonObject, emit: Emit): void {
    const usage = memberOf(json, 'usage')
    this.#usage = mergeUsage(this.#usage, usage)
    if (countIn(usage, 'output_tokens') !== null) this.#isOutputCounted = true
    const delta = objectIn(json, 'delta')
    if (textIn(delta, 'stop_reason') === null || this.#state !== 'streaming') return
    // A model that declined in its own words ended its answer: encoders take that for a whole one.
    const type = this.#brokenOff === null ? 'refusal' : 'text'
    if (!this.#endAll(delta, emit)) return
    const text = textIn(memberOf(delta, 'stop_details'), 'explanation')
    if (text !== null) emit({ type, text })
    this.#finish(delta, emit)
  }

  /** B31: the output is counted by `message_delta` alone. */
  #finish(delta: JsonObject | null, emit: Emit): void {
    this.#state = 'stopped'
    emit({ type: 'finish', finish: decodeFinish(delta, this.#isOutputCounted ? tokenUsage(this.#usage) : null) })
  }

  #end(emit: Emit): void {
    this.#start(null, emit)
    if (!this.#endAll(this.#message, emit)) return
    if (this.#state === 'streaming') this.#finish(this.#message, emit)
    this.#state = 'over'
    emit({ type: 'end' })
  }
}

const READ = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta'
])
const isRead = (name: string): boolean => READ.has(name)

/** One of the above whose name or line ends were mutated on the way: a piece of a call may have been in it. */
const isDamaged = (name: string, event: StreamEvent): boolean =>
  name !== 'ping' && (isRead(textIn(event.json, 'type') ?? '') || /^(?:content_block|message)_/.test(name))

export const createStreamDecoder = (): StreamDecoder => new MessagesDecoder()
