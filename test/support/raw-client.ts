import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { HttpAnswerParser, type RawHead } from './http-answer-parser'

export interface RawRequest {
  readonly method?: string
  /** Path and query as they stand on the request line. */
  readonly target: string
  /** Sent in this order and case. `host` and `content-length` are added unless given. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string | object
  /** false: bytes of the answer's body are counted and thrown away. */
  readonly keepBody?: boolean
}

/** An answer that ended, one way or the other. */
export interface RawAnswer {
  /** 0 when the connection ended before a head came. */
  readonly status: number
  readonly head: RawHead | null
  /** First value of a header; undefined without one. */
  header(name: string): string | undefined
  readonly body: Buffer
  readonly bodyBytes: number
  readonly text: string
  json(): unknown
  /** The length was reached or the final chunk came: the client takes it for a whole answer. */
  readonly complete: boolean
}

/** One request on a socket of its own, with everything that its client sees: bytes, ends, resets. */
export class RawExchange {
  readonly #socket: Socket
  readonly #parser: HttpAnswerParser
  readonly #done = Promise.withResolvers<RawAnswer>()
  readonly #watchers = new Set<() => void>()
  #closed = false

  constructor(gateway: string, request: RawRequest) {
    const { hostname, port, host } = new URL(gateway)
    const method = request.method ?? (request.body === undefined ? 'GET' : 'POST')
    this.#parser = new HttpAnswerParser(method, request.keepBody ?? true)
    this.#socket = connect(Number(port), hostname)
    this.#socket.on('data', (bytes) => {
      this.#parser.push(bytes)
      this.#changed()
    })
    this.#socket.on('end', () => this.#parser.end())
    this.#socket.on('error', () => undefined) // a reset: `complete` tells
    this.#socket.on('close', () => {
      this.#closed = true
      this.#changed()
    })
    this.#socket.write(renderRequest(method, host, request))
    onTestFinished(() => void this.#socket.destroy())
  }

  /** The answer, once it is whole or the connection is gone. */
  get done(): Promise<RawAnswer> {
    return this.#done.promise
  }

  /** The head, as soon as it came. */
  async head(): Promise<RawHead> {
    await this.when(() => this.#parser.head !== null)
    if (!this.#parser.head) throw new Error('the connection ended before a head came')
    return this.#parser.head
  }

  /** Text of the body so far. */
  get text(): string {
    return Buffer.concat(this.#parser.body).toString()
  }

  /** Answers of 1xx that came before the real one. */
  get interim(): readonly RawHead[] {
    return this.#parser.interim
  }

  get bodyBytes(): number {
    return this.#parser.bodyBytes
  }

  /** Resolves when the body holds `text`; fails when the answer ends without it. */
  async until(text: string): Promise<void> {
    await this.when(() => this.text.includes(text))
    if (!this.text.includes(text)) throw new Error(`the answer ended without ${text}: ${this.text}`)
  }

  /** Resolves when `condition` holds after some bytes came, or the answer ended. */
  when(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition() && !this.#ended) return
        this.#watchers.delete(check)
        resolve()
      }
      this.#watchers.add(check)
      check()
    })
  }

  /** More bytes on the same connection: a body sent in pieces. */
  write(bytes: Buffer | string): void {
    this.#socket.write(bytes)
  }

  /** Stops reading; the system's buffers fill up. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** The client goes away. */
  leave(): void {
    this.#socket.destroy()
  }

  get #ended(): boolean {
    return this.#parser.complete || this.#closed
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
    if (this.#ended) this.#done.resolve(answerOf(this.#parser))
    if (this.#parser.complete) this.#socket.end()
  }
}

function answerOf(parser: HttpAnswerParser): RawAnswer {
  const body = Buffer.concat(parser.body)
  return {
    status: parser.head?.status ?? 0,
    head: parser.head,
    header: (name) => parser.head?.headers.get(name)?.[0],
    body,
    bodyBytes: parser.bodyBytes,
    text: body.toString(),
    json: () => JSON.parse(body.toString()) as unknown,
    complete: parser.complete
  }
}

function renderRequest(method: string, host: string, request: RawRequest): Buffer {
  const given = request.headers ?? {}
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  const body = bodyBytes(request.body)
  const lines = [`${method} ${request.target} HTTP/1.1`]
  if (!names.has('host')) lines.push(`Host: ${host}`)
  for (const [name, value] of Object.entries(given)) lines.push(`${name}: ${value}`)
  if (body.length > 0 && !names.has('content-type')) lines.push('Content-Type: application/json')
  if (body.length > 0 && !names.has('content-length') && !names.has('transfer-encoding')) {
    lines.push(`Content-Length: ${body.length}`)
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

function bodyBytes(body: RawRequest['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
