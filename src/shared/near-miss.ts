/** Edits (insert, remove, replace, swap two neighbours) that make one word of the other, letter case aside. */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  const rows: number[][] = []
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  const swapped = (i: number, j: number): number =>
    a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = []
    rows.push(row)
    for (let j = 0; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(i + j === 0 ? 0 : Math.min(replaced, swapped(i, j), at(i - 1, j) + 1, at(i, j - 1) + 1))
    }
  }
  return at(a.length, b.length)
}

/** The known word nearest to a mistyped one; undefined when none is near. */
export function nearMiss(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(word.replace(/[_-]/g, ''), candidate) }))
    .sort((one, other) => one.edits - other.edits)
  return ranked[0] && ranked[0].edits <= limit ? ranked[0].candidate : undefined
}
