import type { Clock } from '../../shared/ports'
import type { AttemptRecord } from '../../shared/request-log'
import type { Lease } from '../channels/lease'
import { mediaType, whyNoAnswer } from '../protocols/no-answer'
import type { AnswerFacts, Headers, StreamReader } from '../protocols/protocol'
import { streamStart } from '../protocols/stream-start'
import type { AttemptResult, Receiver } from './attempt-result'
import type { ParsedRequest } from './parse-request'
import { UpstreamError, type Deadlines, type UpstreamExchange, type UpstreamSink } from './ports'
import type { Ticking } from './ticker'

/** B01: how much of a stream is held back before commit, and how long after its first event. */
const HOLD_EVENTS = 64
const HOLD_BYTES = 256 * 1024
const HOLD_MS = 2000
/** B01: an unstreamed answer up to this size is read whole before commit. */
const WHOLE_BYTES = 1024 * 1024

export interface AttemptInput {
  readonly request: ParsedRequest
  readonly lease: Lease
  readonly deadlines: Deadlines
  /** Monotonic time of the request's arrival, and when everything before commit must be over. */
  readonly arrivedAt: number
  readonly totalDeadlineAt: number
  readonly clock: Clock
}

/**
 * One try of one request on one channel, from sending to the moment of commit (B01), when a receiver takes over.
 *
 *   connecting ──► waiting ──► collecting (unstreamed, or an error's body) ──► settled ──► handed over
 *        │            │   └──► holding (the head of a stream) ────────────────►   ▲
 *        └────────────┴──────────── deadline, broken, client gone ────────────────┘
 */
export class Attempt implements UpstreamSink, Ticking {
  readonly #input: AttemptInput
  readonly #startedAt: number
  readonly #settle: (result: AttemptResult) => void
  /** Resolves once, when it is known what came of the try. */
  readonly result: Promise<AttemptResult>
  #phase: 'connecting' | 'waiting' | 'collecting' | 'holding' | 'settled' = 'connecting'
  #exchange: UpstreamExchange | null = null
  #receiver: Receiver | null = null
  #status: number | null = null
  #headers: Headers = {}
  #reader: StreamReader | null = null
  /** Its first bytes will tell: what is streamed does not always say so. */
  #mayBeStream = false
  #held: Buffer[] = []
  #heldBytes = 0
  #firstByteAt: number | null = null
  #lastByteAt: number
  /** The end, or the break, that came between settling and the hand-over. */
  #after: { readonly error: UpstreamError | null } | null = null

  constructor(input: AttemptInput) {
    this.#input = input
    this.#startedAt = input.clock.monotonic()
    this.#lastByteAt = this.#startedAt
    const { promise, resolve } = Promise.withResolvers<AttemptResult>()
    this.result = promise
    this.#settle = resolve
  }

  /** The exchange that feeds this sink; kept so that it can be aborted and paused. */
  follow(exchange: UpstreamExchange): void {
    this.#exchange = exchange
    if (this.#phase === 'settled') exchange.abort()
  }

  get exchange(): UpstreamExchange | null {
    return this.#exchange
  }

  get status(): number | null {
    return this.#status
  }

  /** Monotonic time of the first byte that counts (comments and blank lines don't, B06); null before. */
  get firstByteAt(): number | null {
    return this.#firstByteAt
  }

  connected(): void {
    if (this.#phase === 'connecting') this.#phase = 'waiting'
  }

  head(status: number, headers: Headers): void {
    if (this.#phase === 'settled') return
    const { request } = this.#input
    this.#status = status
    this.#headers = headers
    this.#phase = 'collecting'
    if (status >= 300 || !request.stream) return
    if (isCalledStream(headers, request)) this.#createReader()
    else this.#mayBeStream = true
  }

  data(chunk: Buffer): void {
    if (this.#receiver !== null) {
      this.#receiver.data(chunk)
      return
    }
    this.#lastByteAt = this.#input.clock.monotonic()
    if (this.#reader === null) this.#collect(chunk)
    else this.#read(this.#reader, chunk)
  }

  end(): void {
    if (this.#receiver !== null) {
      this.#receiver.end()
      return
    }
    if (this.#phase === 'settled') this.#after = { error: null }
    else if (this.#reader !== null) this.#endStream(this.#reader)
    else this.#endWhole()
  }

  fail(error: UpstreamError): void {
    if (this.#receiver !== null) {
      this.#receiver.fail(error)
      return
    }
    if (this.#phase === 'settled') this.#after = { error }
    else this.#finish({ kind: 'broken', error })
  }

  /** B06's deadlines, and the 2 s after which a held stream is committed anyway. */
  tick(now: number): void {
    if (this.#receiver !== null) {
      this.#receiver.tick(now)
      return
    }
    if (this.#phase === 'settled') return
    const { deadlines, totalDeadlineAt } = this.#input
    if (now >= totalDeadlineAt) this.#timeOut('total_timeout', deadlines.totalMs, 'no answer could be begun')
    else if (this.#phase === 'connecting') {
      if (now - this.#startedAt >= deadlines.connectMs)
        this.#timeOut('connect_timeout', deadlines.connectMs, 'no connection')
    } else if (this.#firstByteAt === null) {
      if (now - this.#startedAt >= deadlines.firstByteMs)
        this.#timeOut('first_byte_timeout', deadlines.firstByteMs, 'no first byte')
    } else if (this.#phase === 'holding' && now - this.#firstByteAt >= HOLD_MS) this.#ready(null)
    else if (now - this.#lastByteAt >= deadlines.idleMs)
      this.#timeOut('idle_timeout', deadlines.idleMs, 'silence in the answer')
  }

  /** The client is told, and the channel is not blamed. */
  interrupt(): void {
    this.#exchange?.abort()
    this.fail(new UpstreamError('stopped', 'Routex was turned off before the answer was whole'))
  }

  /** B07: the client went away; the upstream is aborted at once. */
  cancel(): void {
    this.#exchange?.abort()
    if (this.#phase !== 'settled') this.#finish({ kind: 'gone' })
  }

  /** From commit on `receiver` hears everything, first what came since the result. */
  handOver(receiver: Receiver): void {
    this.#receiver = receiver
    const late = this.#held
    this.#held = []
    for (const chunk of late) receiver.data(chunk)
    if (this.#after === null) return
    if (this.#after.error === null) receiver.end()
    else receiver.fail(this.#after.error)
  }

  /** The attempt as it stands in the log. */
  record(verdict: string, message: string | null): AttemptRecord {
    const { lease, arrivedAt } = this.#input
    return {
      channelId: lease.channel.id,
      channelName: lease.channel.name,
      model: lease.model,
      startedMs: this.#startedAt - arrivedAt,
      firstByteMs: this.#firstByteAt === null ? null : this.#firstByteAt - arrivedAt,
      endedMs: this.#input.clock.monotonic() - arrivedAt,
      status: this.#status,
      verdict,
      message
    }
  }

  #read(reader: StreamReader, chunk: Buffer): void {
    if (this.#phase === 'settled') {
      this.#held.push(chunk)
      return
    }
    reader.push(chunk, this.#hold)
    this.#judgeStream(reader)
  }

  /** Bound once: the reader calls it for every run of whole events. */
  readonly #hold = (bytes: Buffer): void => {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #judgeStream(reader: StreamReader): void {
    const { facts } = reader
    if (facts.error !== null) {
      this.#refuseStream(facts.error)
      return
    }
    if (facts.events > 0) this.#firstByteAt ??= this.#lastByteAt
    if (facts.hasContent || facts.finished || facts.events >= HOLD_EVENTS || this.#heldBytes >= HOLD_BYTES)
      this.#ready(null)
  }

  #endStream(reader: StreamReader): void {
    reader.end(this.#hold)
    const { facts } = reader
    if (facts.error !== null) {
      this.#refuseStream(facts.error)
      return
    }
    if (!facts.stopped && !facts.finished) {
      const error = new UpstreamError('reset', 'The upstream ended its stream before it had answered')
      this.#finish({ kind: 'broken', error })
      return
    }
    this.#firstByteAt ??= this.#lastByteAt
    this.#after = { error: null }
    this.#ready(null)
  }

  #createReader(): StreamReader {
    const { request, lease } = this.#input
    this.#phase = 'holding'
    this.#reader = request.protocol.createStreamReader({
      framing: request.route.framing,
      operation: request.route.operation,
      dropUsageChunk: lease.channel.askForUsage && !request.facts.asksForUsage
    })
    return this.#reader
  }

  /** Whether the body turned out to be a stream, or may still do so; a stream is read from its beginning on. */
  #beginsStream(): boolean {
    const beginning = Buffer.concat(this.#held)
    const start = streamStart(beginning)
    if (start === 'unknown') return true
    this.#mayBeStream = false
    if (start !== 'events' || this.#input.request.route.framing !== 'sse') return false
    this.#held = []
    this.#heldBytes = 0
    this.#read(this.#createReader(), beginning)
    return true
  }

  #collect(chunk: Buffer): void {
    this.#hold(chunk)
    if (this.#phase === 'settled') return
    if (this.#mayBeStream && this.#beginsStream()) return
    this.#firstByteAt ??= this.#lastByteAt
    if (this.#heldBytes <= WHOLE_BYTES) return
    if (this.#status === null || this.#status >= 300) this.#endWhole()
    else if (this.#isAnswer(this.#status, Buffer.concat(this.#held), false)) this.#ready(null)
  }

  #endWhole(): void {
    const { request } = this.#input
    const body = this.#held.length === 1 && this.#held[0] !== undefined ? this.#held[0] : Buffer.concat(this.#held)
    const status = this.#status ?? 502
    this.#firstByteAt ??= this.#lastByteAt
    if (status >= 300) {
      this.#refuse(status, body)
      return
    }
    if (!this.#isAnswer(status, body, true)) return
    const facts = request.protocol.readAnswer(request.route, body, false)
    if (facts.error) {
      this.#refuse(status, body)
      return
    }
    this.#held = [body]
    this.#after = { error: null }
    this.#ready(facts)
  }

  /** A 2xx that carries no answer is the channel's failure. */
  #isAnswer(status: number, body: Buffer, whole: boolean): boolean {
    const why = whyNoAnswer(this.#input.request.route, { status, headers: this.#headers, body, whole })
    if (why === null) return true
    this.#exchange?.abort()
    this.#finish({ kind: 'broken', error: new UpstreamError('protocol', `The upstream ${why}`) })
    return false
  }

  #ready(whole: AnswerFacts | null): void {
    const held = this.#held
    this.#held = []
    const answer = { status: this.#status ?? 200, headers: this.#headers, held, reader: this.#reader, whole }
    this.#finish({ kind: 'answer', answer })
  }

  /** An error event inside a 200 stream: what was a stream goes back as a plain error body. */
  #refuseStream(error: { readonly status: number; readonly body: Buffer }): void {
    this.#headers = { ...this.#headers, 'content-type': 'application/json' }
    this.#refuse(error.status, error.body)
  }

  #refuse(status: number, body: Buffer): void {
    const { request } = this.#input
    const verdict = request.protocol.judge(status, this.#headers, body, this.#input.clock.now())
    this.#exchange?.abort()
    this.#finish({ kind: 'refused', refusal: { verdict, status, headers: this.#headers, body } })
  }

  #timeOut(
    code: 'connect_timeout' | 'first_byte_timeout' | 'idle_timeout' | 'total_timeout',
    ms: number,
    what: string
  ): void {
    this.#exchange?.abort()
    const error = new UpstreamError(code, `${what} within ${ms / 1000} s`)
    this.#finish({ kind: 'broken', error })
  }

  #finish(result: AttemptResult): void {
    this.#phase = 'settled'
    this.#settle(result)
  }
}

/** An event stream, or Gemini's array, which looks like any JSON and was asked for. */
function isCalledStream(headers: Headers, { route }: ParsedRequest): boolean {
  const type = mediaType(headers)
  if (route.framing === 'json-array') return type === '' || type.endsWith('json') || type === 'text/event-stream'
  return type === 'text/event-stream'
}
