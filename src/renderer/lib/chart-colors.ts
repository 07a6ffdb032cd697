export const PALETTE_SIZE = 8

/** FNV-1a: the same number for a text on every start. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return value >>> 0
}

const wantedByName = (id: string): number => hash(id) % PALETTE_SIZE

/**
 * A place in the chart palette (0 to 7) for each id: those that have one keep it; each other one gets the place that it
 * wants, or the next one, when that is used more than another. So two ids share one only when there are more than eight, and
 * the order of `ids` does not matter.
 */
export function chartSlots(
  ids: readonly string[],
  kept: ReadonlyMap<string, number> = new Map(),
  wanted: (id: string) => number = wantedByName
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>()
  const uses = new Array<number>(PALETTE_SIZE).fill(0)
  const take = (id: string, slot: number): void => {
    slots.set(id, slot)
    uses[slot] = (uses[slot] ?? 0) + 1
  }
  const sorted = ids.toSorted()
  for (const id of sorted) {
    const slot = kept.get(id)
    if (slot !== undefined) take(id, slot)
  }
  for (const id of sorted) {
    if (slots.has(id)) continue
    const fewest = Math.min(...uses)
    let slot = wanted(id)
    while ((uses[slot] ?? 0) > fewest) slot = (slot + 1) % PALETTE_SIZE
    take(id, slot)
  }
  return slots
}

/** As a CSS value: `var(--chart-3)`. */
export const slotColor = (slot: number): string => `var(--chart-${slot + 1})`
