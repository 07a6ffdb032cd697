import type { ChannelView } from '../../../shared/channel'
import type { ChannelId } from '../../../shared/ids'

/** Channels of equal priority: they share the work by the strategy. A lower priority is tried first. */
export interface Tier {
  readonly priority: number
  readonly channels: readonly ChannelView[]
}

/** Where a channel is moved to: into a tier, or into one of its own before the tier at `index` (their count: the end). */
export type Place =
  { readonly kind: 'into'; readonly priority: number } | { readonly kind: 'before'; readonly index: number }

/** New priorities that a move makes. */
export type Priorities = ReadonlyMap<ChannelId, number>

const lowest = 0
const highest = 1000
/** What a tier is put apart from the first or last. */
const stepAtEnd = 10

/** The tiers in the order in which they are tried. */
export function tiersOf(channels: readonly ChannelView[]): readonly Tier[] {
  const byPriority = Map.groupBy(channels, ({ priority }) => priority)
  return [...byPriority]
    .map(([priority, own]) => ({ priority, channels: own }))
    .sort((one, other) => one.priority - other.priority)
}

/**
 * The priorities that put these channels there, as few as can be; null where the config file's own channels leave no
 * room. Channels that the config file manages are never moved.
 */
export function move(tiers: readonly Tier[], ids: ReadonlySet<ChannelId>, place: Place): Priorities | null {
  if (place.kind === 'into') return changed(tiers, ids, place.priority, new Map())
  const stays = (tier: Tier): boolean => tier.channels.some(({ id }) => !ids.has(id))
  // A tier that moves as a whole to where it is.
  const around = [tiers[place.index - 1], tiers[place.index]]
  if (around.some((tier) => tier?.channels.length === ids.size && !stays(tier))) return new Map()
  const rest = tiers.filter(stays)
  const index = tiers.slice(0, place.index).filter(stays).length
  const priority = between(rest[index - 1]?.priority, rest[index]?.priority)
  if (priority !== undefined) return changed(tiers, ids, priority, new Map())
  return makeRoom(tiers, rest, ids, index)
}

/**
 * One level up (-1) or down (1): a channel that shares its tier gets one of its own beside it, one that is alone joins the
 * next. Nothing at the end; null where there is no room.
 */
export function step(tiers: readonly Tier[], id: ChannelId, by: -1 | 1): Priorities | null {
  const index = tiers.findIndex(({ channels }) => channels.some((channel) => channel.id === id))
  const tier = tiers[index]
  if (!tier) return new Map()
  const ids = new Set([id])
  if (tier.channels.length > 1) return move(tiers, ids, { kind: 'before', index: by === -1 ? index : index + 1 })
  const next = tiers[index + by]
  return next ? move(tiers, ids, { kind: 'into', priority: next.priority }) : new Map()
}

/** A whole number strictly between; undefined where there is none. */
function between(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined && after === undefined) return 50
  if (before === undefined)
    return after === undefined || after <= lowest ? undefined : Math.max(lowest, after - stepAtEnd)
  if (after === undefined) return before >= highest ? undefined : Math.min(highest, before + stepAtEnd)
  const middle = Math.floor((before + after) / 2)
  return middle > before && middle < after ? middle : undefined
}

const isFixed = (tier: Tier): boolean => tier.channels.some(({ managedBy }) => managedBy !== 'user')

/** Pushes the tiers behind the place back by one each as far as needed; where that can't be, those before it forwards. */
function makeRoom(
  tiers: readonly Tier[],
  rest: readonly Tier[],
  ids: ReadonlySet<ChannelId>,
  index: number
): Priorities | null {
  const first = (rest[index - 1]?.priority ?? lowest - 1) + 1
  const back = first > highest ? null : push(rest.slice(index), first, 1)
  if (back) return changed(tiers, ids, first, back)
  const last = (rest[index]?.priority ?? highest + 1) - 1
  const forwards = last < lowest ? null : push(rest.slice(0, index).reverse(), last, -1)
  return forwards && changed(tiers, ids, last, forwards)
}

/** The new priority of each tier that is in the way of `taken`; null when one of them can't be moved. */
function push(tiers: readonly Tier[], taken: number, by: -1 | 1): ReadonlyMap<number, number> | null {
  const moved = new Map<number, number>()
  let last = taken
  for (const tier of tiers) {
    if ((tier.priority - last) * by > 0) break
    last += by
    if (isFixed(tier) || last < lowest || last > highest) return null
    moved.set(tier.priority, last)
  }
  return moved
}

function changed(
  tiers: readonly Tier[],
  ids: ReadonlySet<ChannelId>,
  priority: number,
  moved: ReadonlyMap<number, number>
): Priorities {
  const priorities = new Map<ChannelId, number>()
  for (const tier of tiers) {
    for (const { id, managedBy } of tier.channels) {
      if (managedBy !== 'user') continue
      const next = ids.has(id) ? priority : (moved.get(tier.priority) ?? tier.priority)
      if (next !== tier.priority) priorities.set(id, next)
    }
  }
  return priorities
}
