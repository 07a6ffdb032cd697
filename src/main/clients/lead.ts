import type { Settings } from './formats/settings-format'
import { valueAt, type KeyPath } from './formats/settings-format'

/** A text that is not empty, or null. */
export function textAt(settings: Settings | null | undefined, key: KeyPath): string | null {
  const value = settings ? valueAt(settings, key) : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

/** `http://127.0.0.1:8080/v1/` and `/v1` → `http://127.0.0.1:8080`. */
export function withoutPath(url: string | null, path: string): string | null {
  const bare = url?.replace(/\/+$/, '') ?? null
  return bare?.endsWith(path) ? bare.slice(0, -path.length) : bare
}

/** Two addresses of one gateway: `localhost` and 127.0.0.1 are the same, and a slash at the end says nothing. */
export function isSameAddress(one: string | null, other: string | null): boolean {
  if (one === null || other === null || !URL.canParse(one) || !URL.canParse(other)) return false
  const normal = (url: string): string => {
    const { protocol, hostname, port, pathname } = new URL(url)
    const host = hostname === 'localhost' || hostname === '[::1]' ? '127.0.0.1' : hostname
    return `${protocol}//${host}:${port}${pathname.replace(/\/+$/, '')}`
  }
  return normal(one) === normal(other)
}
