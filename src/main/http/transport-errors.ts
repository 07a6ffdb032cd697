import { UpstreamError, type UpstreamErrorCode } from '../proxy/ports'
import { proxyOfError, type ProxySettings } from './proxy-settings'

const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT'
])

/**
 * What broke a connection, in the proxy's own terms; `wasConnected`: the request was on its way. `proxies`: the user's, where
 * it went through one of them.
 */
export function toUpstreamError(
  error: unknown,
  wasConnected: boolean,
  proxies: ProxySettings | null = null
): UpstreamError {
  if (error instanceof UpstreamError) return error
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  const cause = first ?? error
  const text = cause instanceof Error ? cause.message : String(cause)
  const code = errorCode(cause)
  const proxy = proxies !== null && cause instanceof Error ? proxyOfError(proxies, cause) : null
  const where = proxy === null ? '' : ` through the proxy ${proxy}`
  const message = `${text}${code === '' ? '' : ` (${code})`}${where}`
  return new UpstreamError(kindOf(code, text, wasConnected), message, { cause: error })
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

function kindOf(code: string, text: string, wasConnected: boolean): UpstreamErrorCode {
  if (CONNECT_CODES.has(code)) return 'connect'
  if (code === 'EMFILE' || code === 'ENFILE') return 'exhausted'
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code) || /certificate/i.test(text)) return 'tls'
  if (code.startsWith('HPE_') || code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return 'protocol'
  return wasConnected ? 'reset' : 'connect'
}
