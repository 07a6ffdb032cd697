/** Lengths of the buckets, ms. Buckets begin at whole minutes, hours and days of UTC. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const UNITS = { minute: MINUTE, hour: HOUR, day: DAY } as const
export type UnitName = keyof typeof UNITS

/** How long the buckets of a unit are kept, ms; smallest unit first. What is older is read in the next larger unit. */
export const KEPT: readonly (readonly [unit: number, ms: number])[] = [
  [MINUTE, 14 * DAY],
  [HOUR, 400 * DAY],
  [DAY, 3650 * DAY]
]

/** Buckets of one unit, from the first (inclusive) to the last (not). */
export interface Stretch {
  readonly unit: number
  readonly from: number
  readonly to: number
}

export const floorTo = (at: number, unit: number): number => Math.floor(at / unit) * unit
export const ceilTo = (at: number, unit: number): number => Math.ceil(at / unit) * unit

/** The smallest unit whose buckets are still kept at `at`. */
const finestAt = (at: number, now: number): number => KEPT.find(([, ms]) => at >= now - ms)?.[0] ?? DAY

function* stretches(from: number, to: number, units: readonly number[]): Generator<Stretch> {
  const [unit, ...larger] = units
  if (unit === undefined || from >= to) return
  const next = larger[0]
  const innerFrom = next === undefined ? to : Math.min(to, ceilTo(from, next))
  const innerTo = next === undefined ? to : Math.max(innerFrom, floorTo(to, next))
  if (from < innerFrom) yield { unit, from, to: innerFrom }
  yield* stretches(innerFrom, innerTo, larger)
  if (innerTo < to) yield { unit, from: innerTo, to }
}

/**
 * The fewest buckets that cover a period: days inside, hours and minutes at its edges. The edges are taken to whole
 * minutes, outwards, and to whole hours or days where finer buckets are no longer kept. With `step`, ms, each bucket lies
 * within one step of that length, counted from 1970.
 */
export function coverPeriod(from: number, to: number, now: number, step = Infinity): readonly Stretch[] {
  const first = floorTo(from, finestAt(from, now))
  const end = ceilTo(to, finestAt(to, now))
  const fitting = [MINUTE, HOUR, DAY].filter((unit) => step === Infinity || step % unit === 0)
  return [...stretches(first, end, fitting)]
}
