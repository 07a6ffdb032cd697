import type { ChannelId } from '../../shared/ids'
import type { Clock } from '../../shared/ports'
import type { PointsHere } from './candidates'
import { CandidateLists, type Candidate, type CandidateList } from './candidate-lists'
import { ChannelLease } from './channel-lease'
import type { HealthBoard } from './health-board'
import type { Exclusion } from './lease'
import type { Selection, SelectionRequest } from './selection'
import type { SessionAffinity } from './session-affinity'
import { bindingOf, type SessionBinding } from './session-binding'
import { isUsable, strategies } from './strategies'

interface SelectorParts {
  readonly clock: Clock
  readonly board: HealthBoard
  readonly affinity: SessionAffinity
  /** Whether a channel's base URL is Routex itself (B41); call `forgetCandidates` when the answer changes. */
  readonly pointsHere: PointsHere
}

const NONE: Selection = { kind: 'none' }
const NOBODY: readonly Exclusion[] = []
/** So that a client told to wait for a probe that is under way doesn't come back in the same instant. */
const SHORTEST_WAIT_MS = 1000

/** Picks the channel for each try of a request: the session's own, else by priority tier and strategy (B03, B05, B12). */
export class Selector {
  readonly #clock: Clock
  readonly #affinity: SessionAffinity
  readonly #lists: CandidateLists

  constructor({ clock, board, affinity, pointsHere }: SelectorParts) {
    this.#clock = clock
    this.#affinity = affinity
    this.#lists = new CandidateLists(board, pointsHere)
  }

  /**
   * The next try of a request; `tried` are the channels that it was tried on. In this order: a sole candidate whatever its
   * health, the session's channel if it is usable, the first tier with a usable candidate by the strategy. An unhealthy
   * candidate among several is the last resort of a request that was not tried anywhere yet; after a failed try the client
   * rather gets that upstream's own answer (B03) than one more long wait.
   */
  next(request: SelectionRequest, tried: ReadonlySet<ChannelId>): Selection {
    const list = this.#lists.of(request, request.channels)
    if (list.candidates.length === 0) return NONE
    const now = this.#clock.now()
    const binding = bindingOf(this.#affinity, request, tried.size === 0)
    const candidate =
      soleCandidate(list, tried) ?? boundCandidate(list, binding, tried, now) ?? pickByTier(list, request, tried, now)
    if (candidate !== null) return this.#lease(candidate, now, binding)
    return tried.size === 0 ? this.#lastResort(list, now, binding) : NONE
  }

  /** Every channel that may not serve this request now, and why. Made anew at each call: for errors only. */
  exclusions(request: SelectionRequest): readonly Exclusion[] {
    return [...this.#lists.of(request, request.channels).excluded, ...this.#unhealthy(request)]
  }

  /** Who is left out, for the account of a request that another serves: of those that can't serve it at all the kept few. */
  passedOver(request: SelectionRequest): readonly Exclusion[] {
    const unhealthy = this.#unhealthy(request)
    const { toldExcluded } = this.#lists.of(request, request.channels)
    return unhealthy.length === 0 ? toldExcluded : [...unhealthy, ...toldExcluded]
  }

  #unhealthy(request: SelectionRequest): readonly Exclusion[] {
    const now = this.#clock.now()
    let found: Exclusion[] | null = null
    for (const { channel, model, health } of this.#lists.of(request, request.channels).candidates) {
      const exclusion = health.exclusion(channel, model, now)
      if (exclusion !== null) (found ??= []).push(exclusion)
    }
    return found ?? NOBODY
  }

  /** Whether there is a channel for it at all, health apart. */
  couldServe(request: SelectionRequest): boolean {
    return this.#lists.of(request, request.channels).candidates.length > 0
  }

  /** To be called when Routex's own address has changed. */
  forgetCandidates(): void {
    this.#lists.forget()
  }

  /**
   * B05 with nothing tried: of several that all rest, the one that ends soonest is probed by one request at a time. Refused
   * credentials and missing models don't get better by probing, so who is left alone beside them is a sole candidate.
   */
  #lastResort(list: CandidateList, now: number, binding: SessionBinding | null): Selection {
    const resting = list.candidates.filter(({ channel, model, health }) => {
      const standing = health.standing(channel, model, now)
      return standing === 'open' || standing === 'cooling'
    })
    const [first, ...others] = resting
    if (!first) return NONE
    if (others.length === 0) return this.#lease(first, now, binding)
    const soonest = others.reduce((best, next) => (restsUntil(next, now) < restsUntil(best, now) ? next : best), first)
    const probed = resting.some(({ health }) => health.probePermit.isHeld(now))
    if (!probed) return this.#lease(soonest, now, binding)
    return {
      kind: 'wait',
      status: soonest.health.isLimited(now) ? 429 : 503,
      retryAfterMs: Math.max(SHORTEST_WAIT_MS, restsUntil(soonest, now) - now)
    }
  }

  #lease(candidate: Candidate, now: number, binding: SessionBinding | null): Selection {
    const probe = candidate.health.standing(candidate.channel, candidate.model, now) !== 'ready'
    return { kind: 'lease', lease: new ChannelLease(candidate, probe, now, this.#clock, binding) }
  }
}

/** B05: a sole candidate is always tried, whatever its health. */
function soleCandidate({ candidates }: CandidateList, tried: ReadonlySet<ChannelId>): Candidate | null {
  const [first] = candidates
  return first && candidates.length === 1 && !tried.has(first.channel.id) ? first : null
}

/** B12: the binding is revalidated at every use: still a candidate, and healthy. */
function boundCandidate(
  { candidates }: CandidateList,
  binding: SessionBinding | null,
  tried: ReadonlySet<ChannelId>,
  now: number
): Candidate | null {
  if (binding === null || binding.bound === null) return null
  for (const candidate of candidates) {
    if (candidate.channel.id === binding.bound) return isUsable(candidate, tried, now) ? candidate : null
  }
  return null
}

function pickByTier(
  { tiers }: CandidateList,
  { strategy }: SelectionRequest,
  tried: ReadonlySet<ChannelId>,
  now: number
): Candidate | null {
  const pick = strategies[strategy]
  for (const tier of tiers) {
    const candidate = pick(tier, tried, now)
    if (candidate !== null) return candidate
  }
  return null
}

const restsUntil = ({ health }: Candidate, now: number): number => health.restsUntil(now)
