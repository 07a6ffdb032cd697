/** Names of models against globs: `*` stands for any characters, `?` for one. Case matters, as it does to the vendors. */

const isGlob = (name: string): boolean => name.includes('*') || name.includes('?')

/**
 * Greedy with one point of return, so at most glob × name steps: a name comes from the client, and a regular expression
 * would let `*a*a*a` go over a long one for minutes.
 */
function globMatches(glob: string, name: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let retry = 0
  while (position < name.length) {
    const wanted = glob[at]
    if (wanted === '*') {
      star = at++
      retry = position
    } else if (wanted === '?' || wanted === name[position]) {
      at++
      position++
    } else if (star >= 0) {
      at = star + 1
      position = ++retry
    } else return false
  }
  while (glob[at] === '*') at++
  return at === glob.length
}

/** Whether one of the globs matches the whole name. An empty list matches nothing. */
export function matchesModel(globs: readonly string[], name: string): boolean {
  for (const glob of globs) if (glob === '*' || globMatches(glob, name)) return true
  return false
}

/**
 * The name to send for the name that was asked for: an exact key first, then the globs in the order they were written,
 * else the name itself.
 */
export function mapModel(modelMap: Readonly<Record<string, string>>, name: string): string {
  const exact = Object.hasOwn(modelMap, name) ? modelMap[name] : undefined
  if (exact !== undefined) return exact
  for (const [glob, sent] of Object.entries(modelMap)) if (isGlob(glob) && globMatches(glob, name)) return sent
  return name
}

/** The names of a list that are no globs, so known without asking the upstream. */
export const plainNames = (globs: readonly string[]): readonly string[] => globs.filter((glob) => !isGlob(glob))
