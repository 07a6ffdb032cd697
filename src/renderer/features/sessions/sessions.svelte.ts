import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import type { AffinityStats, SessionView } from '../../../shared/sessions'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

/** What the page lists; the cache may hold more, and says how many. */
const MOST_SESSIONS = 500
/** While requests end, the list is read again this often. */
const EVERY_MS = 1000

export interface Sessions {
  readonly list: readonly SessionView[]
  readonly total: number
  readonly stats: AffinityStats
}

/** The live bindings and the figures of their cache. */
export class SessionsState {
  sessions: Loaded<Sessions> = $state.raw({ kind: 'loading' })
  /** Why the last change failed, until the next one. */
  failure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  #timer: ReturnType<typeof setTimeout> | null = null
  #stale = false

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Follows the requests that end, at most once a second. Returns what ends it. */
  listen(): () => void {
    const stop = this.#api.on('request.finished', () => this.#loadSoon())
    return () => {
      stop()
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = null
    }
  }

  async load(): Promise<void> {
    try {
      const [{ sessions, total }, stats] = await Promise.all([
        this.#api.call('sessions.list', { limit: MOST_SESSIONS }),
        this.#api.call('stats.sessions', {})
      ])
      this.sessions = { kind: 'ready', value: { list: sessions, total, stats } }
    } catch (cause) {
      if (this.sessions.kind !== 'ready') this.sessions = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** Unpins one; its next request is placed anew. */
  async unpin(key: string): Promise<void> {
    await this.#change(() => this.#api.call('sessions.clear', { key }))
  }

  /** Unpins all of them. */
  async clear(): Promise<void> {
    await this.#change(() => this.#api.call('sessions.clear', {}))
  }

  async move(key: string, channelId: ChannelId): Promise<void> {
    await this.#change(() => this.#api.call('sessions.move', { key, channelId }))
  }

  async #change(change: () => Promise<unknown>): Promise<void> {
    this.failure = null
    try {
      await change()
    } catch (cause) {
      this.failure = asFailure(cause)
    }
    await this.load()
  }

  /** At once when the last time is a while ago, else when it is; what came meanwhile is one load. */
  #loadSoon(): void {
    this.#stale = true
    if (this.#timer !== null) return
    this.#run()
  }

  #run(): void {
    this.#stale = false
    void this.load()
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#stale) this.#run()
    }, EVERY_MS)
  }
}
