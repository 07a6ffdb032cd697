import type { ChannelView } from '../../../shared/channel'
import type { Place, Tier } from './tiers'

/** Where a row can be dropped: a tier, or the gap before one, which makes a tier of its own. */
export interface Zone {
  readonly key: string
  readonly place: Place
  /** null for a gap. */
  readonly tier: Tier | null
  readonly items: readonly ChannelView[]
}

const gap = (index: number): Zone => ({ key: `gap ${index}`, place: { kind: 'before', index }, tier: null, items: [] })

/** Tiers with a gap before each and one at the end. */
export const zonesOf = (tiers: readonly Tier[]): readonly Zone[] => [
  ...tiers.flatMap((tier, index) => [
    gap(index),
    {
      key: `tier ${tier.priority}`,
      place: { kind: 'into', priority: tier.priority } as const,
      tier,
      items: tier.channels
    }
  ]),
  gap(tiers.length)
]
