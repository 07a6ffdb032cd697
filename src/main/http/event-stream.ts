import type { ServerResponse } from 'node:http'
import type { EventName } from '../../shared/contract'
import type { Clock, Stop } from '../../shared/ports'
import type { Api } from '../api/api'

/** A comment so often keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000
/** Events that wait for a slow subscriber, in characters. */
const MAX_WAITING = 1024 * 1024

interface Waiting {
  readonly name: EventName
  readonly text: string
}

/** One open `GET /api/events`. What it can't take at once waits, within a bound. */
class Subscriber {
  readonly #response: ServerResponse
  readonly #names: ReadonlySet<EventName>
  #waiting: Waiting[] = []
  #size = 0

  constructor(response: ServerResponse, names: ReadonlySet<EventName>) {
    this.#response = response
    this.#names = names
    response.on('drain', () => this.#flush())
  }

  wants(name: EventName): boolean {
    return this.#names.has(name)
  }

  /**
   * Ticks are dropped first, oldest first: the next one says it all. A subscriber that is too slow even so is cut off, so
   * that it connects anew and reads the state afresh, rather than go on with a gap that it can't see.
   */
  send(event: Waiting): void {
    if (!this.#response.writableNeedDrain) {
      this.#response.write(event.text)
      return
    }
    this.#waiting.push(event)
    this.#size += event.text.length
    if (this.#size <= MAX_WAITING) return
    this.#waiting = this.#waiting.filter(({ name }) => name !== 'stats.tick')
    this.#size = this.#waiting.reduce((sum, { text }) => sum + text.length, 0)
    if (this.#size > MAX_WAITING) this.#response.destroy()
  }

  beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(': still here\n\n')
  }

  /** What still waits is dropped. */
  end(): void {
    this.#waiting = []
    this.#response.end()
  }

  #flush(): void {
    while (!this.#response.writableNeedDrain) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#size -= next.text.length
      this.#response.write(next.text)
    }
  }
}

/**
 * The API's events as Server-Sent Events. Each event is written as JSON once, however many listen, and the API is only
 * listened to while somebody does.
 */
export class EventStreams {
  readonly #api: Api
  readonly #clock: Clock
  readonly #subscribers = new Set<Subscriber>()
  readonly #sources = new Map<EventName, Stop>()
  #stopHeartbeat: Stop | null = null

  constructor(api: Api, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  /** Streams events of these names into the response until either side ends it. */
  open(response: ServerResponse, names: ReadonlySet<EventName>): void {
    const subscriber = new Subscriber(response, names)
    this.#subscribers.add(subscriber)
    for (const name of names) this.#listenTo(name)
    this.#stopHeartbeat ??= this.#clock.every(HEARTBEAT_MS, () => this.#beat())
    response.on('close', () => this.#remove(subscriber))
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // nginx would otherwise collect the events before it hands them on.
      'x-accel-buffering': 'no'
    })
    response.write(': connected\n\n')
  }

  /** Ends every stream, so that the listener can close. Nothing is written any more, though a connection closes later. */
  stop(): void {
    for (const subscriber of [...this.#subscribers]) {
      subscriber.end()
      this.#remove(subscriber)
    }
  }

  #listenTo(name: EventName): void {
    if (this.#sources.has(name)) return
    const stop = this.#api.on(name, (payload) => {
      const event = { name, text: `event: ${name}\ndata: ${JSON.stringify(payload)}\n\n` }
      for (const subscriber of this.#subscribers) if (subscriber.wants(name)) subscriber.send(event)
    })
    this.#sources.set(name, stop)
  }

  #beat(): void {
    for (const subscriber of this.#subscribers) subscriber.beat()
  }

  #remove(gone: Subscriber): void {
    this.#subscribers.delete(gone)
    for (const [name, stop] of this.#sources) {
      if ([...this.#subscribers].some((subscriber) => subscriber.wants(name))) continue
      stop()
      this.#sources.delete(name)
    }
    if (this.#subscribers.size > 0) return
    this.#stopHeartbeat?.()
    this.#stopHeartbeat = null
  }
}
