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

/** Claude's sizes, which Claude Code asks for by names that change with each generation. */
const TIERS = ['haiku', 'sonnet', 'opus'] as const

const isTier = (key: string): boolean => TIERS.some((tier) => tier === key)

/** `claude-sonnet-4-5`, `anthropic/claude-3-opus@20240229`, `claude-opus-4-1[1m]`: the size is one of the name's words. */
const isOfTier = (tier: string, name: string): boolean =>
  name.includes('claude') && name.split(/[^a-z0-9]+/i).includes(tier)

/**
 * The name to send for the name that was asked for: an exact key first, then globs and Claude's sizes (`haiku`, `sonnet`, `opus`) in
 * the order they were written, else the name itself. A `*` in what is sent stands for what the key's only `*` stood for.
 */
export function mapModel(modelMap: Readonly<Record<string, string>>, name: string): string {
  const key = matchingKey(Object.keys(modelMap), name)
  const sent = key === undefined ? undefined : modelMap[key]
  if (key === undefined || sent === undefined) return name
  return key !== name && isGlob(key) ? filledIn(sent, key, name) : sent
}

/** The key that a model's name is meant by: itself, else the first glob or Claude's size that matches it. */
export function matchingKey(keys: readonly string[], name: string): string | undefined {
  if (keys.includes(name)) return name
  return keys.find((key) => (isTier(key) && isOfTier(key, name)) || (isGlob(key) && globMatches(key, name)))
}

function filledIn(sent: string, glob: string, name: string): string {
  const [before = '', after = '', ...more] = glob.split('*')
  if (!sent.includes('*') || more.length > 0 || !glob.includes('*')) return sent
  return sent.replace('*', () => name.slice(before.length, name.length - after.length))
}

/** The names of a list that are no globs, so known without asking the upstream. */
export const plainNames = (globs: readonly string[]): readonly string[] =>
  globs.filter((glob) => !isGlob(glob) && !isTier(glob))
