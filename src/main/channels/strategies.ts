import type { ChannelId } from '../../shared/ids'
import type { Strategy } from '../../shared/settings'
import type { Candidate, Tier } from './candidate-lists'

/**
 * Picks the candidate of a tier that takes the next try, among those that are well and were not tried; null when there is
 * none. `now` in ms since 1970. Allocates nothing.
 */
type PickCandidate = (tier: Tier, tried: ReadonlySet<ChannelId>, now: number) => Candidate | null

/** Well enough for this try (also as the one probe of a half-open channel), and not tried yet. */
export function isUsable({ channel, model, health }: Candidate, tried: ReadonlySet<ChannelId>, now: number): boolean {
  if (tried.has(channel.id)) return false
  const standing = health.standing(channel, model, now)
  return standing === 'ready' || standing === 'probe'
}

/** The first in the order of the configuration. */
const pickFirst: PickCandidate = ({ candidates }, tried, now) => {
  for (const candidate of candidates) if (isUsable(candidate, tried, now)) return candidate
  return null
}

/** In turn; one that can't take its turn loses it, so the others still share evenly. */
const pickInTurn: PickCandidate = ({ candidates, rotation }, tried, now) => {
  for (let step = 0; step < candidates.length; step++) {
    const place = (rotation.turn + step) % candidates.length
    const candidate = candidates[place]
    if (!candidate || !isUsable(candidate, tried, now)) continue
    rotation.turn = (place + 1) % candidates.length
    return candidate
  }
  return null
}

/**
 * Smooth weighted round robin as in nginx (ngx_http_upstream_round_robin.c): each member gains its weight in credit, the
 * one with most is picked and pays what all gained. Exact over a cycle. Members of weight 0 wait until only they are
 * left; then all are even.
 */
const pickByWeight: PickCandidate = (tier, tried, now) => {
  const anyWeight = noteUsable(tier, tried, now)
  const { members } = tier.rotation
  let best = -1
  let bestCredit = 0
  let total = 0
  for (let place = 0; place < members.length; place++) {
    const member = members[place]
    if (!member?.usable || (anyWeight && member.weight === 0)) continue
    const gain = anyWeight ? member.weight : 1
    total += gain
    member.credit += gain
    if (best !== -1 && member.credit <= bestCredit) continue
    best = place
    bestCredit = member.credit
  }
  const picked = members[best]
  if (picked) picked.credit -= total
  return tier.candidates[best] ?? null
}

/** Whether a usable member has a weight. */
function noteUsable({ candidates, rotation }: Tier, tried: ReadonlySet<ChannelId>, now: number): boolean {
  let anyWeight = false
  for (let place = 0; place < candidates.length; place++) {
    const candidate = candidates[place]
    const member = rotation.members[place]
    if (!candidate || !member) continue
    member.usable = isUsable(candidate, tried, now)
    if (member.usable && member.weight !== 0) anyWeight = true
  }
  return anyWeight
}

/** Fewest in flight, then fewest in the last 5 minutes, then the order of the configuration. */
const pickLeastUsed: PickCandidate = ({ candidates }, tried, now) => {
  let best: Candidate | null = null
  for (const candidate of candidates) {
    if (isUsable(candidate, tried, now) && (best === null || isLessUsed(candidate, best, now))) best = candidate
  }
  return best
}

function isLessUsed(one: Candidate, other: Candidate, now: number): boolean {
  const difference = one.health.inFlight - other.health.inFlight
  if (difference !== 0) return difference < 0
  return one.health.recentRequests(now) < other.health.recentRequests(now)
}

export const strategies: Readonly<Record<Strategy, PickCandidate>> = {
  priority: pickFirst,
  round_robin: pickInTurn,
  weighted: pickByWeight,
  least_used: pickLeastUsed
}
