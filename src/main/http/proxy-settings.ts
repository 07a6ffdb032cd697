import { isPrivateHost } from '../proxy/addresses'

type Environment = Readonly<Record<string, string | undefined>>

/** The user's proxies; '' where there is none. */
export interface ProxySettings {
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
}

/** A variable that names a proxy names none. Routex doesn't start, since without it requests would go past the proxy. */
class ProxySettingsError extends Error {
  override readonly name = 'ProxySettingsError'
  readonly code = 'bad_environment'
  readonly status = 400
  readonly retryable = false
}

/** The lower-case name wins, as with curl. */
const nameIn = (env: Environment, name: string): string =>
  env[name.toLowerCase()] === undefined ? name : name.toLowerCase()

/** Without a scheme it is an HTTP proxy, as for curl. The value may hold a password, so it is never told. */
function readProxy(env: Environment, variable: string): string {
  const name = nameIn(env, variable)
  const value = (env[name] ?? '').trim()
  if (value === '') return ''
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  if (URL.canParse(url) && /^(?:https?|socks5?):$/.test(new URL(url).protocol)) return url
  throw new ProxySettingsError(`${name}: must be the address of a proxy, such as http://127.0.0.1:3128, or be unset`)
}

/**
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of this environment, in either letter case.
 * @throws ProxySettingsError (`bad_environment`), naming the variable
 */
export function readProxySettings(env: Environment): ProxySettings {
  return {
    httpProxy: readProxy(env, 'HTTP_PROXY'),
    httpsProxy: readProxy(env, 'HTTPS_PROXY'),
    noProxy: env[nameIn(env, 'NO_PROXY')] ?? ''
  }
}

/** What Node tells of a connection that was not made. */
interface ConnectError extends Error {
  readonly address?: unknown
  readonly port?: unknown
  readonly hostname?: unknown
}

/** The proxy (`host:port`, without its credentials) that this connection was to; null when it was to none. */
export function proxyOfError({ httpProxy, httpsProxy }: ProxySettings, error: ConnectError): string | null {
  for (const proxy of [httpProxy, httpsProxy]) {
    if (proxy === '') continue
    const { hostname, host, port, protocol } = new URL(proxy)
    const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
    // A proxy's name may stand for an address; an upstream's that goes this way is in no private network.
    const isThere = typeof error.address === 'string' && error.port === number && isPrivateHost(error.address)
    if (isThere || error.hostname === hostname || error.message.includes(`${hostname}:${number}`)) return host
  }
  return null
}
