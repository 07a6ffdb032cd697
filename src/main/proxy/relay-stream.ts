import type { StreamEnding, StreamReader, Verdict } from '../protocols/protocol'
import type { Receiver } from './attempt-result'
import { Outlet } from './outlet'
import { UpstreamError } from './ports'
import { stateIdsOf, usageOf, type Breakage, type RelayEnd, type RelayInput } from './relay-end'

/** B25: after so long a silence the client gets its protocol's keep-alive. */
const KEEP_ALIVE_MS = 15_000
/** B27: how long a stream whose stop reason came may wait for its last event. */
const MEND_MS = 10_000
/** An upstream that does not close although its stream is whole is let go after so long. */
const LINGER_MS = 1000

/** The upstream closed: an error only if its stream was not whole, and then made with its stack. */
const ENDED_EARLY = Symbol('ended early')
const endedEarly = (): UpstreamError =>
  new UpstreamError('reset', 'The upstream ended its stream before its last event')

/** Passes a stream on in whole events, watches over it, and decides how it ends (B02, B25, B27). */
export class StreamRelay implements Receiver {
  readonly result: Promise<RelayEnd>
  readonly #settle: (end: RelayEnd) => void
  readonly #input: RelayInput
  readonly #reader: StreamReader
  readonly #outlet: Outlet
  #lastByteAt: number
  #lastWriteAt: number
  /** What had been written at the last look. */
  #writtenThen = 0
  #keepAlives = 0
  #done = false

  constructor(input: RelayInput, reader: StreamReader) {
    const { promise, resolve } = Promise.withResolvers<RelayEnd>()
    this.result = promise
    this.#settle = resolve
    this.#input = input
    this.#reader = reader
    this.#outlet = new Outlet(input.reply, input.attempt.exchange)
    this.#lastByteAt = input.clock.monotonic()
    this.#lastWriteAt = this.#lastByteAt
  }

  /** `held`: what came before commit, which of a short answer is all. */
  begin(held: readonly Buffer[]): void {
    for (const bytes of held) this.#outlet.write(bytes)
    this.#endIfOver()
  }

  data(chunk: Buffer): void {
    if (this.#done) return
    this.#lastByteAt = this.#input.clock.monotonic()
    this.#reader.push(chunk, this.#outlet.write)
    this.#endIfOver()
  }

  end(): void {
    if (this.#done) return
    this.#reader.end(this.#outlet.write)
    const { facts } = this.#reader
    if (facts.error !== null) this.#break(facts.error)
    else this.#close(ENDED_EARLY)
  }

  fail(error: UpstreamError): void {
    if (!this.#done) this.#close(error)
  }

  /** B07: the client went away. One that has the stop reason has the answer. */
  cancel(): void {
    const hasAll = this.#input.passage.canMend(this.#reader.facts)
    this.#finish(hasAll ? 'ok' : 'cancelled', { kind: 'cut' }, null)
  }

  tick(now: number): void {
    const silence = now - this.#lastByteAt
    if (this.#done) {
      if (silence >= LINGER_MS) this.#input.attempt.abort()
      return
    }
    this.#watch(now)
  }

  #watch(now: number): void {
    this.#look(now)
    const silence = now - this.#lastByteAt
    const { facts, atBoundary } = this.#reader
    if (silence >= this.#patience()) {
      this.#input.attempt.abort()
      this.#close(new UpstreamError('idle_timeout', `silence in the stream for ${Math.round(silence / 1000)} s`))
    } else if (now - this.#lastWriteAt >= KEEP_ALIVE_MS && atBoundary) {
      this.#outlet.write(this.#input.passage.keepAlive(facts, facts.events + this.#keepAlives))
      this.#keepAlives += 1
      this.#lastWriteAt = now
      this.#writtenThen = this.#outlet.bytes
    }
  }

  /** Brings the times up to date, which costs nothing on the path of a chunk: what was written came with the last bytes. */
  #look(now: number): void {
    const { bytes, paused } = this.#outlet
    if (bytes !== this.#writtenThen) this.#lastWriteAt = Math.max(this.#lastByteAt, this.#lastWriteAt)
    this.#writtenThen = bytes
    if (!paused) return
    // While the upstream is held back for a slow client, its silence is ours.
    this.#lastByteAt = now
    this.#lastWriteAt = now
  }

  /** How long this silence may last: less when only the formal end is still to come. */
  #patience(): number {
    const { idleMs, passage } = this.#input
    return passage.canMend(this.#reader.facts) ? Math.min(MEND_MS, idleMs) : idleMs
  }

  /** The upstream is done, one way or another: whole, to be mended, or broken. */
  #close(error: UpstreamError | typeof ENDED_EARLY): void {
    const { facts } = this.#reader
    const { passage } = this.#input
    if (facts.finished) this.#end()
    else if (!passage.canMend(facts) || !this.#mend()) this.#break(error === ENDED_EARLY ? endedEarly() : error)
  }

  /** With its last event the client has all of it, and may be gone before the upstream closes: that is not waited for. */
  #endIfOver(): void {
    const { error, finished } = this.#reader.facts
    if (error !== null) this.#break(error)
    else if (finished) this.#end()
  }

  #end(): void {
    this.#finish('ok', { kind: 'end', bytes: Buffer.alloc(0) }, null)
  }

  /** B27; false where what came makes no whole answer after all. */
  #mend(): boolean {
    const ending = this.#input.passage.mendedEnding(this.#reader.facts)
    if (ending.kind === 'cut') return false
    this.#finish('ok', ending, null)
    return true
  }

  /** B02: what broke must look broken. */
  #break(breakage: Breakage): void {
    const { attempt, judge, passage } = this.#input
    attempt.abort()
    const verdict = judge(breakage)
    const words = verdict.kind === 'ok' ? '' : verdict.message
    const ending = passage.brokenEnding(this.#reader.facts, words)
    // Nothing may be put inside an event that was let through in pieces.
    this.#finish('truncated', this.#reader.atBoundary ? ending : { kind: 'cut' }, verdict)
  }

  #finish(kind: RelayEnd['kind'], last: StreamEnding, verdict: Verdict | null): void {
    if (this.#done) return
    this.#done = true
    const { facts } = this.#reader
    const bytes = this.#outlet.bytes + (last.kind === 'cut' ? 0 : last.bytes.length)
    this.#settle({
      kind,
      last,
      usage: usageOf(kind, facts),
      rawUsage: facts.rawUsage,
      stateIds: stateIdsOf(facts),
      messageId: facts.messageId,
      bytes,
      verdict
    })
  }
}
