import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import type { AffinityStats, SessionView } from '../../../shared/sessions'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Newest } from '../../lib/newest'
import { Refresher } from '../../lib/refresher'

/** What the page lists; more may match, and it is said how many. */
const MOST_SESSIONS = 500

export interface Sessions {
  readonly list: readonly SessionView[]
  /** How many match the search, listed or not. */
  readonly found: number
  readonly total: number
  readonly stats: AffinityStats
}

/** No event tells of sessions that expire, or are unpinned or moved elsewhere. */
const LOOK_EVERY_MS = 2_000

/** What the contract takes. */
const LONGEST_SEARCH = 200

/** The live bindings and the figures of their cache. */
export class SessionsState {
  sessions: Loaded<Sessions> = $state.raw({ kind: 'loading' })
  /** Why the last change failed, until the next one. */
  failure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  readonly #refresher: Refresher
  readonly #newest = new Newest()
  #search = ''

  constructor(api: RoutexApi) {
    this.#api = api
    this.#refresher = new Refresher(api, { load: () => this.load(), pauseMs: 1_000, everyMs: LOOK_EVERY_MS })
  }

  /** Follows the requests that end, at most once a second, and what happens without one. Returns what ends it. */
  listen(): () => void {
    return this.#refresher.listen()
  }

  /** Lists only what has this text in it; '' lists all. */
  async find(text: string): Promise<void> {
    this.#search = text.trim().slice(0, LONGEST_SEARCH)
    await this.load()
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    this.#refresher.noteLoad()
    const search = this.#search
    const isWanted = (): boolean => search === this.#search && this.#newest.takes(asked)
    try {
      const [{ sessions, found, total }, stats] = await Promise.all([
        this.#api.call('sessions.list', { limit: MOST_SESSIONS, ...(search !== '' && { search }) }),
        this.#api.call('stats.sessions', {})
      ])
      if (isWanted()) this.sessions = { kind: 'ready', value: { list: sessions, found, total, stats } }
    } catch (cause) {
      if (this.sessions.kind !== 'ready' && isWanted()) this.sessions = { kind: 'failed', failure: asFailure(cause) }
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
}
