export interface DiffLine {
  readonly kind: 'add' | 'remove' | 'keep' | 'gap'
  readonly text: string
}

const kinds = { '+': 'add', '-': 'remove', ' ': 'keep' } as const

/** The lines of a unified diff as they are shown: without its head, its hunks told apart by a gap. */
export function diffLines(diff: string): readonly DiffLine[] {
  const lines = diff.split('\n')
  const body = lines.slice(lines.findIndex((line) => line.startsWith('@@')) + 1)
  return body.flatMap((line): DiffLine[] => {
    if (line.startsWith('@@')) return [{ kind: 'gap', text: '' }]
    const sign = line.charAt(0)
    // What is left out says that the file ends without a newline.
    return sign === '+' || sign === '-' || sign === ' ' ? [{ kind: kinds[sign], text: line.slice(1) }] : []
  })
}

/** Lines were shortened, so the diff alone does not tell all. */
export const isShortened = (diff: string): boolean => /… \(\d+ characters\)$/m.test(diff)
