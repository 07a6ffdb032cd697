import type { EventPayload, RoutexApi } from '../../../shared/contract'
import type { RequestId } from '../../../shared/ids'
import type { LogFilter } from '../../../shared/log-filter'
import type { RequestRow } from '../../../shared/request-log'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { readFilterText, type FilterNames, type ReadFilter } from './filter-text'
import { filterPart, merged, PAGE_ROWS, readNewest } from './log-rows'
import { matchesFilter } from './matches-filter'
import { MissingRows } from './missing-rows'

/** Rows that the page keeps; the oldest are let go and read again when they are scrolled to. */
const MOST_ROWS = 10_000
const ROWS_LEFT = 8_000

/** A request that ends after a gap may have arrived so long before it, ms; longer ones are there when the list is read anew. */
const LONGEST_MS = 15 * 60_000
/** After the last request that ended, ms: rows are told some time after they can be counted, so a count in between is off by some. */
const QUIET_MS = 1_500

/** Where the next older page begins. */
type Older =
  | { readonly kind: 'cursor'; readonly cursor: string }
  /** Rows before this one were let go: by its time, each row once. */
  | { readonly kind: 'before'; readonly at: number }
  | { readonly kind: 'end' }

/**
 * The log as the page shows it: what the filter asks for, newest first, more of it on the way down, and what ends now at the top.
 * While the list is paused or scrolled away from its top, new rows wait, so nothing jumps.
 */
export class LogsState {
  /** As it was typed. */
  text = $state('')
  read: ReadFilter = $state.raw({ filter: {}, tokens: [] })
  /** A part of the filter is not understood: nothing is asked for and nothing shown until it is mended. */
  readonly unread: boolean = $derived(this.read.tokens.some(({ problem }) => problem !== null))
  list: Loaded<readonly RequestRow[]> = $state.raw({ kind: 'loading' })
  /** Why the last older page did not come. */
  olderFailure: ApiFailure | null = $state.raw(null)
  loadingOlder = $state(false)
  atEnd = $state(false)
  /** New rows enter at the top. */
  following = $state(true)
  waitingCount = $state(0)
  /** How many rows match in all; null until it is known. */
  total: { readonly rows: number; readonly more: boolean } | null = $state.raw(null)
  selectedId: RequestId | null = $state(null)
  readonly selected: RequestRow | null = $derived.by(() => this.#find(this.selectedId))

  readonly #api: RoutexApi
  readonly #names: () => FilterNames
  readonly #now: () => number
  #older: Older = { kind: 'end' }
  /** The row that is open, for when it is not in the list: it is older, or was let go. */
  #kept: RequestRow | null = null
  #waiting: readonly RequestRow[] = []
  /** More ended than can wait: the list is read anew when what waits may enter. */
  #isBehind = false
  /** What ended while the first page is asked for: it may or may not be in it. */
  #early: readonly RequestRow[] = []
  #loading = false
  readonly #missing = new MissingRows({
    // A list that is behind is read anew anyway.
    mayRead: () => !this.#loading && !this.#isBehind && this.list.kind === 'ready',
    readSince: (from) => this.#readSince(Math.max(from, this.read.filter.from ?? -Infinity, this.#bottom())),
    again: () => void this.#recount()
  })
  #quiet: ReturnType<typeof setTimeout> | undefined
  /** Rows that came in while their count is asked for. */
  #uncounted = 0
  #atTop = true
  /** Tells the answers of an earlier filter. */
  #asked = 0

  constructor(api: RoutexApi, names: () => FilterNames, now: () => number = Date.now) {
    this.#api = api
    this.#names = names
    this.#now = now
  }

  listen(): () => void {
    const stop = this.#api.on('request.finished', (told) => this.#add(told))
    return () => {
      stop()
      this.#missing.stop()
      clearTimeout(this.#quiet)
    }
  }

  /** Takes a filter as it was typed, and loads its first page. */
  async apply(text: string): Promise<void> {
    this.text = text
    this.#kept = null
    await this.load()
  }

  /** The first page, anew. */
  async load(): Promise<void> {
    const asked = ++this.#asked
    this.read = readFilterText(this.text, this.#names(), this.#now())
    this.#forgetWaiting()
    this.#early = []
    this.#missing.forget()
    this.#loading = !this.unread
    this.total = null
    this.olderFailure = null
    if (this.unread) {
      this.#older = { kind: 'end' }
      this.list = { kind: 'ready', value: [] }
      return
    }
    if (this.list.kind !== 'ready') this.list = { kind: 'loading' }
    try {
      const { rows, nextCursor } = await this.#api.call('logs.query', {
        limit: PAGE_ROWS,
        ...filterPart(this.read.filter)
      })
      if (asked !== this.#asked) return
      this.#begin(merged(this.#early, rows), nextCursor)
    } catch (cause) {
      if (asked === this.#asked) this.#fail(cause)
      return
    }
    await this.#recount()
  }

  /** After a gap: the rows stay, and what ended meanwhile comes in as if it had just been told. */
  async catchUp(): Promise<void> {
    if (this.list.kind !== 'ready' || this.list.value.length === 0) {
      await this.load()
      return
    }
    const newest = this.#waiting[0] ?? this.list.value[0]
    this.#missing.note((newest?.at ?? 0) - LONGEST_MS)
    await this.#recount()
  }

  /** The next older page, when there is one and none is under way. */
  async loadOlder(): Promise<void> {
    const older = this.#older
    if (this.list.kind !== 'ready' || this.loadingOlder || older.kind === 'end') return
    const asked = this.#asked
    this.loadingOlder = true
    this.olderFailure = null
    try {
      const page = await this.#api.call('logs.query', { limit: PAGE_ROWS, ...this.#place(older) })
      if (asked !== this.#asked) return
      this.#older = page.nextCursor === null ? { kind: 'end' } : { kind: 'cursor', cursor: page.nextCursor }
      this.atEnd = page.nextCursor === null
      this.list = { kind: 'ready', value: merged(this.list.value, page.rows) }
    } catch (cause) {
      if (asked === this.#asked) this.olderFailure = asFailure(cause)
    } finally {
      this.loadingOlder = false
    }
  }

  /** Told by the list when it is scrolled. At the top, what waited enters. */
  setAtTop(atTop: boolean): void {
    this.#atTop = atTop
    this.#letIn()
  }

  setFollowing(following: boolean): void {
    this.following = following
    this.#letIn()
  }

  /** Brings in what waits, wherever the list stands. */
  showWaiting(): void {
    this.#enter()
  }

  select(id: RequestId | null): void {
    this.#kept = this.#find(id)
    this.selectedId = id
  }

  /** Selects a row that a link names, also one that is older than the list. One that is gone is not selected. */
  async open(id: RequestId): Promise<void> {
    if (this.#find(id) === null) {
      try {
        this.#kept = await this.#api.call('logs.get', { id })
      } catch {
        return // its row was deleted by the retention: the list stands without it
      }
    }
    this.select(id)
  }

  /** Selects the row this many places further down (or up); the first one when none is selected. Returns its place. */
  move(by: number): number | null {
    if (this.list.kind !== 'ready' || this.list.value.length === 0) return null
    const rows = this.list.value
    const at = rows.findIndex(({ id }) => id === this.selectedId)
    const next = at === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))
    this.select(rows[next]?.id ?? null)
    return next
  }

  #find(id: RequestId | null): RequestRow | null {
    if (id === null) return null
    const listed = this.list.kind === 'ready' ? this.list.value.find((row) => row.id === id) : undefined
    return listed ?? (this.#kept?.id === id ? this.#kept : null)
  }

  #place(older: Exclude<Older, { kind: 'end' }>): { cursor?: string; filter?: LogFilter } {
    if (older.kind === 'cursor') return { cursor: older.cursor, ...filterPart(this.read.filter) }
    return { filter: { ...this.read.filter, to: older.at + 1 } }
  }

  /** Counts once nothing is missing: what is read afterwards is in the count already. */
  async #recount(): Promise<void> {
    await this.#missing.fill()
    // One that is told as "more than" is not worth the counting.
    if (this.list.kind !== 'ready' || this.#loading || this.unread || this.total?.more === true) return
    const asked = this.#asked
    this.#uncounted = 0
    try {
      const total = await this.#api.call('logs.count', filterPart(this.read.filter))
      if (asked === this.#asked) this.total = { ...total, rows: total.rows + this.#uncounted }
    } catch {
      // The list is what matters; without its count it says so by leaving it out.
      if (asked === this.#asked) this.total = null
    }
  }

  #add({ rows, missingFrom }: EventPayload<'request.finished'>): void {
    if (this.unread) return
    if (missingFrom !== undefined) this.#missing.note(missingFrom)
    const wanted = rows.filter((row) => matchesFilter(row, this.read.filter))
    if (this.#loading) this.#early = merged(wanted, this.#early)
    else if (this.list.kind === 'ready') this.#take(wanted)
    void this.#missing.fill()
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => void this.#recount(), QUIET_MS)
  }

  /** Rows that were told or read. A query sees what ended before it is told, so some are here and counted already. */
  #take(rows: readonly RequestRow[]): void {
    if (this.list.kind !== 'ready' || rows.length === 0) return
    const known = new Set([...this.list.value, ...this.#waiting].map(({ id }) => id))
    const fresh = rows.filter(({ id }) => !known.has(id))
    this.#uncounted += fresh.length
    if (this.total !== null) this.total = { ...this.total, rows: this.total.rows + fresh.length }
    this.#hold(fresh)
  }

  /** Where the older pages go on, which bring what is below by themselves. */
  #bottom(): number {
    const last = this.list.kind === 'ready' ? this.list.value.at(-1) : undefined
    return this.atEnd ? -Infinity : (last?.at ?? -Infinity)
  }

  /** false: it could not be read. */
  async #readSince(from: number): Promise<boolean> {
    const asked = this.#asked
    try {
      const found = await readNewest(this.#api, { ...this.read.filter, from }, () => asked === this.#asked)
      if (found === null) return true
      this.#isBehind ||= found.more
      this.#take(found.rows)
      return true
    } catch {
      // The rows that are there stay, as where the connection is lost, which the frame tells.
      return asked !== this.#asked
    }
  }

  #fail(cause: unknown): void {
    this.#loading = false
    this.list = { kind: 'failed', failure: asFailure(cause) }
  }

  #hold(rows: readonly RequestRow[]): void {
    this.#waiting = merged(rows, this.#waiting).slice(0, MOST_ROWS)
    this.waitingCount = this.#waiting.length
    this.#letIn()
  }

  /** The list anew, down to where the cursor goes on. */
  #begin(rows: readonly RequestRow[], nextCursor: string | null): void {
    this.#older = nextCursor === null ? { kind: 'end' } : { kind: 'cursor', cursor: nextCursor }
    this.atEnd = nextCursor === null
    this.#loading = false
    this.#early = []
    this.list = { kind: 'ready', value: merged(this.#waiting, rows) }
    this.#forgetWaiting()
  }

  #letIn(): void {
    const isEmpty = this.list.kind === 'ready' && this.list.value.length === 0
    if (this.following && (this.#atTop || isEmpty)) this.#enter()
  }

  #enter(): void {
    if (this.#isBehind) {
      void this.load()
      return
    }
    if (this.list.kind !== 'ready' || this.#waiting.length === 0) return
    let rows = merged(this.#waiting, this.list.value)
    if (rows.length > MOST_ROWS) {
      rows = rows.slice(0, ROWS_LEFT)
      this.#older = { kind: 'before', at: rows.at(-1)?.at ?? 0 }
      this.atEnd = false
    }
    this.list = { kind: 'ready', value: rows }
    this.#forgetWaiting()
  }

  #forgetWaiting(): void {
    this.#isBehind = false
    this.#waiting = []
    this.waitingCount = 0
  }
}
