import { slugOf } from './slug'

const LONGEST = 80

type IsTaken = (slug: string) => boolean

/** The first whose slug is free, cut to the length that names may have. */
function firstFree(name: string, isTaken: IsTaken, suffixOf: (number: number) => string): string {
  for (let number = 1; ; number++) {
    const suffix = suffixOf(number)
    // The cut may fall inside a character of two units.
    const kept = name.slice(0, LONGEST - suffix.length).replace(/[\uD800-\uDBFF]$/, '')
    const candidate = kept.trimEnd() + suffix
    if (!isTaken(slugOf(candidate))) return candidate
  }
}

/** `Main` → `Main copy`, then `Main copy 2`…: the first that is free. */
export const copyName = (name: string, isTaken: IsTaken): string =>
  firstFree(name, isTaken, (number) => (number === 1 ? ' copy' : ` copy ${number}`))

/** `Main`, then `Main 2`, `Main 3`…: the first that is free. */
export const freeName = (name: string, isTaken: IsTaken): string =>
  firstFree(name, isTaken, (number) => (number === 1 ? '' : ` ${number}`))
