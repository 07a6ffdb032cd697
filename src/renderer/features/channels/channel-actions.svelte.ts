import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { ChannelView } from '../../../shared/channel'
import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import { asFailure, type ApiFailure } from '../../lib/backend'

/** What `channels.arrange` can set of a channel. */
type Arrangement = Partial<Pick<ChannelView, 'priority' | 'weight' | 'enabled'>>

type ArrangedChannel = Arrangement & { readonly id: ChannelId }

/** What the actions need of the page around them. */
export interface ActionsAround {
  readonly api: RoutexApi
  /** As they were last read. */
  channels(): readonly ChannelView[]
  /** What is known to be there now; `channel.changed` brings the same a moment later. */
  show(channels: readonly ChannelView[]): void
  /** Says what was done; `undo` brings it back. */
  tell(deleted: readonly ChannelView[], undo: () => void): void
  /** An undo that came too late, or whose place is taken: there is no row left to say it beside. */
  tellLost(channel: ChannelView, failure: ApiFailure): void
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
    try {
      const { channels } = await this.#around.api.call('channels.arrange', { changes: [...changes] })
      this.#around.show(channels)
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
      const copy = await this.#around.api.call('channels.duplicate', { id })
      this.#add(copy)
      return copy.id
    })
  }

  /** Deletes them; what went is told together with its undo. */
  async delete(channels: readonly ChannelView[]): Promise<void> {
    for (const { id } of channels) this.#deleted.add(id)
    const gone: ChannelView[] = []
    for (const channel of channels) {
      await this.#try(channel.id, async () => {
        await this.#around.api.call('channels.delete', { id: channel.id })
        gone.push(channel)
      })
      // One that went stays hidden, however old a list that is still on its way may be.
      if (!gone.includes(channel)) this.#deleted.delete(channel.id)
    }
    if (gone.length > 0) this.#around.tell(gone, () => void this.restore(gone))
  }

  async restore(channels: readonly ChannelView[]): Promise<void> {
    for (const channel of channels) {
      try {
        const back = await this.#around.api.call('channels.restore', { id: channel.id })
        this.#deleted.delete(channel.id)
        this.#add(back)
      } catch (cause) {
        this.#around.tellLost(channel, asFailure(cause))
      }
    }
  }

  #add(channel: ChannelView): void {
    const others = this.#around.channels().filter(({ id }) => id !== channel.id)
    this.#around.show([...others, channel])
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
