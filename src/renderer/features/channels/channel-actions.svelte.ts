import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import { RESTORABLE_MS, type ChannelView } from '../../../shared/channel'
import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import { asFailure, type ApiFailure } from '../../lib/backend'

/** What `channels.arrange` can set of a channel. */
type Arrangement = Partial<Pick<ChannelView, 'priority' | 'weight' | 'enabled'>>

export type ArrangedChannel = Arrangement & { readonly id: ChannelId }

export interface Retry {
  readonly ms: number
  readonly run: () => void
}

/** What the actions need of the page around them. */
export interface ActionsAround {
  readonly api: RoutexApi
  /** As they were last read. */
  channels(): readonly ChannelView[]
  /** The moment before a change, for `take`. */
  askList(): number
  /** The list as a change left it, resolved when it, or a newer one, is shown. `channel.changed` brings the same a moment later. */
  take(channels: readonly ChannelView[], asked: number): Promise<void>
  /** Says what was done; `undo` brings it back. */
  tell(deleted: readonly ChannelView[], undo: () => void): void
  /** Whose names were taken meanwhile: they came back under free ones. May be none. */
  tellRenamed(channels: readonly ChannelView[]): void
  /** An undo that failed: there is no row left to say it beside. What `retry` offers ends after its `ms`. */
  tellNotYet(channels: readonly ChannelView[], failure: ApiFailure, retry: Retry): void
  /** An undo that came too late. */
  tellLost(channels: readonly ChannelView[]): void
}

/**
 * Changes of channels, shown at once and taken back when they are refused. What is under way stands over the list until the
 * list says the same.
 */
export class ChannelActions {
  /** Why the last change of a channel failed, beside that channel until its next change. */
  readonly failures = new SvelteMap<ChannelId, ApiFailure>()

  readonly #around: ActionsAround
  readonly #pending = new SvelteMap<ChannelId, Arrangement>()
  readonly #deleted = new SvelteSet<ChannelId>()

  constructor(around: ActionsAround) {
    this.#around = around
  }

  /** The list as it will be when what is under way has come through. */
  applied(channels: readonly ChannelView[]): readonly ChannelView[] {
    return channels
      .filter(({ id }) => !this.#deleted.has(id))
      .map((channel) => ({ ...channel, ...this.#pending.get(channel.id) }))
  }

  /** All of these changes, or none. */
  async arrange(changes: readonly ArrangedChannel[]): Promise<boolean> {
    if (changes.length === 0) return true
    for (const { id, ...change } of changes) {
      this.failures.delete(id)
      this.#pending.set(id, { ...this.#pending.get(id), ...change })
    }
    const asked = this.#around.askList()
    try {
      const { channels } = await this.#around.api.call('channels.arrange', { changes: [...changes] })
      await this.#around.take(channels, asked)
      return true
    } catch (cause) {
      for (const { id } of changes) this.failures.set(id, asFailure(cause))
      return false
    } finally {
      for (const { id, ...change } of changes) this.#settle(id, change)
    }
  }

  /** Adds a copy, disabled; its id when it is there. */
  async duplicate(id: ChannelId): Promise<ChannelId | null> {
    return await this.#try(id, async () => {
      const asked = this.#around.askList()
      const copy = await this.#around.api.call('channels.duplicate', { id })
      await this.#add([copy], asked)
      return copy.id
    })
  }

  /** Deletes all of them or none; what went is told together with its undo. */
  async delete(channels: readonly ChannelView[]): Promise<void> {
    const ids = channels.map(({ id }) => id)
    for (const id of ids) {
      this.failures.delete(id)
      this.#deleted.add(id)
    }
    const asked = this.#around.askList()
    try {
      await this.#around.api.call('channels.deleteMany', { ids })
    } catch (cause) {
      for (const id of ids) {
        this.#deleted.delete(id)
        this.failures.set(id, asFailure(cause))
      }
      return
    }
    const keptUntil = inAMinute()
    // From now on the list says where they are: somebody else may bring them back.
    await this.#around.take(
      this.#around.channels().filter(({ id }) => !ids.includes(id)),
      asked
    )
    for (const id of ids) this.#deleted.delete(id)
    this.#around.tell(channels, () => void this.restore(channels, keptUntil))
  }

  /** Brings all of them back or none. What fails can be tried again while they are kept. */
  async restore(channels: readonly ChannelView[], keptUntil = inAMinute()): Promise<void> {
    const asked = this.#around.askList()
    try {
      const back = await this.#bringBack(channels.map(({ id }) => id))
      await this.#add(back, asked)
      const before = new Map(channels.map(({ id, name }) => [id, name]))
      this.#around.tellRenamed(back.filter(({ id, name }) => before.get(id) !== name))
    } catch (cause) {
      const failure = asFailure(cause)
      const ms = keptUntil - Date.now()
      if (failure.code === 'not_found' || ms <= 0) this.#around.tellLost(channels)
      else this.#around.tellNotYet(channels, failure, { ms, run: () => void this.restore(channels, keptUntil) })
    }
  }

  async #bringBack(ids: readonly ChannelId[]): Promise<readonly ChannelView[]> {
    const { api } = this.#around
    try {
      return (await api.call('channels.restoreMany', { ids: [...ids] })).channels
    } catch (cause) {
      if (asFailure(cause).code !== 'not_found') throw cause
      // They may be back already: by a try whose answer was lost, or from elsewhere.
      const { channels } = await api.call('channels.list', {})
      const back = channels.filter(({ id }) => ids.includes(id))
      const missing = ids.filter((id) => back.every((channel) => channel.id !== id))
      if (missing.length === ids.length) throw cause
      // All come back or none, so those that are back already held up the others.
      const rest = missing.length === 0 ? [] : (await api.call('channels.restoreMany', { ids: missing })).channels
      return [...back, ...rest]
    }
  }

  async #add(channels: readonly ChannelView[], asked: number): Promise<void> {
    const added = new Set(channels.map(({ id }) => id))
    await this.#around.take([...this.#around.channels().filter(({ id }) => !added.has(id)), ...channels], asked)
  }

  async #try<T>(id: ChannelId, change: () => Promise<T>): Promise<T | null> {
    this.failures.delete(id)
    try {
      return await change()
    } catch (cause) {
      this.failures.set(id, asFailure(cause))
      return null
    }
  }

  /** Takes away what this change put over the list, and nothing that a later one put there. */
  #settle(id: ChannelId, change: Arrangement): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    const left = Object.fromEntries(
      Object.entries(pending).filter(([field, value]) => Reflect.get(change, field) !== value)
    )
    if (Object.keys(left).length === 0) this.#pending.delete(id)
    else this.#pending.set(id, left)
  }
}

/** Not the time that the answer says: the clock of another machine may differ from this one's. */
const inAMinute = (): number => Date.now() + RESTORABLE_MS
