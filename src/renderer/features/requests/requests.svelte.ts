import type { RoutexApi } from '../../../shared/contract'
import type { RequestRow } from '../../../shared/request-log'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

/** Rows that the live list keeps; older ones are in the log. */
const longestList = 200

/** The last requests, newest first. While the list is scrolled away from its top, new ones wait, so nothing jumps. */
export class RequestsState {
  list: Loaded<readonly RequestRow[]> = $state.raw({ kind: 'loading' })
  waiting: readonly RequestRow[] = $state.raw([])
  /** How many came while the list was scrolled away, more than are kept in `waiting`. */
  waitingCount = $state(0)

  readonly #api: RoutexApi
  #atTop = true
  #early: readonly RequestRow[] = []

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('request.finished', ({ rows }) => this.#add(rows))
  }

  async load(): Promise<void> {
    try {
      const { rows } = await this.#api.call('logs.query', { limit: longestList })
      // What ended while the query ran may or may not be in its answer.
      this.list = { kind: 'ready', value: newestFirst(this.#early, rows) }
      this.waiting = []
      this.waitingCount = 0
    } catch (cause) {
      if (this.list.kind !== 'ready') this.list = { kind: 'failed', failure: asFailure(cause) }
    } finally {
      this.#early = []
    }
  }

  /** Told by the list when it is scrolled. At the top, what waited enters. */
  setAtTop(atTop: boolean): void {
    this.#atTop = atTop
    if (atTop) this.#letIn()
  }

  #add(rows: readonly RequestRow[]): void {
    if (this.list.kind !== 'ready') {
      this.#early = newestFirst(rows, this.#early)
      return
    }
    this.waiting = newestFirst(rows, this.waiting)
    this.waitingCount += rows.length
    if (this.#atTop) this.#letIn()
  }

  #letIn(): void {
    if (this.list.kind !== 'ready' || this.waiting.length === 0) return
    this.list = { kind: 'ready', value: newestFirst(this.waiting, this.list.value) }
    this.waiting = []
    this.waitingCount = 0
  }
}

/** `more` and `rows` as one list by time of arrival, each request once, the newest kept. */
function newestFirst(more: readonly RequestRow[], rows: readonly RequestRow[]): readonly RequestRow[] {
  const byId = new Map([...rows, ...more].map((row) => [row.id, row]))
  return [...byId.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, longestList)
}
