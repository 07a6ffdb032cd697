const paletteSize = 8

/** FNV-1a: the same number for a text on every start. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return value >>> 0
}

/**
 * A colour of the chart palette (`var(--chart-3)`) for each id, the same on every page and after every start. Two ids
 * share one only when there are more than eight.
 */
export function chartColors(ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<number, number>()
  const colors = new Map<string, string>()
  for (const id of ids.toSorted()) {
    const fewest = Math.min(...Array.from({ length: paletteSize }, (_, slot) => taken.get(slot) ?? 0))
    let slot = hash(id) % paletteSize
    while ((taken.get(slot) ?? 0) > fewest) slot = (slot + 1) % paletteSize
    taken.set(slot, (taken.get(slot) ?? 0) + 1)
    colors.set(id, `var(--chart-${slot + 1})`)
  }
  return colors
}
