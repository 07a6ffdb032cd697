import type { ChannelId } from '../../../shared/ids'
import type { RowSpot } from '../../components/virtual-list'
import type { ListRow } from './list-rows'
import { move, type Place, type Tier } from './tiers'

/** What letting go would do. */
export type Drop =
  /** `priority`: theirs, after it. */
  | { readonly kind: 'moves'; readonly place: Place; readonly priority: number }
  /** They are there already: a tier has no order of its own. */
  | { readonly kind: 'stays' }
  /** The config file's channels leave no number between. */
  | { readonly kind: 'no_room' }

/** px at the foot of a tier that belong to the gap after it. */
const foot = 8

/** The place that a spot means: the whole of a tier takes what is dropped on it, and the gap before a tier makes one between. */
export function placeAt(rows: readonly ListRow[], { index, below, height }: RowSpot): Place | null {
  const row = rows[index]
  if (!row) return null
  if (row.kind === 'tier' && below < height / 2) return { kind: 'before', index: row.tier }
  const isLast = rows[index + 1]?.kind !== 'channel'
  if (row.kind === 'channel' && isLast && below > height - foot) return { kind: 'before', index: row.tier + 1 }
  const priority = row.kind === 'tier' ? row.of.priority : row.channel.priority
  return { kind: 'into', priority }
}

/** What it does to put these there. */
export function dropAt(tiers: readonly Tier[], ids: ReadonlySet<ChannelId>, place: Place): Drop {
  const priorities = move(tiers, ids, place)
  if (priorities === null) return { kind: 'no_room' }
  const priority = [...priorities].find(([id]) => ids.has(id))?.[1]
  return priority === undefined ? { kind: 'stays' } : { kind: 'moves', place, priority }
}

/** How a row takes part in a drop: its tier is the target, or the line of a new tier runs before or after it. */
export function markOf(
  rows: readonly ListRow[],
  index: number,
  drop: Drop | null
): 'into' | 'before' | 'after' | undefined {
  const row = rows[index]
  if (drop?.kind !== 'moves' || !row) return undefined
  const { place } = drop
  if (place.kind === 'into') {
    return (row.kind === 'tier' ? row.of.priority : row.channel.priority) === place.priority ? 'into' : undefined
  }
  if (row.kind === 'tier') return row.tier === place.index ? 'before' : undefined
  return index === rows.length - 1 && place.index === row.tier + 1 ? 'after' : undefined
}
