import type { Protocol, Route } from './protocol'

/** A path segment that names a version: `v1`, `v1beta`, `v4`, `v1alpha2`. */
const VERSION = /^v\d+(?:(?:alpha|beta)\d*)?$/i

/**
 * Where a request goes. `baseUrl` is what the vendor's own SDK takes: with a version in its path only the operation is
 * appended, else the version first (Gemini's as the client named it). The base URL's own query (Azure's `api-version`)
 * and the client's are both kept, the client's credential in `key=` is not (B23). `sentModel` replaces the model in
 * Gemini's path; null leaves it.
 * @throws TypeError when `baseUrl` is no URL
 */
export function upstreamUrl(
  baseUrl: string,
  protocol: Protocol,
  route: Route,
  query: string,
  sentModel: string | null
): URL {
  const path = operationPath(route, sentModel)
  const url = versionedUrl(baseUrl, route.version === '' ? protocol.version : route.version, path)
  const kept = [url.search.slice(1), withoutCredential(query)].filter((part) => part !== '')
  url.search = kept.join('&')
  return url
}

/**
 * A path of the channel's own behind its base URL, `{model}` filled in. Both queries are kept, and the path's own.
 * @throws TypeError when `baseUrl` is no URL
 */
export function customUrl(baseUrl: string, path: string, query: string, sentModel: string | null): URL {
  const base = new URL(baseUrl)
  const filled = path.replaceAll('{model}', () => encodeURIComponent(sentModel ?? ''))
  const url = new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${filled}`)
  const kept = [base.search.slice(1), url.search.slice(1), withoutCredential(query)].filter((part) => part !== '')
  url.search = kept.join('&')
  return url
}

/** A path on the base URL's host, whatever the base URL's own path; its query is kept. @throws TypeError */
export function hostUrl(baseUrl: string, path: string): URL {
  const base = new URL(baseUrl)
  const url = new URL(`${base.origin}${path}`)
  url.search = [base.search.slice(1), url.search.slice(1)].filter((part) => part !== '').join('&')
  return url
}

/** A path behind a channel's base URL, with the version where the base has none. @throws TypeError */
export function versionedUrl(baseUrl: string, version: string, path: string): URL {
  const url = new URL(baseUrl)
  const base = url.pathname.replace(/\/+$/, '')
  const hasVersion = base.split('/').some((segment) => VERSION.test(segment))
  url.pathname = `${base}${hasVersion ? '' : `/${version}`}/${path}`
  url.hash = ''
  return url
}

function operationPath(route: Route, sentModel: string | null): string {
  if (route.model === null || sentModel === null || sentModel === route.model) return route.operationPath
  const operation = route.operationPath.slice(route.operationPath.lastIndexOf(':'))
  const resource = /^(?:models|tunedModels)\//.test(sentModel) ? sentModel : `models/${sentModel}`
  return `${resource.split('/').map(encodeURIComponent).join('/')}${operation}`
}

function withoutCredential(query: string): string {
  return query
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has('key'))
    .join('&')
}
