import type { TimeBucket } from '../../../shared/stats'
import { sumKnown } from './points'
import { pointsIn, type Frame } from './spans'

/** By what the cost is told apart. */
export const groupings = ['channel', 'model', 'clientKey'] as const
export type Grouping = (typeof groupings)[number]

/** One colour of the stack: a channel, a model, a client key; null gathers all that have no colour of their own. */
interface CostGroup {
  /** A channel's or key's id, a model's name, '' for none. */
  readonly group: string | null
  readonly requests: number
  /** In the whole span. */
  readonly costUsd: number | null
  /** A value for each of `CostStack.at`. */
  readonly values: readonly number[]
}

export interface CostStack {
  /** Begins of the bars, ms since 1970. */
  readonly at: readonly number[]
  /** The dearest first. */
  readonly groups: readonly CostGroup[]
}

/** More would not be told apart. */
const mostGroups = 6

/** Requests of each group in all of these buckets; '' for those of none. */
export function requestsByGroup(buckets: Iterable<TimeBucket>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { group, requests } of buckets) sums.set(group ?? '', (sums.get(group ?? '') ?? 0) + requests)
  return sums
}

/** Cost by group and bar; groups of which no cost is known are left out. Where more groups than colours are, the cheapest are one. */
export function toCostStack(buckets: Iterable<TimeBucket>, frame: Frame): CostStack {
  const at = pointsIn(frame)
  const byGroup = Map.groupBy(buckets, ({ group }) => group ?? '')
  const groups = [...byGroup]
    .map(([group, own]) => toGroup(group, own, at))
    .filter(({ costUsd }) => costUsd !== null)
    .sort(dearestFirst)
  if (groups.length <= mostGroups) return { at, groups }
  return { at, groups: [...groups.slice(0, mostGroups - 1), gather(groups.slice(mostGroups - 1))] }
}

function toGroup(group: string, buckets: readonly TimeBucket[], at: readonly number[]): CostGroup {
  const byBar = new Map(buckets.map((bucket) => [bucket.at, bucket.costUsd ?? 0]))
  return {
    group,
    requests: buckets.reduce((total, { requests }) => total + requests, 0),
    costUsd: sumKnown(buckets.map(({ costUsd }) => costUsd)),
    values: at.map((bar) => byBar.get(bar) ?? 0)
  }
}

function gather(groups: readonly CostGroup[]): CostGroup {
  return {
    group: null,
    requests: groups.reduce((total, { requests }) => total + requests, 0),
    costUsd: sumKnown(groups.map(({ costUsd }) => costUsd)),
    values: (groups[0]?.values ?? []).map((_, bar) => groups.reduce((sum, { values }) => sum + (values[bar] ?? 0), 0))
  }
}

function dearestFirst(a: CostGroup, b: CostGroup): number {
  return (
    (b.costUsd ?? -1) - (a.costUsd ?? -1) || b.requests - a.requests || ((a.group ?? '') < (b.group ?? '') ? -1 : 1)
  )
}
