const storageKey = 'routex.token'

/**
 * The management token: from `#token=…` of the address that Routex printed, kept for this tab alone, and taken out of
 * the address at once so that it stays out of the history and of what is copied. null: none was ever given.
 */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return sessionStorage.getItem(storageKey)
  sessionStorage.setItem(storageKey, token)
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  return token
}
