import { apiErrorBody, type LogExport } from '../../shared/contract'
import type { ExportResult } from '../../shared/ipc'
import { isEventName } from '../../shared/read-contract'
import { ApiFailure, type Connection, type Transport } from './backend'
import { downloadExport } from './http-export'
import { readServerEvents } from './sse-reader'

const firstRetryMs = 1_000
/** On one's own machine a try costs nothing, and somebody waits for it. */
const longestRetryMs = 3_000
/** Routex writes a comment every 15 s; a connection that says nothing so long is dead, though nobody closed it. */
const silenceMs = 45_000

type Bytes = Uint8Array<ArrayBuffer>

async function readJson(name: string, response: Response): Promise<unknown> {
  try {
    const body: unknown = await response.json()
    return body
  } catch (cause) {
    throw new ApiFailure('unreadable', `Routex answered ${name} with ${response.status} and no JSON`, { cause })
  }
}

export interface HttpTransportOptions {
  /** Folder of the API, with its last slash. */
  readonly apiUrl: string
  readonly token: string | null
}

/**
 * Calls and events over HTTP, for headless. One stream carries all events and tells whether Routex is there; it is
 * opened with the first listener, and opened again after 1 s, 2 s, 3 s, 3 s … when it breaks, or as soon as somebody looks at
 * the page or the machine's network is back.
 */
export class HttpTransport implements Transport {
  readonly shell = 'browser'
  readonly #apiUrl: string
  #token: string | null
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>()
  readonly #watchers = new Set<(connection: Connection) => void>()
  #connection: Connection = { kind: 'connecting' }
  #stream: AbortController | undefined
  #returns: AbortController | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #retryMs = firstRetryMs
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(options: HttpTransportOptions) {
    this.#apiUrl = options.apiUrl
    this.#token = options.token
  }

  async call(name: string, params: unknown): Promise<unknown> {
    const response = await this.#fetch(name, { method: 'POST', body: JSON.stringify(params) })
    if (response.ok) return readJson(name, response)
    return this.#refused(name, response)
  }

  async saveExport(params: LogExport, onRows: (rows: number) => void, signal: AbortSignal): Promise<ExportResult> {
    const response = await this.#fetch('logs.export', { method: 'POST', body: JSON.stringify(params), signal })
    if (!response.ok || response.body === null) return this.#refused('logs.export', response)
    try {
      return await downloadExport(response.body, params.format, onRows, signal)
    } catch (cause) {
      if (signal.aborted) return { saved: false }
      throw new ApiFailure('export_broken', 'The export broke off before its end', { cause })
    }
  }

  /** Throws what an answer that is no good one says. */
  async #refused(name: string, response: Response): Promise<never> {
    const body = await readJson(name, response)
    const error = apiErrorBody.safeParse(body)
    if (!error.success) throw new ApiFailure('unreadable', `Routex answered ${name} with ${response.status}`)
    throw new ApiFailure(error.data.code, error.data.message, { details: error.data.details })
  }

  on(name: string, listener: (payload: unknown) => void): () => void {
    // A function of its own for each subscription: the same listener given twice is told twice.
    const own = (payload: unknown): void => listener(payload)
    const present = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, present.add(own))
    return () => void present.delete(own)
  }

  onConnection(watcher: (connection: Connection) => void): () => void {
    const own = (connection: Connection): void => watcher(connection)
    this.#watchers.add(own)
    own(this.#connection)
    if (this.#watchers.size === 1) {
      this.#open()
      this.#listenForReturn()
    }
    return () => {
      if (!this.#watchers.delete(own) || this.#watchers.size > 0) return
      this.#returns?.abort()
      this.#close()
    }
  }

  retryNow(): void {
    if (this.#connection.kind === 'lost') this.#open()
  }

  useToken(token: string): void {
    this.#token = token
    this.#retryMs = firstRetryMs
    this.#open()
  }

  /** A page in the background is woken rarely, so the next try may be far off when somebody comes back to it. */
  #listenForReturn(): void {
    const returns = new AbortController()
    this.#returns = returns
    const { signal } = returns
    const retry = (): void => {
      if (document.visibilityState === 'visible') this.retryNow()
    }
    window.addEventListener('focus', retry, { signal })
    window.addEventListener('online', retry, { signal })
    document.addEventListener('visibilitychange', retry, { signal })
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const token = this.#token
    const headers = new Headers({ 'content-type': 'application/json' })
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    try {
      const response = await fetch(`${this.#apiUrl}${path}`, { ...init, headers })
      // What is said of a token that was replaced meanwhile says nothing of the present one.
      if (response.status === 401 && token === this.#token) this.#lock()
      return response
    } catch (cause) {
      throw new ApiFailure('unreachable', 'Routex does not answer', { cause })
    }
  }

  #open(): void {
    this.#close()
    if (this.#token === null) {
      this.#lock()
      return
    }
    const stream = new AbortController()
    this.#stream = stream
    this.#tell({ kind: 'connecting' })
    this.#listen(stream.signal)
      // Why it ended is told by the state: the cause of a lost connection is of no use to anybody.
      .catch(() => undefined)
      .finally(() => {
        if (!stream.signal.aborted && this.#connection.kind !== 'locked') this.#lose()
      })
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const response = await this.#fetch('events', { signal })
    if (!response.ok || !response.body) return
    this.#retryMs = firstRetryMs
    this.#tell({ kind: 'live' })
    this.#expectMore()
    const heard = response.body.pipeThrough(
      new TransformStream<Bytes, Bytes>({ transform: (chunk, next) => this.#pass(chunk, next) })
    )
    for await (const event of readServerEvents(heard)) {
      if (!isEventName(event.name)) continue
      const payload: unknown = JSON.parse(event.data)
      for (const listener of this.#listeners.get(event.name) ?? []) listener(payload)
    }
  }

  #pass(chunk: Bytes, next: TransformStreamDefaultController<Bytes>): void {
    this.#expectMore()
    next.enqueue(chunk)
  }

  #expectMore(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      this.#stream?.abort()
      this.#lose()
    }, silenceMs)
  }

  #lose(): void {
    clearTimeout(this.#silence)
    this.#tell({ kind: 'lost', retryAt: Date.now() + this.#retryMs })
    this.#retry = setTimeout(() => this.#open(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
  }

  #lock(): void {
    this.#close()
    this.#tell({ kind: 'locked' })
  }

  #close(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#silence)
    this.#stream?.abort()
    this.#stream = undefined
  }

  #tell(connection: Connection): void {
    this.#connection = connection
    for (const watcher of this.#watchers) watcher(connection)
  }
}
