import type { Citation } from './canonical'
import type { AnswerEvent } from './canonical-answer'

type Emit = (event: AnswerEvent) => void

/** B21: no more than this is kept of an answer until it can be handed on, in characters. */
export const MOST_KEPT = 32 * 1024 * 1024

/** What an event takes in memory besides its text, in characters. */
const EVENT_COST = 64

/** A part in the line. `held`: what it said while others were before it. */
export interface LinedPart {
  readonly held: AnswerEvent[]
  isEnded: boolean
  next: LinedPart | null
}

/**
 * Puts parts that an upstream tells at the same time one after the other, in the order in which they began, as canonical
 * answers want them. What the part in front says is handed on at once; what others say waits until it has ended.
 */
export class PartsInOrder {
  #first: LinedPart | null = null
  #last: LinedPart | null = null
  #kept = 0

  /** More waits than may be kept. */
  get isTooMuch(): boolean {
    return this.#kept > MOST_KEPT
  }

  /** The part that began last is still open. */
  get endsOpen(): boolean {
    return this.#last?.isEnded === false
  }

  isLast(part: LinedPart): boolean {
    return part === this.#last
  }

  begin(): LinedPart {
    return this.#append(false)
  }

  add(part: LinedPart, event: AnswerEvent, emit: Emit): void {
    if (part === this.#first) emit(event)
    else this.#hold(part, event)
  }

  /** Takes what a part says, until another call on this line: `emit` itself for the one in front. */
  emitterOf(part: LinedPart, emit: Emit): Emit {
    if (part === this.#first) return emit
    return (event) => {
      this.#hold(part, event)
    }
  }

  /** What is a part by itself, or goes on with what was said last. */
  say(event: AnswerEvent, emit: Emit): void {
    const last = this.#last
    if (last === null) emit(event)
    else this.#hold(last.isEnded ? last : this.#append(true), event)
  }

  end(part: LinedPart, emit: Emit): void {
    if (part.isEnded) return
    part.isEnded = true
    this.#kept -= EVENT_COST
    while (this.#first?.isEnded === true) {
      this.#first = this.#first.next
      if (this.#first === null) this.#last = null
      else this.#release(this.#first, emit)
    }
  }

  /** Forgets all that waits, and what is open. */
  drop(): void {
    this.#first = null
    this.#last = null
    this.#kept = 0
  }

  #append(isEnded: boolean): LinedPart {
    const part: LinedPart = { held: [], isEnded, next: null }
    if (this.#last === null) this.#first = part
    else this.#last.next = part
    this.#last = part
    if (!isEnded) this.#kept += EVENT_COST
    return part
  }

  #hold(part: LinedPart, event: AnswerEvent): void {
    part.held.push(event)
    this.#kept += costOf(event)
  }

  #release({ held }: LinedPart, emit: Emit): void {
    for (const event of held) {
      this.#kept -= costOf(event)
      emit(event)
    }
    held.length = 0
  }
}

function costOf(event: AnswerEvent): number {
  switch (event.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return EVENT_COST + event.text.length
    case 'tool-input':
      return EVENT_COST + event.json.length
    case 'signature':
      return EVENT_COST + event.signature.value.length
    case 'citation':
      return EVENT_COST + lengthOf(event.citation)
    case 'media':
      return EVENT_COST + (event.media.source.kind === 'base64' ? event.media.source.data.length : 0)
    default:
      return EVENT_COST
  }
}

const lengthOf = ({ url, title, quote }: Citation): number => `${url}${title ?? ''}${quote ?? ''}`.length
