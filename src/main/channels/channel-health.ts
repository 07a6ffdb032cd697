import type { Channel } from '../../shared/channel'
import type { ChannelHealthView } from '../../shared/health'
import { REST_CAUSES } from '../../shared/rest-cause'
import type { Verdict } from '../protocols/protocol'
import { CircuitBreaker } from './circuit-breaker'
import { Cooldown, type CooldownKind } from './cooldown'
import type { Exclusion } from './lease'
import { MissingModels } from './missing-models'
import type { Moment } from './moment'
import { ProbePermit } from './probe-permit'
import { RecentRequests } from './recent-requests'

/** Whether a channel may be tried now: freely, by one probe, or not at all and why. */
type Standing = 'ready' | 'probe' | 'open' | 'cooling' | 'auth_failed' | 'model_missing'

interface AuthFailure {
  /** What was refused: another credential, or the same one elsewhere, is innocent. */
  readonly account: string
  readonly cause: string
}

/**
 * What Routex observed of one channel, in memory only: it survives edits of the channel and is never written to its admin
 * state (B08). Its parts don't know of each other: a channel is used when none of them objects.
 */
export class ChannelHealth {
  readonly probePermit = new ProbePermit()
  readonly #breaker = new CircuitBreaker()
  readonly #cooldown = new Cooldown()
  readonly #missing = new MissingModels()
  readonly #recent = new RecentRequests()
  readonly #changed: (health: ChannelHealth) => void
  #authFailure: AuthFailure | null = null
  /** When the auth failure began or was ended: tries that began before are stale. */
  #authSince: Moment = 0
  #clearedAt: Moment = 0
  #lastMoment: Moment = 0
  #inFlight = 0

  /** `changed` is called after each try that may have changed the state. */
  constructor(changed: (health: ChannelHealth) => void) {
    this.#changed = changed
  }

  /** Tries under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Tries begun in the last 5 minutes. */
  recentRequests(now: number): number {
    return this.#recent.count(now)
  }

  /** Whether `channel`, whose health this is, may be tried for `model` (as it is sent) at `now`. */
  standing(channel: Channel, model: string | null, now: number): Standing {
    return this.#calm ? 'ready' : this.#troubledStanding(channel, model, now)
  }

  /** When an open or cooling channel ends its rest, ms since 1970; `now` when it does not rest. */
  restsUntil(now: number): number {
    const breaker = this.#breaker.state(now)
    const cooldown = this.#cooldown.state(now)
    return Math.max(
      now,
      breaker.kind === 'open' ? breaker.until : now,
      cooldown.kind === 'cooling' ? cooldown.until : now
    )
  }

  /** It rests because the upstream said that too much was asked of it, so 429 is the honest answer (B05). */
  isLimited(now: number): boolean {
    const cooldown = this.#cooldown.state(now)
    return cooldown.kind === 'cooling' && cooldown.reason !== 'overload'
  }

  /** Why it is left out now, or null when it is not. */
  exclusion(channel: Channel, model: string | null, now: number): Exclusion | null {
    const standing = this.standing(channel, model, now)
    switch (standing) {
      case 'ready':
      case 'probe':
        return null
      case 'auth_failed':
        return { channel, reason: standing, until: null, cause: this.#authFailure?.cause ?? null }
      case 'model_missing':
        return {
          channel,
          reason: standing,
          until: model === null ? null : this.#missing.until(model, now),
          cause: null
        }
      default: {
        const until = this.restsUntil(now)
        return { channel, reason: standing, until: until > now ? until : null, cause: this.#restCause(now) }
      }
    }
  }

  /** Counts a try as begun and gives it its place in the order of events. */
  begin(now: number): Moment {
    this.#inFlight++
    this.#recent.record(now)
    return ++this.#lastMoment
  }

  /** Counts a try as ended, however it did. */
  end(): void {
    this.#inFlight--
  }

  /** The content of a probe's answer came (see `Lease.answering`). */
  answering(began: Moment): void {
    this.#breaker.answering(began)
    this.#cooldown.answering(began)
    this.#changed(this)
  }

  /** A whole, good answer to a try that began at `began`, from the model that was sent. */
  succeed(began: Moment, model: string | null): void {
    const wasCalm = this.#calm
    const moment = ++this.#lastMoment
    this.#breaker.succeed(began, moment)
    this.#cooldown.succeed(began, moment)
    if (wasCalm) return
    if (this.#authFailure !== null && began >= this.#authSince) {
      this.#authFailure = null
      this.#authSince = moment
    }
    if (model !== null) this.#missing.remove(model)
    this.#changed(this)
  }

  /** A verdict on a try that began at `began` (B03, B04). Those that speak of the request alone do no harm. */
  fail(verdict: Verdict, began: Moment, channel: Channel, model: string | null, now: number): void {
    if (this.#apply(verdict, began, channel, model, now)) this.#changed(this)
  }

  /** Ends everything that was held against it, also what tries under way may still report. */
  clear(): void {
    const moment = ++this.#lastMoment
    this.#breaker.clear(moment)
    this.#cooldown.clear(moment)
    this.#missing.clear()
    this.probePermit.clear()
    this.#authFailure = null
    this.#authSince = moment
    this.#clearedAt = moment
    this.#changed(this)
  }

  /** As it is shown: of a breaker and a cooldown at once the one that ends later. */
  view(channel: Channel, now: number): ChannelHealthView {
    const shared = {
      id: channel.id,
      name: channel.name,
      slug: channel.slug,
      enabled: channel.enabled,
      failures: this.#breaker.state(now).failures,
      inFlight: this.#inFlight,
      missingModels: this.#missing.list(now)
    }
    const standing = this.standing(channel, null, now)
    switch (standing) {
      case 'auth_failed':
        return { ...shared, state: 'auth_failed', cause: this.#authFailure?.cause ?? '' }
      case 'open':
      case 'cooling': {
        const until = this.restsUntil(now)
        if (until > now) return { ...shared, state: standing, cause: this.#restCause(now), until }
        return { ...shared, state: 'half-open', cause: this.#restCause(now) }
      }
      case 'probe':
        return { ...shared, state: 'half-open', cause: this.#restCause(now) }
      default:
        return { ...shared, state: 'closed' }
    }
  }

  /** Nothing is held against it: seen without a look at the clock. */
  get #calm(): boolean {
    return this.#breaker.closed && this.#cooldown.active && this.#authFailure === null && this.#missing.none
  }

  #troubledStanding(channel: Channel, model: string | null, now: number): Standing {
    if (this.#authFailure !== null && this.#authFailure.account === accountOf(channel)) return 'auth_failed'
    if (model !== null && this.#missing.until(model, now) !== null) return 'model_missing'
    const breaker = this.#breaker.state(now)
    const cooldown = this.#cooldown.state(now)
    if (breaker.kind === 'open') {
      return cooldown.kind === 'cooling' && cooldown.until > breaker.until ? 'cooling' : 'open'
    }
    if (cooldown.kind === 'cooling') return 'cooling'
    if (breaker.kind === 'closed') return 'ready'
    return this.probePermit.isHeld(now) ? 'open' : 'probe'
  }

  #restCause(now: number): string {
    const breaker = this.#breaker.state(now)
    const cooldown = this.#cooldown.state(now)
    if (cooldown.kind === 'cooling' && !(breaker.kind === 'open' && breaker.until >= cooldown.until)) {
      return cooldown.cause
    }
    return breaker.kind === 'closed' ? '' : breaker.cause
  }

  /** Whether the verdict was one that can change the state. */
  #apply(verdict: Verdict, began: Moment, channel: Channel, model: string | null, now: number): boolean {
    const moment = ++this.#lastMoment
    switch (verdict.kind) {
      case 'auth':
        if (began < this.#authSince) return false
        this.#authFailure = { account: accountOf(channel), cause: verdict.message }
        this.#authSince = moment
        return true
      case 'quota':
        this.#cooldown.begin('quota', verdict.untilMs, causeOf('quota', verdict.message), began, moment, now)
        return true
      case 'busy': {
        if (verdict.thisRequestOnly) return false
        const { ramp, untilMs, message } = verdict
        this.#cooldown.begin(ramp, untilMs, causeOf(ramp, message), began, moment, now)
        return true
      }
      case 'model_missing':
        if (model === null || began < this.#clearedAt) return false
        this.#missing.add(model, now)
        return true
      case 'failure':
        this.#breaker.fail(began, moment, now, verdict.message)
        return true
      default:
        return false
    }
  }
}

/** The credential and where it is presented; some users put theirs into a header. */
function accountOf(channel: Channel): string {
  return JSON.stringify([channel.credentialRevision, channel.baseUrl, channel.headers])
}

function causeOf(kind: CooldownKind, message: string): string {
  const cause = REST_CAUSES[kind]
  if (message === '') return cause
  return message.toLowerCase().includes(cause) ? message : `${cause}: ${message}`
}
