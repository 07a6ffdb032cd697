import type { Receiver } from './attempt-result'
import { Outlet } from './outlet'
import { UpstreamError } from './ports'
import { stateIdsOf, type RelayEnd, type RelayInput } from './relay-end'

/** What is kept of a big answer for its usage, which the vendors write near the end. */
const TAIL_BYTES = 64 * 1024

/** Passes an unstreamed answer of over 1 MiB on as it comes; a smaller one is read whole before commit (B01). */
export class BodyRelay implements Receiver {
  readonly result: Promise<RelayEnd>
  readonly #settle: (end: RelayEnd) => void
  readonly #input: RelayInput
  readonly #outlet: Outlet
  #tail: Buffer[] = []
  #tailBytes = 0
  #lastByteAt: number
  #done = false

  constructor(input: RelayInput) {
    const { promise, resolve } = Promise.withResolvers<RelayEnd>()
    this.result = promise
    this.#settle = resolve
    this.#input = input
    this.#outlet = new Outlet(input.reply, input.attempt.exchange)
    this.#lastByteAt = input.clock.monotonic()
  }

  /** `held`: what came before commit. */
  begin(held: readonly Buffer[]): void {
    for (const bytes of held) this.#forward(bytes)
  }

  data(chunk: Buffer): void {
    if (this.#done) return
    this.#lastByteAt = this.#input.clock.monotonic()
    this.#forward(chunk)
  }

  end(): void {
    this.#finish('ok', null)
  }

  /** Cut without the final chunk, so that half an answer can't pass for a whole one (B02). */
  fail(error: UpstreamError): void {
    this.#finish('truncated', error)
  }

  cancel(): void {
    this.#finish('cancelled', null)
  }

  tick(now: number): void {
    // While the upstream is held back for a slow client, its silence is ours.
    if (this.#outlet.paused) this.#lastByteAt = now
    if (this.#done || now - this.#lastByteAt < this.#input.idleMs) return
    this.#input.attempt.abort()
    this.fail(new UpstreamError('idle_timeout', 'silence in the answer'))
  }

  #forward(bytes: Buffer): void {
    this.#keepTail(bytes)
    this.#outlet.write(bytes)
  }

  #keepTail(bytes: Buffer): void {
    this.#tail.push(bytes)
    this.#tailBytes += bytes.length
    for (let first = this.#tail[0]; first !== undefined; first = this.#tail[0]) {
      if (this.#tailBytes - first.length < TAIL_BYTES) return
      this.#tailBytes -= first.length
      this.#tail.shift()
    }
  }

  #finish(kind: RelayEnd['kind'], broken: UpstreamError | null): void {
    if (this.#done) return
    this.#done = true
    const { judge, passage } = this.#input
    const { protocol, route } = passage
    const verdict = broken === null ? null : judge(broken)
    const tail = Buffer.concat(this.#tail)
    const facts = protocol.readAnswer(route, tail.subarray(-TAIL_BYTES), true)
    const last = kind === 'ok' ? ({ kind: 'end', bytes: Buffer.alloc(0) } as const) : ({ kind: 'cut' } as const)
    const { usage, rawUsage, messageId } = facts
    const stateIds = stateIdsOf(facts)
    this.#settle({ kind, last, usage, rawUsage, stateIds, messageId, bytes: this.#outlet.bytes, verdict })
  }
}
