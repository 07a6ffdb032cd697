import type { BudgetStanding } from './budget'
import type { ChannelHealthView, HealthState } from './health'
import type { ChannelId } from './ids'

/**
 * How a channel stands, in one word. `over_budget`: its budget is used up, so nothing is sent to it; `switched`: the same, and
 * the channel that its budget switches to serves. Of a credential that was refused it is told first: that ends by no time.
 */
export type ChannelState = HealthState | 'disabled' | 'over_budget' | 'switched'

/** How a channel stands, for people: what was observed of it, and what its budget lets it do. */
export interface ChannelStanding {
  readonly state: ChannelState
  /** Requests may go to it, health and budget apart: it is enabled, and with one that is used alone it is that one. */
  readonly isServing: boolean
  /** It answers, or the channel does that its budget switches to, for each of its models. */
  readonly isHealthy: boolean
  /** Only of `over_budget` and `switched`. `until`: ms since 1970; `to`: the channel that serves in its place. */
  readonly budget: { readonly until: number; readonly to: ChannelId | null } | null
}

export interface StandingsOf {
  readonly channels: readonly { readonly id: ChannelId; readonly enabled: boolean }[]
  /** One of which nothing is known counts as healthy. */
  readonly health: (id: ChannelId) => Pick<ChannelHealthView, 'state'> | undefined
  /** Those of client keys are passed over. */
  readonly budgets: readonly BudgetStanding[]
  /** The one channel that is used alone; null: all. */
  readonly onlyChannel: ChannelId | null
}

/** Of one that is not known (yet). */
export const UNKNOWN_STANDING: ChannelStanding = { state: 'closed', isServing: true, isHealthy: true, budget: null }

/** The one place that decides how channels stand: window and tray both show what it says. In the order of `channels`. */
export function channelStandings(of: StandingsOf): ReadonlyMap<ChannelId, ChannelStanding> {
  const usedUp = new Map<string, BudgetStanding>()
  for (const one of of.budgets) {
    if (one.owner.kind === 'channel' && one.state === 'used_up') usedUp.set(one.owner.id, one)
  }
  const serving = new Set<ChannelId>()
  for (const { id, enabled } of of.channels) {
    if (enabled && (of.onlyChannel === null || of.onlyChannel === id)) serving.add(id)
  }
  const healthOf = (id: ChannelId): HealthState => of.health(id)?.state ?? 'closed'

  /** The channel that answers in its place; one whose own budget is used up hands on what it gets. */
  const standIn = (id: ChannelId, passed: readonly ChannelId[]): ChannelId | null => {
    const next = usedUp.get(id)?.switchesTo ?? null
    if (next === null || passed.includes(next) || !serving.has(next)) return null
    if (usedUp.has(next)) return standIn(next, [...passed, next])
    return healthOf(next) === 'closed' ? next : null
  }

  /** Each channel on the way to the one that answers in its place lists what the one before it does. */
  const isAllTaken = (id: ChannelId): boolean => {
    const { switchesTo = null, switchTakesAll = true } = usedUp.get(id) ?? {}
    return switchTakesAll && (switchesTo === null || isAllTaken(switchesTo))
  }

  const standing = (id: ChannelId, enabled: boolean): ChannelStanding => {
    const isServing = serving.has(id)
    const state = healthOf(id)
    const used = usedUp.get(id)
    if (!enabled) return { state: 'disabled', isServing, isHealthy: false, budget: null }
    if (used === undefined || state === 'auth_failed')
      return { state, isServing, isHealthy: state === 'closed', budget: null }
    const to = standIn(id, [id])
    if (to === null) return { state: 'over_budget', isServing, isHealthy: false, budget: { until: used.until, to } }
    return { state: 'switched', isServing, isHealthy: isAllTaken(id), budget: { until: used.until, to } }
  }
  return new Map(of.channels.map(({ id, enabled }) => [id, standing(id, enabled)]))
}

/** Of the channels that requests may go to, how many there are and how many are healthy. */
export interface HealthCount {
  readonly healthy: number
  readonly enabled: number
}

/** Counts what `channelStandings` said. */
export function countHealthy(standings: Iterable<ChannelStanding>): HealthCount {
  const serving = [...standings].filter(({ isServing }) => isServing)
  return { healthy: serving.filter(({ isHealthy }) => isHealthy).length, enabled: serving.length }
}
