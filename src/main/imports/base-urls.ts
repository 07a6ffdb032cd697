/** What stands behind a base URL for one operation. */
const OPERATION = /\/(?:chat\/completions|responses|messages|models(?:\/[^/]+:\w+)?)\/?$/

/**
 * The base URL of an endpoint: `https://api.deepseek.com/chat/completions` → `https://api.deepseek.com`. One that is a base
 * URL already, or no URL at all, stays.
 */
export function baseUrlOf(endpoint: string): string {
  const text = endpoint.trim()
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return text
  const url = new URL(text)
  const path = url.pathname.replace(OPERATION, '').replace(/\/+$/, '')
  return `${url.protocol}//${url.username === '' ? '' : `${url.username}@`}${url.host}${path}${url.search}`
}

/** `https://api.z.ai/api/anthropic` → `z.ai`; '' for what is no URL. */
export function nameOfHost(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return ''
  return new URL(baseUrl).host.replace(/^(?:www|api|open)\./, '')
}

/** Two spellings of one address are the same: a slash or a version at the end, letter case of the host, the default port. */
export function sameAddress(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return baseUrl
  const { host, pathname, protocol, search } = new URL(baseUrl)
  return `${protocol}//${host}${pathname.replace(/\/+$/, '').replace(/\/v1(?:beta)?$/, '')}${search}`
}
