import { RESTORABLE_MS, type ChannelView } from '../../../shared/channel'
import type { ApiFailure } from '../../lib/backend'
import { failureText } from '../../lib/failure-text'
import { count } from '../../lib/format'
import { i18n } from '../../lib/i18n.svelte'
import type { ToastsState } from '../../lib/state/toasts.svelte'
import { m } from '../../lib/messages'
import type { Retry } from './channel-actions.svelte'
import type { Said } from './channels-page.svelte'

/** What is told of changes of channels, beside the list, with what takes them back. */
export class ChannelNotes implements Said {
  readonly #toasts: ToastsState
  #forgetArranged = (): void => undefined

  constructor(toasts: ToastsState) {
    this.#toasts = toasts
  }

  tell(deleted: readonly ChannelView[], undo: () => void): void {
    // What is gone can't be put back where it was.
    this.#forgetArranged()
    this.#toasts.show({
      text: oneOrMany(deleted, m.channels_deleted, m.channels_deleted_many),
      undo: { label: m.common_undo(), run: undo },
      ms: 10_000,
      mostMs: RESTORABLE_MS - 5_000
    })
  }

  tellDeletedElsewhere({ name }: ChannelView, undo: (() => void) | null): void {
    const text = m.channels_deleted_elsewhere({ name })
    if (undo === null) this.#toasts.show({ text })
    else {
      const ms = RESTORABLE_MS - 5_000
      const hint = m.channels_deleted_elsewhere_hint()
      this.#toasts.show({ text, hint, undo: { label: m.common_undo(), run: undo }, ms, mostMs: ms })
    }
  }

  /** Only of the last one: what was arranged before it is not what would come back. */
  tellArranged(channels: readonly ChannelView[], undo: () => void): void {
    this.#forgetArranged()
    const moved = ({ name, priority }: ChannelView): string => m.channels_moved({ name, priority: String(priority) })
    this.#forgetArranged = this.#toasts.show({
      text: oneOrMany(channels, moved, m.channels_arranged_many),
      undo: { label: m.common_undo(), run: undo }
    })
  }

  tellRenamed(channels: readonly ChannelView[]): void {
    if (channels.length === 0) return
    const text = oneOrMany(channels, m.channels_restored_as, m.channels_restored_renamed)
    this.#toasts.show({ text, hint: m.channels_restored_renamed_hint() })
  }

  tellNotYet(channels: readonly ChannelView[], failure: ApiFailure, { ms, run }: Retry): void {
    const text = oneOrMany(channels, m.channels_not_restored_yet, m.channels_not_restored_yet_many)
    const undo = { label: m.common_retry(), run }
    this.#toasts.show({ text, hint: failureText(failure), tone: 'bad', undo, ms, mostMs: ms })
  }

  tellLost(channels: readonly ChannelView[]): void {
    const text = oneOrMany(channels, m.channels_not_restored, m.channels_not_restored_many)
    this.#toasts.show({ text, hint: m.channels_not_restored_hint(), tone: 'bad' })
  }
}

function oneOrMany(
  channels: readonly ChannelView[],
  one: (channel: ChannelView) => string,
  many: (inputs: { n: string }) => string
): string {
  const [only] = channels
  return channels.length === 1 && only ? one(only) : many({ n: count(i18n.locale, channels.length) })
}
