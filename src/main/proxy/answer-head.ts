import type { Clock } from '../../shared/ports'
import { mediaType, whyNoAnswer } from '../protocols/no-answer'
import type { AnswerFacts, Headers, StreamFraming, StreamReader } from '../protocols/protocol'
import { streamStart } from '../protocols/stream-start'
import { UnreadableAnswer } from '../protocols/translator'
import type { AttemptResult } from './attempt-result'
import type { Passage } from './passage'
import { UpstreamError } from './ports'

/** B01: how much of a stream is held back before commit. */
const HOLD_EVENTS = 64
const HOLD_BYTES = 256 * 1024
/** B01: an unstreamed answer up to this size is read whole before commit. */
const WHOLE_BYTES = 1024 * 1024
/** One that must be whole to be translated may have this many. */
const TRANSLATED_BYTES = 32 * 1024 * 1024
/** So long a stream that is gathered may wait for the upstream's close behind its last event, and for that event behind the stop reason (B27). */
const LINGER_MS = 1000
const MEND_MS = 10_000

/** What an upstream's answer turned out to be. */
export type Judged = Exclude<AttemptResult, { readonly kind: 'gone' }>

/**
 * The head of an answer, held back until it is known what it is (B01): a stream, a whole answer, a refusal or none at all.
 *
 *   undecided ──► whole ────► judged
 *       ├───────► stream ───────▲
 *       └───────► gathering ────┘
 *
 * What is streamed does not always say so: then its first bytes tell. Some upstreams always stream: where no stream was asked
 * for, one that is to be translated is gathered to a whole answer.
 */
export class AnswerHead {
  readonly #passage: Passage
  readonly #isStreamed: boolean
  readonly #clock: Clock
  #status: number | null = null
  #headers: Headers = {}
  #reader: StreamReader | null = null
  /** How the upstream frames its stream; null for an answer that is none. */
  #sent: StreamFraming | null = null
  #undecided = false
  #begun = false
  #held: Buffer[] = []
  #heldBytes = 0

  /** `isStreamed`: a stream was asked for. */
  constructor(passage: Passage, isStreamed: boolean, clock: Clock) {
    this.#passage = passage
    this.#isStreamed = isStreamed
    this.#clock = clock
  }

  get status(): number | null {
    return this.#status
  }

  /** A byte came that counts: comments and blank lines of a stream don't (B06). */
  get begun(): boolean {
    return this.#begun
  }

  get isStream(): boolean {
    return this.#reader !== null && this.#isStreamed
  }

  /** How long a silence may last before what came is all that is waited for, in ms; null: something must still come. */
  get patienceMs(): number | null {
    if (this.#reader === null || this.#isStreamed) return null
    const { facts } = this.#reader
    if (facts.finished) return LINGER_MS
    return this.#passage.canMend(facts) ? MEND_MS : null
  }

  head(status: number, headers: Headers): void {
    this.#status = status
    this.#headers = headers
    if (status >= 300) return
    const isCalledStream = mediaType(headers) === 'text/event-stream' && this.#passage.route.framing === 'sse'
    if (isCalledStream && this.#isStreamed) this.#createReader('sse')
    else this.#undecided = true
  }

  /** The next bytes; null: it is not known yet what they are. */
  push(chunk: Buffer): Judged | null {
    return this.#reader === null ? this.#collect(chunk) : this.#read(this.#reader, chunk)
  }

  /** The upstream's end. */
  end(): Judged {
    if (this.#reader === null) return this.#endWhole()
    return this.#isStreamed ? this.#endStream(this.#reader) : this.#endGathered(this.#reader)
  }

  /** The answer with what was held of it so far. */
  ready(whole: AnswerFacts | null = null): Judged {
    const held = this.#held
    this.#held = []
    const headers = this.#passage.answerHeaders(this.#headers, this.#sent)
    const answer = { status: this.#status ?? 200, headers, held, reader: this.#reader, whole }
    return { kind: 'answer', answer }
  }

  /** Bound once: the reader calls it for every run of whole events. */
  readonly #hold = (bytes: Buffer): void => {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #createReader(sent: StreamFraming): StreamReader {
    this.#sent = sent
    this.#reader = this.#passage.createStreamReader(sent)
    return this.#reader
  }

  #read(reader: StreamReader, chunk: Buffer): Judged | null {
    reader.push(chunk, this.#hold)
    const { facts } = reader
    if (facts.error !== null) return this.#refuseStream(facts.error)
    if (facts.events > 0) this.#begun = true
    if (!this.#isStreamed) {
      this.#held = []
      return null
    }
    const isReady = facts.hasContent || facts.finished || facts.events >= HOLD_EVENTS || this.#heldBytes >= HOLD_BYTES
    return isReady ? this.ready() : null
  }

  #endStream(reader: StreamReader): Judged {
    reader.end(this.#hold)
    const { facts } = reader
    if (facts.error !== null) return this.#refuseStream(facts.error)
    if (!facts.stopped && !facts.finished) {
      const error = new UpstreamError('reset', 'The upstream ended its stream before it had answered')
      return { kind: 'broken', error }
    }
    this.#begun = true
    return this.ready()
  }

  #endGathered(reader: StreamReader): Judged {
    reader.end(this.#hold)
    const { facts } = reader
    if (facts.error !== null) return this.#refuseStream(facts.error)
    const body = this.#passage.gathered()
    if (body === null) {
      const error = new UpstreamError('reset', 'The upstream ended its stream before its answer was whole')
      return { kind: 'broken', error }
    }
    this.#held = [body]
    this.#reader = null
    this.#sent = null
    return this.ready(facts)
  }

  #collect(chunk: Buffer): Judged | null {
    this.#hold(chunk)
    if (!this.#isStreamed) this.#begun = true
    return this.#undecided ? this.#decide() : this.#collectWhole()
  }

  #decide(): Judged | null {
    const beginning = Buffer.concat(this.#held)
    const start = streamStart(beginning)
    if (start === 'unknown') return null
    this.#undecided = false
    if (start === 'sse' && !this.#takesStream) return this.#unaskedStream()
    const isStream = start !== 'other' && this.#takesStream && this.#passage.protocol.framings.includes(start)
    if (!isStream) return this.#collectWhole()
    this.#held = []
    this.#heldBytes = 0
    return this.#read(this.#createReader(start), beginning)
  }

  #collectWhole(): Judged | null {
    this.#begun = true
    if (this.#heldBytes <= WHOLE_BYTES) return null
    const status = this.#status ?? 502
    if (status >= 300) return this.#endWhole()
    if (this.#passage.translates) return this.#heldBytes <= TRANSLATED_BYTES ? null : this.#tooLong()
    return this.#noAnswer(status, Buffer.concat(this.#held), false) ?? this.ready()
  }

  #endWhole(): Judged {
    const body = this.#held.length === 1 && this.#held[0] !== undefined ? this.#held[0] : Buffer.concat(this.#held)
    const status = this.#status ?? 502
    this.#begun = true
    if (status >= 300) return this.#refuse(status, body)
    const none = this.#noAnswer(status, body, true)
    if (none !== null) return none
    const facts = this.#passage.protocol.readAnswer(this.#passage.route, body, false)
    if (facts.error !== null) return this.#refuseWhole(status, body, facts.error)
    return this.#translate(body) ?? this.ready(facts)
  }

  /** null: it went well, and is held. */
  #translate(body: Buffer): Judged | null {
    try {
      this.#held = [this.#passage.wholeAnswer(body)]
      return null
    } catch (cause) {
      if (!(cause instanceof UnreadableAnswer)) throw cause
      return { kind: 'broken', error: new UpstreamError('protocol', cause.message, { cause }) }
    }
  }

  /** Asked for, or to be gathered. */
  get #takesStream(): boolean {
    const { route, translates } = this.#passage
    return this.#isStreamed || (translates && route.operation === 'generate')
  }

  /** Where bytes go as they are, nobody can make a whole answer of it that has all that the client's vendor would say. */
  #unaskedStream(): Judged {
    const words =
      'The upstream sent a stream though it was asked for a whole answer; where it can do no other, ask for a stream'
    return { kind: 'broken', error: new UpstreamError('protocol', words) }
  }

  #tooLong(): Judged {
    return { kind: 'broken', error: new UpstreamError('protocol', 'The upstream’s answer is over 32 MiB') }
  }

  /** A 2xx that carries no answer is the channel's failure; null when it carries one. */
  #noAnswer(status: number, body: Buffer, whole: boolean): Judged | null {
    const why = whyNoAnswer(this.#passage.route, { status, headers: this.#headers, body, whole })
    return why === null ? null : { kind: 'broken', error: new UpstreamError('protocol', `The upstream ${why}`) }
  }

  /** An error in a 200: the upstream's own, or what is no answer, told in the channel's protocol. */
  #refuseWhole(status: number, body: Buffer, error: NonNullable<AnswerFacts['error']>): Judged {
    return error.body === null
      ? this.#refuse(status, body, error.status)
      : this.#refuseStream({ status: error.status, body: error.body })
  }

  /** An error event inside a 200 stream: what was a stream goes back as a plain error body. */
  #refuseStream(error: { readonly status: number; readonly body: Buffer }): Judged {
    this.#headers = { ...this.#headers, 'content-type': 'application/json' }
    return this.#refuse(error.status, error.body)
  }

  #refuse(status: number, body: Buffer, meant = status): Judged {
    const verdict = this.#passage.protocol.judge(status, this.#headers, body, this.#clock.now())
    return { kind: 'refused', refusal: { verdict, status, meant, headers: this.#headers, body } }
  }
}
