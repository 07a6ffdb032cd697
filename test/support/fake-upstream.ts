import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as it came off the wire. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query, percent-encoding as it came. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, in their own case and order. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Resolves when the other side went away before the answer's end. */
  readonly aborted: Promise<void>
  /** true as soon as `aborted` has resolved. */
  readonly wasAborted: boolean
  /** The same number for requests that came over the same connection. */
  readonly connection: number
}

export type HeaderList = Readonly<Record<string, string | readonly string[]>>

/** The upstream's side of one request: what a script plays on. */
export class Exchange {
  readonly request: RecordedRequest
  /** For what the methods below do not offer: 1xx, trailers, raw bytes on the socket. */
  readonly response: ServerResponse
  readonly socket: Socket

  constructor(request: RecordedRequest, response: ServerResponse, socket: Socket) {
    this.request = request
    this.response = response
    this.socket = socket
  }

  head(status: number, headers: HeaderList = {}): void {
    const list = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one])
    )
    this.response.writeHead(status, list)
    this.response.flushHeaders()
  }

  /** Resolves when the system took the bytes (so a reader that does not read holds it back), or the other side is gone. */
  write(bytes: Buffer | string): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.destroyed) resolve()
      else this.response.write(bytes, () => resolve())
    })
  }

  end(bytes: Buffer | string = ''): void {
    this.response.end(bytes)
  }

  /** Closes the connection without the end of the message. */
  cut(): void {
    this.socket.destroy()
  }

  /** Sends a TCP reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }
}

/** How one request is answered. It ends by itself; what it waits for is in the test's hands. */
export type Script = (exchange: Exchange) => void | Promise<void>

/** A vendor's API on a real socket, scripted request by request. */
export interface FakeUpstream {
  /** Without a path: `http://127.0.0.1:port`. */
  readonly url: string
  readonly host: string
  /** Every request whose body came in whole, in the order of their ends. */
  readonly requests: readonly RecordedRequest[]
  /** Connections opened so far. */
  readonly connections: number
  /** Scripts for the next requests, one each. */
  next(...scripts: readonly Script[]): void
  /** Script for every request that no `next` is left for; without one they get 500. */
  always(script: Script): void
  /** Resolves with the request number `count` (from 1) as soon as it came. */
  request(count: number): Promise<RecordedRequest>
  close(): Promise<void>
}

/** Registers a clean-up: `onTestFinished` in a test, `afterAll` for a file's. */
export type Register = (cleanUp: () => Promise<void>) => void

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Starts an upstream on a free port of the loopback. It is closed with the test. */
export async function startFakeUpstream(register: Register = onTestFinished): Promise<FakeUpstream> {
  const requests: RecordedRequest[] = []
  const queue: Script[] = []
  const waiting: { readonly count: number; readonly resolve: (request: RecordedRequest) => void }[] = []
  const mistakes: unknown[] = []
  const connectionNumbers = new WeakMap<Socket, number>()
  const sockets = new Set<Socket>()
  let connections = 0
  let fallback: Script = ({ response }) => void response.writeHead(500).end('the test gave no answer to this request')

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = Promise.withResolvers<undefined>()
    let wasAborted = false
    response.once('close', () => {
      if (response.writableFinished) return
      wasAborted = true
      gone.resolve(undefined)
    })
    const body = await readBody(request)
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
      aborted: gone.promise,
      get wasAborted() {
        return wasAborted
      },
      connection: connectionNumbers.get(request.socket) ?? 0
    }
    requests.push(recorded)
    for (const waiter of waiting) if (waiter.count === requests.length) waiter.resolve(recorded)
    await (queue.shift() ?? fallback)(new Exchange(recorded, response, request.socket))
  }

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // a request that broke off while it was read is the test's own doing
      if (!request.destroyed || request.complete) mistakes.push(error)
      response.destroy()
    })
  })
  server.on('connection', (socket) => {
    connections += 1
    connectionNumbers.set(socket, connections)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const upstream: FakeUpstream = {
    url: `http://${host}`,
    host,
    requests,
    get connections() {
      return connections
    },
    next: (...scripts) => void queue.push(...scripts),
    always: (script) => void (fallback = script),
    request(count) {
      const already = requests[count - 1]
      if (already) return Promise.resolve(already)
      return new Promise((resolve) => waiting.push({ count, resolve }))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      if (mistakes.length > 0) throw new AggregateError(mistakes, 'a script of the fake upstream failed')
    }
  }
  register(() => upstream.close())
  return upstream
}

/** A base URL on which nobody listens. */
export async function unusedUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
