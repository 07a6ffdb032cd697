import type { Transform } from 'node:stream'
import type { Dispatcher } from 'undici'
// Not from 'undici' itself, whose index loads fetch, WebSocket, caches and mocks: 12 MB of memory that nothing here uses.
import Pool from 'undici/lib/dispatcher/pool.js'
import type { Headers } from '../protocols/protocol'
import {
  UpstreamError,
  type UpstreamErrorCode,
  type UpstreamExchange,
  type UpstreamRequest,
  type UpstreamSink,
  type UpstreamTransport
} from '../proxy/ports'
import { isPrivateHost } from '../proxy/addresses'
import { contentCoding, createDecoder } from './client-exchange'
import { proxyOfError, readProxySettings, type ProxySettings } from './proxy-settings'
import { expectSending, type Starting } from './reused-connection'

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
export async function openTransport(env: Environment): Promise<UpstreamTransport> {
  const proxies = readProxySettings(env)
  if (proxies.httpProxy === '' && proxies.httpsProxy === '') return new UndiciTransport(null, proxies)
  // Its proxy agent needs what only the whole of undici puts together; loaded where it is used.
  const { EnvHttpProxyAgent } = await import('undici')
  return new UndiciTransport(() => new EnvHttpProxyAgent({ ...CLIENT_OPTIONS, ...proxies }), proxies)
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

  constructor(makeProxied: (() => Dispatcher) | null, proxies: ProxySettings) {
    this.#makeProxied = makeProxied
    this.#proxies = proxies
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange {
    const dispatcher = this.#dispatcherOf(request.url)
    const proxies = dispatcher === this.#proxied ? this.#proxies : null
    const exchange = new UndiciExchange(sink, proxies, () => {
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
  const { url } = request
  try {
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        // undici's type lists the common methods and takes any token; ours come from the routes
        method: request.method,
        headers: [...request.headers],
        body: request.body
      },
      exchange
    )
  } catch (error) {
    queueMicrotask(() => exchange.onResponseError(null, error))
  }
}

/** One exchange: undici's callbacks on one side, the sink on the other, a decoder between them where one is needed. */
class UndiciExchange implements UpstreamExchange, Dispatcher.DispatchHandler, Starting {
  readonly #sink: UpstreamSink
  /** null: it goes straight to the upstream. */
  readonly #proxies: ProxySettings | null
  /** Sends it once more, on a new connection. */
  readonly #sendAgain: () => void
  #controller: Dispatcher.DispatchController | null = null
  #decoder: Transform | null = null
  #aborted = false
  #received = false
  #ended = false
  #answered = false
  /** On a connection that has carried another request; only the first time. */
  #reused = false
  #sentAgain = false

  constructor(sink: UpstreamSink, proxies: ProxySettings | null, sendAgain: () => void) {
    this.#sink = sink
    this.#proxies = proxies
    this.#sendAgain = sendAgain
  }

  pause(): void {
    if (this.#decoder !== null) this.#decoder.pause()
    else this.#controller?.pause()
  }

  resume(): void {
    if (this.#decoder !== null) this.#decoder.resume()
    else this.#controller?.resume()
  }

  abort(): void {
    if (this.#aborted || this.#ended) return
    this.#aborted = true
    this.#decoder?.destroy()
    // Once the whole answer is in, the socket is the pool's again and must not be touched.
    if (!this.#received) this.#controller?.abort(new Error('aborted'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) {
      controller.abort(new Error('aborted'))
      return
    }
    expectSending(this)
    this.#sink.connected()
  }

  sending(reused: boolean): void {
    this.#reused = reused
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200 || this.#aborted) return
    this.#answered = true
    const coding = contentCoding(headers)
    if (coding !== null && !this.#decode(coding)) return
    this.#sink.head(status, headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#aborted) return
    const decoder = this.#decoder
    if (decoder === null) {
      this.#sink.data(chunk)
    } else if (!decoder.write(chunk)) {
      controller.pause()
      decoder.once('drain', () => controller.resume())
    }
  }

  onResponseEnd(): void {
    this.#received = true
    if (this.#decoder !== null) this.#decoder.end()
    else this.#end()
  }

  onResponseError(_controller: unknown, error: unknown): void {
    if (this.#aborted || this.#ended) return
    const failure = toUpstreamError(error, this.#controller !== null, this.#proxies)
    if (this.#wasDead(failure)) {
      this.#sentAgain = true
      this.#sendAgain()
      return
    }
    this.#ended = true
    this.#decoder?.destroy()
    this.#sink.fail(failure)
  }

  /** A kept connection that had died, or was about to be closed: that says nothing of the upstream (RFC 9112 9.3.1). */
  #wasDead({ code }: UpstreamError): boolean {
    return code === 'reset' && this.#reused && !this.#answered && !this.#sentAgain
  }

  #end(): void {
    if (this.#aborted || this.#ended) return
    this.#ended = true
    this.#sink.end()
  }

  #decode(coding: string): boolean {
    const decoder = createDecoder(coding)
    if (decoder === null) {
      const error = new UpstreamError(
        'protocol',
        `The upstream answered in the coding "${coding}", which nobody asked for`
      )
      this.abort()
      this.#sink.fail(error)
      return false
    }
    decoder.on('data', (chunk: Buffer) => {
      if (!this.#aborted) this.#sink.data(chunk)
    })
    decoder.once('end', () => this.#end())
    decoder.once('error', (cause: Error) => {
      this.onResponseError(null, new UpstreamError('protocol', `The upstream's ${coding} body is broken`, { cause }))
      this.abort()
    })
    this.#decoder = decoder
    return true
  }
}

const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT'
])

function toUpstreamError(error: unknown, wasConnected: boolean, proxies: ProxySettings | null): UpstreamError {
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
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code) || /certificate/i.test(text)) return 'tls'
  if (code.startsWith('HPE_') || code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return 'protocol'
  return wasConnected ? 'reset' : 'connect'
}
