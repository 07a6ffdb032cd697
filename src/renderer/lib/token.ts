const storageKey = 'routex.token'

/** A token as a header can carry it; Routex takes no other (ROUTEX_MANAGEMENT_TOKEN). */
const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

/** The token in what somebody pasted: the address that Routex printed, its end from `token=` on, or the token alone. null: none is in it. */
export function tokenIn(pasted: string): string | null {
  const text = pasted.trim()
  const named = new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('token')
  const token = named ?? (/[#/]/.test(text) ? '' : text)
  return isToken(token) ? token : null
}

/** Kept for this tab alone, over reloads. */
export function keepToken(token: string): void {
  sessionStorage.setItem(storageKey, token)
}

/** Takes the token out of the address, so that it stays out of the history and of what is copied; `place` stands there instead. */
function takeFromAddress(place: string): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return null
  history.replaceState(null, '', `${location.pathname}${location.search}${place}`)
  if (!isToken(token)) return null
  keepToken(token)
  return token
}

/**
 * The management token: from `#token=…` of the address that Routex printed, else the one that this tab was given before.
 * null: none was ever given.
 */
export function takeToken(): string | null {
  return takeFromAddress('') ?? sessionStorage.getItem(storageKey)
}

/**
 * Tells of a token that comes with an address pasted into this tab: only the part behind # changes then, and no page is
 * loaded. `place` is what the address names afterwards. Returns what ends it.
 */
export function followToken(place: () => string, onToken: (token: string) => void): () => void {
  const follow = (): void => {
    const token = takeFromAddress(place())
    if (token !== null) onToken(token)
  }
  // Whichever a browser tells first.
  addEventListener('popstate', follow)
  addEventListener('hashchange', follow)
  return () => {
    removeEventListener('popstate', follow)
    removeEventListener('hashchange', follow)
  }
}
