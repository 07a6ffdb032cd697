import type { Clock } from '../../shared/ports'
import type { AttemptRecord } from '../../shared/request-log'
import type { Lease } from '../channels/lease'
import type { Headers } from '../protocols/protocol'
import { AnswerHead, type Judged } from './answer-head'
import type { AttemptResult, Receiver } from './attempt-result'
import type { Passage } from './passage'
import { UpstreamError, type Deadlines, type UpstreamExchange, type UpstreamSink } from './ports'
import type { Ticking } from './ticker'

/** B01: how long a stream is held back after its first event. */
const HOLD_MS = 2000

export interface AttemptInput {
  readonly passage: Passage
  /** A stream was asked for. */
  readonly stream: boolean
  readonly lease: Lease
  readonly deadlines: Deadlines
  /** Monotonic time of the request's arrival, and when everything before commit must be over. */
  readonly arrivedAt: number
  readonly totalDeadlineAt: number
  readonly clock: Clock
}

/**
 * One try of one request on one channel, from sending to the moment of commit (B01), when a receiver takes over. What the
 * answer is, `AnswerHead` decides.
 *
 *   connecting ──► waiting ──► answering ──► settled ──► handed over
 *        │            │            │            ▲
 *        └────────────┴────────────┴── deadline, broken, client gone
 */
export class Attempt implements UpstreamSink, Ticking {
  readonly #input: AttemptInput
  readonly #startedAt: number
  readonly #settle: (result: AttemptResult) => void
  /** Resolves once, when it is known what came of the try. */
  readonly result: Promise<AttemptResult>
  readonly #answer: AnswerHead
  #phase: 'connecting' | 'waiting' | 'answering' | 'settled' = 'connecting'
  #exchange: UpstreamExchange | null = null
  #receiver: Receiver | null = null
  #over = false
  #firstByteAt: number | null = null
  #lastByteAt: number
  /** What came between settling and the hand-over: bytes, and the end or the break. */
  #late: Buffer[] = []
  #after: { readonly error: UpstreamError | null } | null = null

  constructor(input: AttemptInput) {
    this.#input = input
    this.#answer = new AnswerHead(input.passage, input.stream, input.clock)
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

  /** The upstream has closed, or was told to: nothing more comes of this try. */
  get over(): boolean {
    return this.#over
  }

  get status(): number | null {
    return this.#answer.status
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
    this.#phase = 'answering'
    this.#answer.head(status, headers)
  }

  data(chunk: Buffer): void {
    if (this.#receiver !== null) {
      this.#receiver.data(chunk)
      return
    }
    this.#lastByteAt = this.#input.clock.monotonic()
    if (this.#phase === 'settled') this.#late.push(chunk)
    else this.#take(this.#answer.push(chunk))
  }

  end(): void {
    this.#over = true
    if (this.#receiver !== null) {
      this.#receiver.end()
      return
    }
    if (this.#phase !== 'settled') this.#take(this.#answer.end())
    this.#after = { error: null }
  }

  fail(error: UpstreamError): void {
    this.#over = true
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
    } else this.#watch(now, this.#firstByteAt)
  }

  /** Ends the exchange with the upstream, which says no more. */
  abort(): void {
    this.#over = true
    this.#exchange?.abort()
  }

  /** The client is told, and the channel is not blamed. */
  interrupt(): void {
    this.abort()
    this.fail(new UpstreamError('stopped', 'Routex was turned off before the answer was whole'))
  }

  /** B07: the client went away; the upstream is aborted at once. */
  cancel(): void {
    this.abort()
    if (this.#phase !== 'settled') this.#finish({ kind: 'gone' })
  }

  /** From commit on `receiver` hears everything, first what came since the result. */
  handOver(receiver: Receiver): void {
    this.#receiver = receiver
    const late = this.#late
    this.#late = []
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
      status: this.#answer.status,
      verdict,
      message
    }
  }

  /** null: what came so far does not tell yet what the answer is. */
  #take(judged: Judged | null): void {
    if (this.#answer.begun) this.#firstByteAt ??= this.#lastByteAt
    if (judged === null) return
    if (judged.kind !== 'answer') this.abort()
    this.#finish(judged)
  }

  #watch(now: number, firstByteAt: number): void {
    const silence = now - this.#lastByteAt
    const { idleMs } = this.#input.deadlines
    if (this.#answer.isStream && now - firstByteAt >= HOLD_MS) this.#finish(this.#answer.ready())
    else if (silence >= (this.#answer.patienceMs ?? Infinity)) this.#endWaiting()
    else if (silence >= idleMs) this.#timeOut('idle_timeout', idleMs, 'silence in the answer')
  }

  /** The upstream has said all and does not close. */
  #endWaiting(): void {
    this.abort()
    this.#finish(this.#answer.end())
  }

  #timeOut(
    code: 'connect_timeout' | 'first_byte_timeout' | 'idle_timeout' | 'total_timeout',
    ms: number,
    what: string
  ): void {
    this.abort()
    const error = new UpstreamError(code, `${what} within ${ms / 1000} s`)
    this.#finish({ kind: 'broken', error })
  }

  #finish(result: AttemptResult): void {
    this.#phase = 'settled'
    this.#settle(result)
  }
}
