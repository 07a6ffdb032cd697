import type { Dispatcher } from 'undici'
// Not from 'undici' itself, whose index loads fetch, WebSocket, caches and mocks: 12 MB of memory that nothing here uses.
import Pool from 'undici/lib/dispatcher/pool.js'
import type { Clock } from '../../shared/ports'
import type { UpstreamExchange, UpstreamRequest, UpstreamSink, UpstreamTransport } from '../proxy/ports'
import { isPrivateHost } from '../proxy/addresses'
import { paced } from './paced-body'
import { readProxySettings, type ProxySettings } from './proxy-settings'
import { UndiciExchange } from './undici-exchange'

/** Deadlines are the core's (B06); these only see to it that a socket nobody waits for is given up in the end. */
const CLIENT_OPTIONS = {
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  connectTimeout: 120_000,
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 300_000,
  maxHeaderSize: 65_536,
  maxResponseSize: -1
} as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * A transport that minds `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of this environment, in either letter case.
 * @throws ProxySettingsError
 */
export async function openTransport(env: Environment, clock: Clock): Promise<UpstreamTransport> {
  const proxies = readProxySettings(env)
  if (proxies.httpProxy === '' && proxies.httpsProxy === '') return new UndiciTransport(null, proxies, clock)
  // Its proxy agent needs what only the whole of undici puts together; loaded where it is used.
  const { EnvHttpProxyAgent } = await import('undici')
  return new UndiciTransport(() => new EnvHttpProxyAgent({ ...CLIENT_OPTIONS, ...proxies }), proxies, clock)
}

/**
 * HTTP/1.1 to upstreams through one keep-alive pool for each origin, and through the user's proxy for all but loopback and
 * private addresses. Certificates are verified.
 */
class UndiciTransport implements UpstreamTransport {
  #pools = new Map<string, Dispatcher>()
  #proxied: Dispatcher | null = null
  readonly #makeProxied: (() => Dispatcher) | null
  readonly #proxies: ProxySettings
  readonly #clock: Clock

  constructor(makeProxied: (() => Dispatcher) | null, proxies: ProxySettings, clock: Clock) {
    this.#makeProxied = makeProxied
    this.#proxies = proxies
    this.#clock = clock
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange {
    const dispatcher = this.#dispatcherOf(request.url)
    const proxies = dispatcher === this.#proxied ? this.#proxies : null
    const exchange = new UndiciExchange(sink, proxies, this.#clock, () => {
      this.#forget(dispatcher)
      dispatch(this.#dispatcherOf(request.url), request, exchange)
    })
    dispatch(dispatcher, request, exchange)
    return exchange
  }

  /** What else is idle there is as old as what was found dead. */
  #forget(dispatcher: Dispatcher): void {
    if (this.#proxied === dispatcher) this.#proxied = null
    for (const [origin, pool] of this.#pools) if (pool === dispatcher) this.#pools.delete(origin)
    void dispatcher.close()
  }

  dropIdle(): void {
    const old = [...this.#pools.values(), ...(this.#proxied === null ? [] : [this.#proxied])]
    this.#pools = new Map()
    this.#proxied = null
    // close() lets what is under way end and takes nothing new.
    for (const pool of old) void pool.close()
  }

  async close(): Promise<void> {
    const all = [...this.#pools.values(), ...(this.#proxied === null ? [] : [this.#proxied])]
    await Promise.all(all.map((pool) => pool.destroy()))
  }

  #dispatcherOf(url: URL): Dispatcher {
    if (this.#makeProxied !== null && !isPrivateHost(url.hostname)) {
      this.#proxied ??= this.#makeProxied()
      return this.#proxied
    }
    const { origin } = url
    let pool = this.#pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, CLIENT_OPTIONS)
      this.#pools.set(origin, pool)
    }
    return pool
  }
}

function dispatch(dispatcher: Dispatcher, request: UpstreamRequest, exchange: UndiciExchange): void {
  const { body, url } = request
  // undici counts a body's bytes only where it has them all at once
  const length = body === null ? [] : ['content-length', String(body.length)]
  try {
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        // undici's type lists the common methods and takes any token; ours come from the routes
        method: request.method,
        headers: [...request.headers, ...length],
        body: body === null ? null : paced(body)
      },
      exchange
    )
  } catch (error) {
    queueMicrotask(() => exchange.onResponseError(null, error))
  }
}
