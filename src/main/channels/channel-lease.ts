import type { Channel } from '../../shared/channel'
import type { Clock } from '../../shared/ports'
import type { Verdict } from '../protocols/protocol'
import type { Candidate } from './candidate-lists'
import type { ChannelHealth } from './channel-health'
import { UNKNOWN_USE, type Lease, type SessionUse } from './lease'
import type { Moment } from './moment'
import { NO_PERMIT, type Permit } from './probe-permit'

/** Told once, when the answer was whole and good: writes the session's binding (B12). */
export interface SuccessListener {
  succeeded(channel: Channel, use: SessionUse): void
}

/** See `Lease`. Made by the selector alone. */
export class ChannelLease implements Lease {
  readonly channel: Channel
  readonly model: string | null
  readonly probe: boolean
  readonly #health: ChannelHealth
  readonly #clock: Clock
  readonly #began: Moment
  readonly #listener: SuccessListener | null
  #permit: Permit
  #ended = false

  /** `probe`: the channel is not well; the permit is taken, if nobody holds it. */
  constructor(candidate: Candidate, probe: boolean, now: number, clock: Clock, listener: SuccessListener | null) {
    this.channel = candidate.channel
    this.model = candidate.model
    this.probe = probe
    this.#health = candidate.health
    this.#clock = clock
    this.#listener = listener
    this.#permit = probe ? candidate.health.probePermit.take(now) : NO_PERMIT
    this.#began = candidate.health.begin(now)
  }

  answering(): void {
    if (this.#ended || !this.probe) return
    this.#freePermit()
    this.#health.answering(this.#began)
  }

  succeed(use: SessionUse = UNKNOWN_USE): void {
    if (!this.#end()) return
    this.#health.succeed(this.#began, this.model)
    this.#listener?.succeeded(this.channel, use)
  }

  fail(verdict: Verdict): void {
    if (this.#end()) this.#health.fail(verdict, this.#began, this.channel, this.model, this.#clock.now())
  }

  abandon(): void {
    this.#end()
  }

  /** Whether this call ended it. */
  #end(): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#freePermit()
    this.#health.end()
    return true
  }

  #freePermit(): void {
    if (this.#permit === NO_PERMIT) return
    this.#health.probePermit.free(this.#permit)
    this.#permit = NO_PERMIT
  }
}
