import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock, Logger } from '../../shared/ports'
import { toListenError } from './listen-error'

// An import would read every export of it, and those of WebSocket and its events load a second undici: 3 MB for nothing.
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http')

/** Headers of a request: a client that drips them slower is cut off. */
const HEADERS_TIMEOUT_MS = 30_000
/** A whole request with its body: 64 MiB at 1 Mbit/s take 9 minutes. Answers have no limit. */
const REQUEST_TIMEOUT_MS = 900_000
/** Longer than the idle time of what may stand in front (nginx 60 s, AWS ALB 60 s), so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** Codex and Claude Code send several KiB of metadata in headers. */
const MAX_HEADER_BYTES = 64 * 1024

interface Bound {
  readonly host: string
  readonly port: number
}

export interface Listener {
  /** Port 0 picks a free one. Rejects with ListenError. */
  start(host: string, port: number): Promise<Bound>
  /** null while it does not listen. */
  address(): Bound | null
  /**
   * Takes no new connection, closes the idle ones, gives requests in flight `graceMs` to end, then cuts them off.
   * Resolves when no connection is left.
   */
  stop(graceMs: number): Promise<void>
}

/** A request that could not be read as one, as far as it was. */
interface UnreadRequest {
  /** '' where its first line is not known. */
  readonly method: string
  /** Without its query string; '' where its first line is not known. */
  readonly path: string
  readonly remoteAddress: string
  /** What it is answered. */
  readonly status: number
  readonly message: string
  readonly bytes: number
}

export interface ListenerOptions {
  readonly handle: (request: IncomingMessage, response: ServerResponse, boundHost: string) => Promise<void>
  /** Leaves the row of a request that never came to `handle` (B30), before it is answered. Unset: it leaves none. Never rejects. */
  readonly unread?: (request: UnreadRequest) => Promise<void>
  /** Called when the stop begins: ends what would go on for ever, such as event streams. */
  readonly onStopping: () => void
  readonly clock: Clock
  readonly logger: Logger
}

const PARSE_STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

interface ParseError extends Error {
  readonly code?: string
  /** What was being read; missing where it is no fault of what was sent. */
  readonly rawPacket?: Buffer
}

const FIRST_LINE = /^([A-Z]+) ([^\s?]+)\S* HTTP\/\d/

function firstLineOf(packet: Buffer): Pick<UnreadRequest, 'method' | 'path'> {
  const [, method = '', path = ''] = FIRST_LINE.exec(packet.toString('latin1', 0, MAX_HEADER_BYTES)) ?? []
  return { method, path }
}

/** What could not be read as HTTP is told so, unless an answer is under way on the same connection. */
async function answerClientError(
  error: ParseError,
  socket: Socket,
  busy: boolean,
  unread: ListenerOptions['unread']
): Promise<void> {
  if (busy || !socket.writable) {
    socket.destroy()
    return
  }
  const status = PARSE_STATUS[error.code ?? ''] ?? 400
  const why = status === 431 ? 'it has more than 64 KiB of headers' : 'this could not be read as an HTTP/1.1 request'
  const message = `${STATUS_CODES[status] ?? 'Bad Request'}: ${why}`
  // Whose client it is can't be known, so each protocol finds its own members.
  const inner = { type: 'invalid_request_error', message, code: status, status: 'INVALID_ARGUMENT' }
  const body = JSON.stringify({ type: 'error', error: inner, code: 'bad_request', message })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close'
  ]
  // Without a packet nothing was asked: a connection that was opened and kept idle.
  if (unread !== undefined && error.rawPacket !== undefined) {
    const { remoteAddress = '' } = socket
    await unread({ ...firstLineOf(error.rawPacket), remoteAddress, status, message, bytes: Buffer.byteLength(body) })
  }
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** The gateway's one HTTP server: it can be stopped and started again, on another address too. */
class HttpListener implements Listener {
  readonly #options: ListenerOptions
  /** Requests under way by connection (pipelining: more than one). */
  readonly #busy = new Map<Socket, number>()
  readonly #open = new Set<Socket>()
  #server: Server | null = null
  #bound: Bound | null = null

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  async start(host: string, port: number): Promise<Bound> {
    if (this.#server !== null) throw new Error('the listener is already started')
    const server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        maxHeaderSize: MAX_HEADER_BYTES
      },
      (request, response) => this.#serve(server, request, response, host)
    )
    server.on('connection', (socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    })
    server.on('clientError', (error, socket) => {
      if (isSocket(socket)) void answerClientError(error, socket, this.#busy.has(socket), this.#options.unread)
      else socket.destroy()
    })
    // Without a listener Node answers 417 itself, in nobody's words.
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.#serve(server, request, response, host)
    )
    this.#server = server
    try {
      this.#bound = { host, port: await listen(server, host, port) }
      server.on('error', (error) => this.#options.logger.error('the listener failed to take a connection', { error }))
      return this.#bound
    } catch (error) {
      this.#server = null
      throw await toListenError(error, host, port)
    }
  }

  address(): Bound | null {
    return this.#bound
  }

  async stop(graceMs: number): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    this.#bound = null
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
    this.#options.onStopping()
    // Opened ahead of need, as clients do. Node counts as idle only what has carried a request.
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy()
    const stopWaiting = this.#options.clock.after(graceMs, () => server.closeAllConnections())
    await closed
    stopWaiting()
  }

  #serve(server: Server, request: IncomingMessage, response: ServerResponse, host: string): void {
    const { socket } = request
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (this.#busy.get(socket) ?? 1) - 1
      if (left > 0) this.#busy.set(socket, left)
      else this.#busy.delete(socket)
      // While it stops, a connection that became idle has nothing to wait for.
      if (this.#server !== server) setImmediate(() => server.closeIdleConnections())
    })
    void this.#options.handle(request, response, host)
  }
}

const isSocket = (stream: object): stream is Socket => 'remoteAddress' in stream

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

export function createListener(options: ListenerOptions): Listener {
  return new HttpListener(options)
}
