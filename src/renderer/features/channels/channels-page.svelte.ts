import type { ChannelView } from '../../../shared/channel'
import type { ChannelId } from '../../../shared/ids'
import type { AppState } from '../../lib/app.svelte'
import { protocolNames } from '../../lib/protocol-names'
import { ChannelActions, type ActionsAround, type ArrangedChannel } from './channel-actions.svelte'
import { FiguresState } from './figures.svelte'
import { Selection } from './selection.svelte'
import { move, step, tiersOf, type Place, type Priorities } from './tiers'

export type View = 'table' | 'cards'

const viewKey = 'routex.channels.view'
const rememberedView = (): View => (localStorage.getItem(viewKey) === 'cards' ? 'cards' : 'table')

/** What the page tells beside the list. */
export interface Said extends Pick<ActionsAround, 'tell' | 'tellRenamed' | 'tellNotYet' | 'tellLost'> {
  /** Channels that were moved or changed together, as they are now; `undo` puts them back as they were. */
  tellArranged(channels: readonly ChannelView[], undo: () => void): void
  /** `undo`: where edits that were not saved went with it. */
  tellDeletedElsewhere(channel: ChannelView, undo: (() => void) | null): void
}

/** What the Channels page shows, and what can be done there. */
export class ChannelsPageState {
  search = $state('')
  readonly selection = new Selection()
  readonly figures: FiguresState
  readonly actions: ChannelActions
  /** The user's own channels, with the changes that are under way. */
  readonly channels: readonly ChannelView[] = $derived.by(() => this.actions.applied(this.#app.channels.own))
  readonly tiers = $derived(tiersOf(this.channels))
  readonly found = $derived(this.channels.filter((channel) => matches(channel, this.search)))
  readonly shownTiers = $derived(tiersOf(this.found))
  /** In the order shown. */
  readonly shownIds: readonly ChannelId[] = $derived(
    this.shownTiers.flatMap(({ channels }) => channels.map(({ id }) => id))
  )
  /** Those that the user may change, in the order shown. */
  readonly selectableIds: readonly ChannelId[] = $derived(
    this.shownTiers.flatMap(({ channels }) => channels.filter(isOwn).map(({ id }) => id))
  )
  /** Those of the selection that the search leaves: nothing happens to what is not seen. */
  readonly selected = $derived(this.found.filter(({ id }) => this.selection.has(id)))
  /** Where the sliders of weights end. */
  readonly mostWeight = $derived(Math.max(10, ...this.channels.map(({ weight }) => weight)))

  readonly #app: Pick<AppState, 'channels'>
  readonly #said: Said
  #view: View = $state(rememberedView())

  constructor(app: Pick<AppState, 'backend' | 'channels'>, said: Said) {
    this.#app = app
    this.#said = said
    this.figures = new FiguresState(app.backend)
    this.actions = new ChannelActions({
      api: app.backend,
      channels: () => app.channels.all,
      askList: () => app.channels.askList(),
      take: (channels, asked) => app.channels.take(channels, asked),
      tell: (deleted, undo) => said.tell(deleted, undo),
      tellRenamed: (channels) => said.tellRenamed(channels),
      tellNotYet: (channels, failure, retry) => said.tellNotYet(channels, failure, retry),
      tellLost: (channels) => said.tellLost(channels)
    })
  }

  get view(): View {
    return this.#view
  }

  /** Remembered for the next time. */
  set view(view: View) {
    this.#view = view
    localStorage.setItem(viewKey, view)
  }

  /** What is moved with this one: the selection that it is in, or it alone. */
  companionsOf(id: ChannelId): ReadonlySet<ChannelId> {
    return this.selection.has(id) ? new Set(this.selected.map((channel) => channel.id)) : new Set([id])
  }

  /** Puts it there, and its companions; false when the config file's channels leave no room. */
  async move(id: ChannelId, place: Place): Promise<boolean> {
    return await this.#prioritize(this.companionsOf(id), move(this.tiers, this.companionsOf(id), place))
  }

  /** One level up (-1) or down (1). */
  async step(id: ChannelId, by: -1 | 1): Promise<boolean> {
    return await this.#prioritize(new Set([id]), step(this.tiers, id, by))
  }

  async setEnabled(channels: readonly ChannelView[], enabled: boolean): Promise<void> {
    const changed = channels.filter((channel) => isOwn(channel) && channel.enabled !== enabled)
    const changes = changed.map(({ id }) => ({ id, enabled }))
    const undo = this.#undoOf(changes)
    const done = await this.actions.arrange(changes)
    // A switch takes itself back.
    if (done && changed.length > 1) this.#said.tellArranged(this.#now(changed), undo)
  }

  async setPriority(channels: readonly ChannelView[], priority: number): Promise<void> {
    const changed = channels.filter((channel) => isOwn(channel) && channel.priority !== priority)
    const changes = changed.map(({ id }) => ({ id, priority }))
    const undo = this.#undoOf(changes)
    const done = await this.actions.arrange(changes)
    if (done && changed.length > 0) this.#said.tellArranged(this.#now(changed), undo)
  }

  async setWeight(id: ChannelId, weight: number): Promise<void> {
    await this.actions.arrange([{ id, weight }])
  }

  /** Deletes those that the user may delete. */
  async delete(channels: readonly ChannelView[]): Promise<void> {
    const own = channels.filter(isOwn)
    const gone = new Set(own.map(({ id }) => id))
    this.selection.keepOnly(new Set(this.shownIds.filter((id) => !gone.has(id))))
    await this.actions.delete(own)
  }

  /** Edits that went with it come back with it; `onback` follows then. */
  tellDeletedElsewhere(channel: ChannelView, hasEdits: boolean, onback: () => void): void {
    const bringBack = async (): Promise<void> => {
      await this.actions.restore([channel])
      if (this.#app.channels.get(channel.id)) onback()
    }
    this.#said.tellDeletedElsewhere(channel, hasEdits ? () => void bringBack() : null)
  }

  /** The row that takes the place of these when they go: the next one, at the end the one before; null when none is left. */
  neighbourOf(ids: ReadonlySet<ChannelId>): ChannelId | null {
    const last = this.shownIds.findLastIndex((id) => ids.has(id))
    const left = (id: ChannelId): boolean => !ids.has(id)
    return this.shownIds.slice(last + 1).find(left) ?? this.shownIds.slice(0, Math.max(last, 0)).findLast(left) ?? null
  }

  async #prioritize(moved: ReadonlySet<ChannelId>, priorities: Priorities | null): Promise<boolean> {
    if (priorities === null) return false
    const changes = [...priorities].map(([id, priority]) => ({ id, priority }))
    const undo = this.#undoOf(changes)
    const done = await this.actions.arrange(changes)
    if (done && priorities.size > 0)
      this.#said.tellArranged(
        this.channels.filter(({ id }) => moved.has(id)),
        undo
      )
    return done
  }

  /** Puts back what these changes set, where it still is as they set it: what was set after them stays. */
  #undoOf(changes: readonly ArrangedChannel[]): () => void {
    const before = this.channels
    return () => {
      const back = changes.flatMap(({ id, priority, enabled }): ArrangedChannel[] => {
        const was = before.find((channel) => channel.id === id)
        const now = this.channels.find((channel) => channel.id === id)
        if (!was || !now) return []
        const moved = now.priority === priority && { priority: was.priority }
        const switched = now.enabled === enabled && { enabled: was.enabled }
        return moved || switched ? [{ id, ...moved, ...switched }] : []
      })
      void this.actions.arrange(back)
    }
  }

  /** The same channels as they became. */
  #now(channels: readonly ChannelView[]): readonly ChannelView[] {
    const ids = new Set(channels.map(({ id }) => id))
    return this.channels.filter(({ id }) => ids.has(id))
  }
}

/** The user's own: the config file's channels are changed there. */
export const isOwn = ({ managedBy }: ChannelView): boolean => managedBy === 'user'

/** Each word stands somewhere in the name, protocol, models or address. */
function matches(channel: ChannelView, search: string): boolean {
  const text = [channel.name, protocolNames[channel.protocol], channel.protocol, channel.baseUrl, ...channel.models]
    .join('\n')
    .toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
