import { SvelteMap } from 'svelte/reactivity'
import type { BudgetStanding } from '../../../shared/budget'
import type { ChannelView } from '../../../shared/channel'
import {
  channelStandings,
  countHealthy,
  UNKNOWN_STANDING,
  type ChannelStanding,
  type HealthCount
} from '../../../shared/channel-standing'
import type { RoutexApi } from '../../../shared/contract'
import type { ChannelHealthView } from '../../../shared/health'
import type { ChannelId } from '../../../shared/ids'
import { asFailure, type ApiFailure } from '../backend'
import { ChannelSlots } from '../channel-slots'
import { slotColor } from '../chart-colors'
import type { Loaded } from '../loaded'
import { Newest } from '../newest'

/** What decides, beside their health, how channels stand. */
interface StandingsFrom {
  /** The channel that is used alone, if one is. */
  readonly only: () => ChannelId | null
  readonly budgets: () => readonly BudgetStanding[]
}

/** The channels with what was observed of them. */
export class ChannelsState {
  list: Loaded<readonly ChannelView[]> = $state.raw({ kind: 'loading' })
  readonly health = new SvelteMap<ChannelId, ChannelHealthView>()
  /** Why the last change of a channel failed, beside that channel until its next change. */
  readonly failures = new SvelteMap<ChannelId, ApiFailure>()
  /** Those that are there, in the order of the list; empty while it is not known. */
  readonly all: readonly ChannelView[] = $derived(this.list.kind === 'ready' ? this.list.value : [])
  /** The Demo alone is not a channel of the user's. */
  readonly own: readonly ChannelView[] = $derived(this.all.filter(({ managedBy }) => managedBy !== 'built-in'))

  readonly #standings = $derived.by(() =>
    channelStandings({
      channels: this.all,
      health: (id) => this.health.get(id),
      budgets: this.#given.budgets(),
      onlyChannel: this.#given.only()
    })
  )
  readonly count: HealthCount = $derived(countHealthy(this.#standings.values()))
  readonly #byId = $derived(new Map(this.all.map((channel) => [channel.id, channel])))

  readonly #api: RoutexApi
  readonly #newestList = new Newest()
  /** By the id of the channel: an event tells of one. */
  readonly #newestHealth = new Newest()
  readonly #palette = new ChannelSlots()
  #slots: ReadonlyMap<string, number> = $state.raw(new Map())
  readonly #given: StandingsFrom
  #loading: Promise<void> | null = null
  #stale = false

  constructor(api: RoutexApi, given: StandingsFrom = { only: () => null, budgets: () => [] }) {
    this.#api = api
    this.#given = given
  }

  listen(): () => void {
    const stops = [
      this.#api.on('health.changed', (health) => {
        this.#newestHealth.told(health.id)
        this.health.set(health.id, health)
      }),
      this.#api.on('channel.changed', () => void this.load())
    ]
    return () => stops.forEach((stop) => stop())
  }

  get(id: ChannelId): ChannelView | undefined {
    return this.#byId.get(id)
  }

  /** How it stands, the same on every page; as a healthy one while it is not known. */
  standingOf(id: ChannelId): ChannelStanding {
    return this.#standings.get(id) ?? UNKNOWN_STANDING
  }

  /** The channel's name; null for one that is gone. */
  channelName(id: ChannelId): string | null {
    return this.#byId.get(id)?.name ?? null
  }

  /** Its place in the chart palette; null for one that is gone. */
  slotOf(id: string): number | null {
    return this.#slots.get(id) ?? null
  }

  /** Its colour on every page, as a CSS value; grey for one that is gone. */
  colorOf(id: string): string {
    const slot = this.slotOf(id)
    return slot === null ? 'var(--chart-gone)' : slotColor(slot)
  }

  /** Loads list and health together. Asked again while it loads, it loads once more after; resolves when both are that new. */
  load(): Promise<void> {
    if (this.#loading) this.#stale = true
    else this.#loading = this.#loadAll()
    return this.#loading
  }

  async #loadAll(): Promise<void> {
    try {
      do {
        this.#stale = false
        await this.#loadOnce()
      } while (this.#mustLoadAgain())
    } finally {
      this.#loading = null
    }
  }

  /** The moment before a change that the page makes itself, for `take`. */
  askList(): number {
    return this.#newestList.ask()
  }

  /** Shows the list as the answer to such a change tells it. If a newer one is known, it is read anew instead. */
  async take(channels: readonly ChannelView[], asked: number): Promise<void> {
    if (this.#newestList.takes(asked)) this.#show(channels)
    else await this.load()
  }

  async clearHealth(id: ChannelId): Promise<void> {
    await this.#change(id, async () => {
      const asked = this.#newestHealth.ask()
      const health = await this.#api.call('channels.clearHealth', { id })
      if (this.#newestHealth.takes(asked, id)) this.health.set(id, health)
    })
  }

  async #change(id: ChannelId, change: () => Promise<void>): Promise<void> {
    this.failures.delete(id)
    try {
      await change()
    } catch (cause) {
      this.failures.set(id, asFailure(cause))
    }
  }

  async #loadOnce(): Promise<void> {
    const askedList = this.#newestList.ask()
    const askedHealth = this.#newestHealth.ask()
    try {
      const [{ channels }, health] = await Promise.all([
        this.#api.call('channels.list', {}),
        this.#api.call('stats.health', {})
      ])
      this.#takeHealth(health.channels, askedHealth)
      if (this.#newestList.takes(askedList)) this.#show(channels)
    } catch (cause) {
      if (this.list.kind !== 'ready') this.list = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  #mustLoadAgain(): boolean {
    return this.#stale
  }

  /** What was told of a channel since it was asked for stays, though it be one that the answer doesn't know yet. */
  #takeHealth(views: readonly ChannelHealthView[], asked: number): void {
    const listed = new Map(views.map((view) => [view.id, view]))
    for (const id of new Set([...this.health.keys(), ...listed.keys()])) {
      if (!this.#newestHealth.takes(asked, id)) continue
      const view = listed.get(id)
      if (view) this.health.set(id, view)
      else this.health.delete(id)
    }
  }

  #show(channels: readonly ChannelView[]): void {
    this.#slots = this.#palette.assign(channels.map(({ id }) => id))
    this.list = { kind: 'ready', value: channels }
  }
}
