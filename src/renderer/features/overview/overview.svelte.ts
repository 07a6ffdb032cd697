import { SvelteMap } from 'svelte/reactivity'
import type { RoutexApi } from '../../../shared/contract'
import type { Overview } from '../../../shared/stats'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'
import { Refresher } from '../../lib/refresher'
import { TIME_RANGES, type TimeRangeName } from '../../lib/time-range'
import { groupings, requestsByGroup, toCostStack, type CostStack, type Grouping } from './groups'
import { KeptBuckets } from './kept-buckets'
import { toPoints, type Point } from './points'
import { barFrame, isLong, lineFrame, periods, type Frame } from './spans'

/** Figures are asked for at most this often, however many requests end; those of days more seldom. */
const shortestPauseMs = 1_500
const longSpanPauseMs = 10_000
/** Everything anew: the charts move on with the clock, and what an event left out is caught up with. */
const fullEveryMs = 30_000

const spanKey = 'routex.overview.span'
const groupingKey = 'routex.overview.grouping'

/** What was chosen when the page was last open. */
function remembered<T extends string>(key: string, choices: readonly T[]): T | null {
  const chosen = localStorage.getItem(key)
  return choices.find((choice) => choice === chosen) ?? null
}

/** Figures of one stretch of time, all of the same moment. */
export interface SpanFigures {
  readonly span: TimeRangeName
  readonly present: Overview
  /** Of as long a time before. */
  readonly before: Overview
  readonly frame: Frame
  readonly points: readonly Point[]
  readonly grouping: Grouping
  readonly bars: Frame
  readonly costs: CostStack
  /** Requests of each channel, by id; '' for those that reached none. */
  readonly requestsByChannel: ReadonlyMap<string, number>
}

/** What the Overview shows of a span, kept fresh by finished requests and by the clock while the page can be seen. */
export class OverviewState {
  span: TimeRangeName = $state(remembered(spanKey, TIME_RANGES) ?? '24h')
  grouping: Grouping = $state(remembered(groupingKey, groupings) ?? 'channel')
  figures: Loaded<SpanFigures> = $state.raw({ kind: 'loading' })
  /** Why the last refresh failed, while older figures are still shown. */
  refreshFailure: ApiFailure | null = $state.raw(null)
  /** Names of client keys by id, once they were needed; null for one that was revoked. */
  readonly clientKeyNames = new SvelteMap<string, string | null>()

  readonly #api: RoutexApi
  readonly #refresher: Refresher
  readonly #whole: KeptBuckets
  readonly #groups: Readonly<Record<Grouping, KeptBuckets>>
  #changedSince: number | null = null
  #before: { readonly span: TimeRangeName; readonly minute: number; readonly totals: Overview } | null = null
  #loading: Promise<void> | null = null
  #again: 'all' | 'tail' | null = null

  constructor(api: RoutexApi) {
    this.#api = api
    this.#refresher = new Refresher(api, {
      load: () => this.#load('tail'),
      loadAll: () => this.#load('all'),
      pauseMs: () => (isLong(this.span) ? longSpanPauseMs : shortestPauseMs),
      everyMs: fullEveryMs
    })
    this.#whole = new KeptBuckets(api, null)
    this.#groups = {
      channel: new KeptBuckets(api, 'channel'),
      model: new KeptBuckets(api, 'model'),
      clientKey: new KeptBuckets(api, 'clientKey')
    }
  }

  /** Follows finished requests and the clock. Returns what ends it. */
  listen(): () => void {
    const stopNoting = this.#api.on('request.finished', ({ rows }) => {
      for (const { at } of rows) this.#noteChange(at)
    })
    const stopRefreshing = this.#refresher.listen()
    return () => {
      stopNoting()
      stopRefreshing()
    }
  }

  async setSpan(span: TimeRangeName): Promise<void> {
    this.span = span
    localStorage.setItem(spanKey, span)
    await this.load()
  }

  async setGrouping(grouping: Grouping): Promise<void> {
    this.grouping = grouping
    localStorage.setItem(groupingKey, grouping)
    await this.#load('all')
  }

  /** Everything anew. */
  async load(): Promise<void> {
    await this.#load('all')
  }

  /** One at a time: asked again while it loads, it loads once more after. */
  async #load(what: 'all' | 'tail'): Promise<void> {
    if (this.#loading) {
      if (this.#again !== 'all') this.#again = what
      return this.#loading
    }
    this.#loading = this.#loadUntilFresh(what)
    await this.#loading
    this.#loading = null
  }

  async #loadUntilFresh(first: 'all' | 'tail'): Promise<void> {
    let next: 'all' | 'tail' | null = first
    while (next) {
      this.#again = null
      await this.#loadOnce(next)
      next = this.#again
    }
  }

  async #loadOnce(what: 'all' | 'tail'): Promise<void> {
    this.#refresher.noteLoad()
    const { span, grouping } = this
    const now = Date.now()
    const changedSince = what === 'all' ? null : (this.#changedSince ?? now)
    this.#changedSince = null
    try {
      const figures = await this.#ask(span, grouping, now, changedSince)
      if (grouping === 'clientKey') await this.#nameClientKeys(figures.costs)
      this.figures = { kind: 'ready', value: figures }
      this.refreshFailure = null
    } catch (cause) {
      const failure = asFailure(cause)
      const shown = this.figures.kind === 'ready' && this.figures.value.span === span
      if (shown) this.refreshFailure = failure
      else this.figures = { kind: 'failed', failure }
      // What this load did not bring, the next must.
      if (changedSince !== null) this.#noteChange(changedSince)
    }
  }

  #noteChange(at: number): void {
    this.#changedSince = Math.min(this.#changedSince ?? at, at)
  }

  async #ask(span: TimeRangeName, grouping: Grouping, now: number, changedSince: number | null): Promise<SpanFigures> {
    const period = periods(span, now).present
    const [frame, bars] = [lineFrame(span, period), barFrame(span, period)]
    const [present, before, whole, byChannel, byOther] = await Promise.all([
      this.#api.call('stats.overview', period),
      this.#totalsBefore(span, now),
      this.#whole.load(frame, changedSince),
      this.#groups.channel.load(bars, changedSince),
      grouping === 'channel' ? null : this.#groups[grouping].load(bars, changedSince)
    ])
    return {
      span,
      present,
      before,
      frame,
      points: toPoints(whole, frame),
      grouping,
      bars,
      costs: toCostStack(byOther ?? byChannel, bars),
      requestsByChannel: requestsByGroup(byChannel)
    }
  }

  /** They change with the minute alone. */
  async #totalsBefore(span: TimeRangeName, now: number): Promise<Overview> {
    const minute = Math.floor(now / 60_000)
    if (this.#before?.span === span && this.#before.minute === minute) return this.#before.totals
    const totals = await this.#api.call('stats.overview', periods(span, now).before)
    this.#before = { span, minute, totals }
    return totals
  }

  async #nameClientKeys({ groups }: CostStack): Promise<void> {
    const ids = groups.flatMap(({ group }) => (group === null || group === '' ? [] : [group]))
    if (ids.every((id) => this.clientKeyNames.has(id))) return
    const { keys } = await this.#api.call('clientKeys.list', {})
    for (const id of ids) this.clientKeyNames.set(id, null)
    for (const { id, name } of keys) this.clientKeyNames.set(id, name)
  }
}
