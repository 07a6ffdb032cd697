import type { BudgetStanding } from '../../shared/budget'
import { channelStandings, type ChannelStanding } from '../../shared/channel-standing'
import { calls } from '../../shared/contract'
import type { ChannelHealthView } from '../../shared/health'
import type { ChannelId } from '../../shared/ids'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Api } from '../api/api'

/** Changes within this are told as one, ms. */
const GATHER_MS = 200

export interface ChannelWatchOptions {
  readonly api: Pick<Api, 'call' | 'on'>
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * The channels with their health and budgets, followed for tray and notifications. A rest that ends by itself is no event, so the end
 * of the first one is waited for as well.
 */
export class ChannelWatch {
  readonly #options: ChannelWatchOptions
  readonly #listeners = new Set<(channels: readonly ChannelHealthView[]) => void>()
  readonly #stops: readonly Stop[]
  #channels: readonly ChannelHealthView[] = []
  #budgets: readonly BudgetStanding[] = []
  /** Tells an answer that is older than what was told since. */
  #budgetsTold = 0
  #pending: Stop | undefined
  #nextEnd: Stop | undefined
  #stopped = false

  constructor(options: ChannelWatchOptions) {
    this.#options = options
    const { api } = options
    const soon = (): void => this.#readSoon()
    this.#stops = [
      api.on('health.changed', soon),
      api.on('channel.changed', soon),
      api.on('budgets.changed', ({ budgets }) => this.#takeBudgets(budgets))
    ]
    this.read()
  }

  get channels(): readonly ChannelHealthView[] {
    return this.#channels
  }

  /** How the channels stand. `onlyChannel`: the one that is used alone; null: all. */
  standings(onlyChannel: ChannelId | null): ReadonlyMap<ChannelId, ChannelStanding> {
    const health = new Map(this.#channels.map((channel) => [channel.id, channel]))
    return channelStandings({
      channels: this.#channels,
      health: (id) => health.get(id),
      budgets: this.#budgets,
      onlyChannel
    })
  }

  onChange(listener: (channels: readonly ChannelHealthView[]) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads them anew now; for a machine that slept, whose timers are late. */
  read(): void {
    this.#pending?.()
    this.#pending = undefined
    this.#readAll().catch((error: unknown) => {
      this.#options.logger.error('the health of the channels could not be read', { error })
    })
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop()
    this.#pending?.()
    this.#nextEnd?.()
    this.#listeners.clear()
  }

  #readSoon(): void {
    this.#pending ??= this.#options.clock.after(GATHER_MS, () => this.read())
  }

  async #readAll(): Promise<void> {
    const { api } = this.#options
    const told = this.#budgetsTold
    const [health, budgets] = await Promise.all([api.call('stats.health', {}), api.call('budgets.list', {})])
    if (told === this.#budgetsTold) this.#budgets = calls['budgets.list'].result.parse(budgets).budgets
    this.#take(calls['stats.health'].result.parse(health).channels)
  }

  /** Each request that costs something changes them; only what is used up, or no longer is, is told on. */
  #takeBudgets(budgets: readonly BudgetStanding[]): void {
    this.#budgetsTold++
    const before = standingsOf(this.#budgets)
    this.#budgets = budgets
    if (standingsOf(budgets) === before) return
    for (const listener of this.#listeners) listener(this.#channels)
  }

  #take(channels: readonly ChannelHealthView[]): void {
    if (this.#stopped) return
    const { clock } = this.#options
    this.#channels = channels
    this.#nextEnd?.()
    const now = clock.now()
    const ends = channels.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []))
    // A rest is over when its end has passed, so one millisecond later.
    this.#nextEnd = ends.length === 0 ? undefined : clock.after(Math.min(...ends) - now + 1, () => this.read())
    for (const listener of this.#listeners) listener(channels)
  }
}

/** What of budgets decides how channels stand. */
const standingsOf = (budgets: readonly BudgetStanding[]): string =>
  JSON.stringify(
    budgets.flatMap(({ owner, state, switchesTo, switchTakesAll, until }) =>
      owner.kind === 'channel' && state === 'used_up' ? [[owner.id, switchesTo, switchTakesAll, until]] : []
    )
  )
