import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { ChannelView } from '../../../shared/channel'
import type { RoutexApi } from '../../../shared/contract'
import type { ChannelId } from '../../../shared/ids'
import { ChannelForm } from './channel-form.svelte'

/** Forms of channels that were begun. One with unsaved edits outlives its panel and its page: only closing the app ends it. */
export class ChannelForms {
  readonly #api: RoutexApi
  readonly #forms = new SvelteMap<ChannelId, ChannelForm>()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** The channel's form, as it was left; a fresh one where none was begun. */
  of(channel: ChannelView): ChannelForm {
    return untrack(() => {
      const present = this.#forms.get(channel.id)
      if (present) return present
      // Under a root of its own, or what it derives would end with the page that asks for it first.
      $effect.root(() => void this.#forms.set(channel.id, new ChannelForm(this.#api, channel)))
      return this.of(channel)
    })
  }

  /** Whether the channel has edits that are not saved. */
  isDirty(id: ChannelId): boolean {
    return this.#forms.get(id)?.dirty ?? false
  }

  /** Whether any of those that are there has. One that was deleted doesn't count, and has its edits again when it is brought back. */
  anyDirty(isThere: (id: ChannelId) => boolean): boolean {
    return [...this.#forms].some(([id, form]) => form.dirty && isThere(id))
  }
}
