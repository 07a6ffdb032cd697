import type { TokenUsage } from '../../shared/usage'
import type { StreamFacts, StreamReader } from './protocol'
import { StreamEvent } from './stream-event'

/** What becomes of an event's bytes: they go on as they came, not at all, or as others. */
export type Disposition = 'pass' | 'drop' | Buffer

/**
 * How an event over 256 KiB goes on: in pieces, in pieces that are kept as well so that it can be read, or not at all but as
 * what the inspector puts in its place when it is whole.
 */
export type OversizedPlan = 'pass' | 'keep' | 'drop'

/**
 * What a protocol looks for in its streams. It is the stream's facts itself, so that nothing is copied. An event is shown
 * once, whole; `oversized` sees the head of one that is too long to wait for.
 */
export abstract class StreamInspector implements StreamFacts {
  hasContent = false
  stopped = false
  finished = false
  error: StreamFacts['error'] = null
  stateId: string | null = null
  itemIds: readonly string[] = []
  messageId: string | null = null
  events = 0
  abstract readonly usage: TokenUsage | null
  abstract readonly usageSoFar: TokenUsage | null
  abstract readonly rawUsage: string | null

  abstract inspect(event: StreamEvent): Disposition
  /** What becomes of a block that is no event: comments, a lone `id:`. Bare blank lines always pass. */
  readonly asides: 'pass' | 'drop' = 'pass'
  abstract oversized(head: StreamEvent): OversizedPlan
  /** An event that is held until it is whole has more bytes than are kept, so it will never be seen. */
  outgrown(): void {
    // Most hold back only what the client does not want.
  }
  /** The upstream closed the stream in good order; for protocols without a last event. What is still to be written. */
  closed(): Buffer | null {
    // Most protocols have a last event; without it a close is no end.
    return null
  }
}

type Forward = (bytes: Buffer) => void

/** An event up to this size is held back until it is whole. */
const HELD_BYTES = 256 * 1024
/** So many pieces of one event are joined to one, so that a slow drip of single bytes costs no object for each. */
const LOOSE_PIECES = 1024
/** B21: no more than this of one event is kept for reading. */
const KEPT_BYTES = 32 * 1024 * 1024

/**
 * Hands a stream's bytes on in whole events (protocol.ts, StreamReader). Which bytes are an event is its subclasses'
 * business:
 *
 *     holding --an event's end--> inspected: forwarded, dropped or replaced --> holding
 *     holding --over 256 KiB--> passing | keeping | dropping --the event's end--> holding
 *     any --last event or error--> done (nothing more goes out)
 *
 * Neighbours that pass go out as one view of their chunk. Pieces of a cut event are joined once, when it is whole.
 */
export abstract class EventReader implements StreamReader {
  readonly facts: StreamInspector
  protected readonly event = new StreamEvent()
  #mode: 'holding' | 'done' | OversizedPlan = 'holding'
  #pieces: Buffer[] = []
  #loosePieces = 0
  #pieceBytes = 0

  constructor(inspector: StreamInspector) {
    this.facts = inspector
  }

  get atBoundary(): boolean {
    return this.#mode !== 'pass' && this.#mode !== 'keep'
  }

  /** Position behind the event that goes on at `from`, or -1 when the chunk ends before it does. Never before `from`. */
  protected abstract eventEnd(chunk: Buffer, from: number): number
  /** Loads `this.event` from the bytes of one whole event, or of an oversized one's head. */
  protected abstract load(bytes: Buffer, start: number, end: number): void
  /** What makes the held bytes at the stream's end a whole event; null where they can't be one. */
  protected abstract missingEnd(bytes: Buffer): Buffer | null
  /** A new chunk begins: what was remembered of positions in the last one is void. */
  protected abstract begin(): void

  push(chunk: Buffer, forward: Forward): void {
    if (this.#mode === 'done' || chunk.length === 0) return
    this.begin()
    let run = 0
    let start = 0
    let end = this.eventEnd(chunk, 0)
    while (end !== -1) {
      const disposition = this.#take(chunk, start, end, forward)
      if (disposition !== 'pass') {
        if (start > run) forward(part(chunk, run, start))
        if (disposition !== 'drop') forward(disposition)
        run = end
      }
      start = end
      end = this.#isOver() ? -1 : this.eventEnd(chunk, start)
    }
    if (start > run) forward(part(chunk, run, start))
    if (this.#isOver()) this.#mode = 'done'
    else if (start < chunk.length) this.#hold(part(chunk, start, chunk.length), forward)
  }

  end(forward: Forward): void {
    if (this.#mode === 'done') return
    this.#endHeld(forward)
    const last = this.facts.error === null ? this.facts.closed() : null
    if (last !== null) forward(last)
    this.#mode = 'done'
    this.#pieces = []
  }

  /** What becomes of `this.event`. */
  protected look(): Disposition {
    if (!this.event.isEvent) return this.event.hasOtherLines ? this.facts.asides : 'pass'
    this.facts.events++
    return this.facts.inspect(this.event)
  }

  #isOver(): boolean {
    return this.facts.finished || this.facts.error !== null
  }

  #take(chunk: Buffer, start: number, end: number, forward: Forward): Disposition {
    if (this.#mode !== 'holding' || this.#pieces.length > 0) return this.#takeCut(chunk, end, forward)
    this.load(chunk, start, end)
    return this.look()
  }

  /** The event began in an earlier chunk; its last part in this one ends at `end`. Answers what becomes of that part. */
  #takeCut(chunk: Buffer, end: number, forward: Forward): Disposition {
    const mode = this.#mode
    const pieces = this.#pieces
    const isWhole = this.#pieceBytes <= KEPT_BYTES
    this.#mode = 'holding'
    this.#pieces = []
    this.#loosePieces = 0
    this.#pieceBytes = 0
    if (mode === 'pass') {
      this.facts.events++
      return 'pass'
    }
    const bytes = Buffer.concat([...pieces, chunk.subarray(0, end)])
    this.load(bytes, 0, bytes.length)
    const disposition = this.look()
    if (mode === 'keep') return 'pass'
    if (mode === 'drop' && !isWhole) return 'drop'
    if (disposition === 'pass') for (const piece of pieces) forward(piece)
    return disposition
  }

  #hold(piece: Buffer, forward: Forward): void {
    this.#pieceBytes += piece.length
    switch (this.#mode) {
      case 'pass':
        forward(piece)
        return
      case 'keep':
        forward(piece)
        this.#keep(piece)
        return
      case 'drop':
        this.#keep(piece)
        return
      case 'holding':
        this.#append(piece)
        if (this.#pieceBytes > HELD_BYTES) this.#letThrough(forward)
        return
      case 'done':
        return
    }
  }

  /** Joins neighbours now and then: each byte once, so that the work stays linear. */
  #append(piece: Buffer): void {
    this.#pieces.push(piece)
    if (++this.#loosePieces < LOOSE_PIECES) return
    this.#pieces.push(Buffer.concat(this.#pieces.splice(-LOOSE_PIECES)))
    this.#loosePieces = 0
  }

  /** Beyond 32 MiB of one event nothing more is kept: it goes on unread. */
  #keep(piece: Buffer): void {
    if (this.#pieceBytes <= KEPT_BYTES) this.#append(piece)
    else if (this.#mode === 'drop') this.facts.outgrown()
    else {
      this.#mode = 'pass'
      this.#pieces = []
    }
  }

  #letThrough(forward: Forward): void {
    const bytes = Buffer.concat(this.#pieces)
    this.load(bytes, 0, bytes.length)
    const plan = this.facts.oversized(this.event)
    this.#mode = plan
    if (plan === 'drop') return
    for (const piece of this.#pieces) forward(piece)
    if (plan === 'pass') this.#pieces = []
  }

  /** An event without its blank line counts when it is whole all the same; one that was cut is not handed on (B02). */
  #endHeld(forward: Forward): void {
    const mode = this.#mode
    if (mode === 'pass' || this.#pieces.length === 0) return
    const bytes = Buffer.concat(this.#pieces)
    this.load(bytes, 0, bytes.length)
    const missing = this.missingEnd(bytes)
    if (missing === null) return
    this.#mode = 'holding'
    const disposition = this.look()
    if (mode === 'keep') forward(missing)
    else if (disposition === 'pass') forward(Buffer.concat([bytes, missing]))
    else if (disposition !== 'drop') forward(disposition)
  }
}

const part = (chunk: Buffer, start: number, end: number): Buffer =>
  start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end)
