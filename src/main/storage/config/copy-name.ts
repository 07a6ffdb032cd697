import { slugOf } from './slug'

const LONGEST = 80

/** `Main` → `Main copy`, then `Main copy 2`…: the first whose slug is free, cut to the length that names may have. */
export function copyName(name: string, isTaken: (slug: string) => boolean): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? ' copy' : ` copy ${number}`
    // The cut may fall inside a character of two units.
    const kept = name.slice(0, LONGEST - suffix.length).replace(/[\uD800-\uDBFF]$/, '')
    const candidate = kept.trimEnd() + suffix
    if (!isTaken(slugOf(candidate))) return candidate
  }
}
