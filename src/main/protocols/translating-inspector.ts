import type { TokenUsage } from '../../shared/usage'
import type { AnswerEvent } from './canonical-answer'
import { CallRenamer, type ClientCalls } from './client-calls'
import { StreamInspector, type Disposition } from './event-reader'
import { isObject, parseExactJson, type JsonObject } from './foreign-json'
import type { ArrayInspector } from './json-array'
import { MOST_KEPT } from './parts-in-order'
import type { StreamFacts } from './protocol'
import type { StreamEvent } from './stream-event'
import type { StreamDecoder, StreamEncoder } from './translator'

const TOO_LONG = {
  status: 502,
  body: Buffer.from(JSON.stringify({ error: { message: 'The upstream sent an event of more than 32 MiB' } }))
}

const TOO_MUCH = {
  status: 502,
  body: Buffer.from(JSON.stringify({ error: { message: 'The upstream’s answer is over 32 MiB' } }))
}

/** The upstream's last event came, and what came before it made no whole answer. */
const UNREADABLE = {
  status: 502,
  body: Buffer.from(
    JSON.stringify({ error: { message: 'The upstream sent a stream that could not be read to its end' } })
  )
}

/**
 * Looks at a channel's stream as its own protocol's inspector does, and puts the client's protocol in the place of each event:
 * decode → encode, in one pass and with nothing held back. The facts are the channel's own.
 */
export class TranslatingInspector extends StreamInspector implements ArrayInspector {
  /** An upstream's comments are its own affair. */
  override readonly asides = 'drop'
  readonly #own: StreamInspector
  readonly #decoder: StreamDecoder
  readonly #encoder: StreamEncoder
  readonly #renamer: CallRenamer
  #written: string[] = []
  #ended = false
  /** More than that an answer begins. */
  #hasTold = false
  /** Characters that the encoder or the renamer keeps. */
  #kept = 0
  #last = ''

  /** `own`: of the channel's protocol. */
  constructor(own: StreamInspector, decoder: StreamDecoder, encoder: StreamEncoder, calls: ClientCalls) {
    super()
    this.#own = own
    this.#decoder = decoder
    this.#encoder = encoder
    this.#renamer = new CallRenamer(calls)
  }

  override get usage(): TokenUsage | null {
    return this.#own.usage
  }

  override get usageSoFar(): TokenUsage | null {
    return this.#own.usageSoFar
  }

  override get rawUsage(): string | null {
    return this.#own.rawUsage
  }

  override inspect(event: StreamEvent): Disposition {
    this.#own.events = this.events
    this.#own.inspect(event)
    if (this.#own.error === null) this.#decoder.push(event, this.#encode)
    this.#copyFacts()
    return this.#take() ?? 'drop'
  }

  override oversized(): 'drop' {
    return 'drop'
  }

  override outgrown(): void {
    this.error = TOO_LONG
  }

  override closed(): Buffer | null {
    this.#own.closed()
    this.#decoder.close(this.#encode)
    this.#copyFacts()
    if (this.stopped && !this.#ended) this.error ??= UNREADABLE
    return this.#take()
  }

  /** Of an upstream that sends an array where a stream of events was asked for. */
  closeArray(): Disposition {
    return this.closed() ?? 'drop'
  }

  /** B27: what makes a stream whole whose stop reason came and whose end did not; null where what came makes no whole answer. */
  mend(): Buffer | null {
    this.#decoder.close(this.#encode)
    return this.#ended ? (this.#take() ?? Buffer.alloc(0)) : null
  }

  /** The JSON of the event that ended the client's stream; null before the end, and where that is none. */
  lastEvent(): JsonObject | null {
    return this.#ended ? lastEventOf(this.#last) : null
  }

  /** Bound once: the decoder calls it for everything that an event says. */
  readonly #encode = (event: AnswerEvent): void => {
    if (this.#ended || this.#kept > MOST_KEPT) return
    this.#count(event)
    if (event.type !== 'start') this.#hasTold = true
    this.#renamer.push(event, this.#write)
  }

  readonly #write = (event: AnswerEvent): void => {
    const text = this.#encoder.push(event)
    if (text !== '') this.#written.push(text)
    if (event.type !== 'end') return
    this.#ended = true
    this.#last = text
  }

  #count(event: AnswerEvent): void {
    if (BEGINS_ANEW.has(event.type)) {
      if (this.#encoder.keeps !== 'answer') this.#kept = 0
      return
    }
    switch (event.type) {
      case 'tool-input':
        if (this.#encoder.keeps !== 'nothing' || this.#renamer.isHolding) this.#kept += event.json.length
        return
      case 'reasoning':
        if (this.#encoder.keeps !== 'nothing') this.#kept += event.text.length
        return
      case 'text':
      case 'refusal':
      case 'media':
        if (this.#encoder.keeps === 'answer') this.#kept += lengthOf(event)
        return
      default:
    }
  }

  #take(): Buffer | null {
    if (this.#written.length === 0) return null
    const bytes = Buffer.from(this.#written.length === 1 ? (this.#written[0] ?? '') : this.#written.join(''))
    this.#written = []
    return bytes
  }

  /** Whole is what both say is whole: a decoder that lost its way ends nothing (B02). */
  #copyFacts(): void {
    const { hasContent, stopped, finished, error } = this.#own satisfies StreamFacts
    // Until something was told another channel may still answer (B01).
    this.hasContent = hasContent && this.#hasTold
    this.stopped = stopped
    this.finished = finished && this.#ended
    this.error = error ?? this.#problem(finished)
  }
  #problem(finished: boolean): StreamFacts['error'] {
    if (this.#kept > MOST_KEPT) return TOO_MUCH
    const { failure } = this.#decoder
    if (typeof failure === 'string')
      return { status: 502, body: Buffer.from(JSON.stringify({ error: { message: failure } })) }
    return finished && !this.#ended ? UNREADABLE : null
  }
}

function lengthOf(event: Extract<AnswerEvent, { type: 'text' | 'refusal' | 'media' }>): number {
  if (event.type !== 'media') return event.text.length
  const { source } = event.media
  return (source.kind === 'base64' ? source.data : source.url).length
}

/** What was kept of the part before is written by then. */
const BEGINS_ANEW: ReadonlySet<AnswerEvent['type']> = new Set(['tool-start', 'signature', 'reasoning-end'])

/** The JSON of the last event in the text of a stream; null where that is none. */
export function lastEventOf(text: string): JsonObject | null {
  const json = parseExactJson(text.slice(text.lastIndexOf('data: ') + 'data: '.length))
  return isObject(json) ? json : null
}
