/** Characters that turn the direction of what follows them, and those that isolate (UAX #9, 2). */
const turning = /[\u202A-\u202E\u2066-\u2069]/gu
/** Letters and marks that are read from right to left. */
const rightToLeft = /[\u0590-\u08FF\u200F\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/**
 * A name as a sentence of ours takes it: it is read in its own direction, and the words around it in theirs. Every text
 * with a place for a value puts it there through this (scripts/messages.mjs).
 */
export function isolated(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.replace(turning, '')
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}
