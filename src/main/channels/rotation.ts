import { LRUCache } from 'lru-cache'
import type { Channel } from '../../shared/channel'

/** More tiers than any configuration has. */
const MOST_ROTATIONS = 1000
/** Weights are told apart to the thousandth, so that they add up exactly. */
const WEIGHT_STEPS = 1000

/** What one member of a tier has of the turn. */
interface RotationMember {
  /** A whole number in the proportion of the channels' weights; 0 stays 0. */
  readonly weight: number
  /** `weighted`: how far it is behind its share. */
  credit: number
  /** Noted by a pick for itself, so that it allocates nothing. */
  usable: boolean
}

/** Where the turn stands among the members of one tier, in their order. */
export interface Rotation {
  /** `round_robin`: place of the member whose turn it is. */
  turn: number
  readonly members: readonly RotationMember[]
}

/**
 * The turns of all tiers, by their members and weights: models that the same channels serve share one, and edits of
 * anything else leave it where it was. Bounded: the tier that was longest not built anew starts over.
 */
export class Rotations {
  readonly #byMembers = new LRUCache<string, Rotation>({ max: MOST_ROTATIONS })

  of(channels: readonly Channel[]): Rotation {
    const members = JSON.stringify(channels.map(({ id, weight }) => [id, weight]))
    const known = this.#byMembers.get(members)
    if (known) return known
    const rotation: Rotation = {
      turn: 0,
      members: channels.map(({ weight }) => ({ weight: wholeWeight(weight), credit: 0, usable: false }))
    }
    this.#byMembers.set(members, rotation)
    return rotation
  }
}

/** A weight too small to be told from 0 still counts as the smallest. */
function wholeWeight(weight: number): number {
  return weight === 0 ? 0 : Math.max(1, Math.round(weight * WEIGHT_STEPS))
}
