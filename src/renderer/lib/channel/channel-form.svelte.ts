import type { ChannelView } from '../../../shared/channel'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure } from '../backend'
import { draftOf, inputOf, isUnfit, patchOf, type ChannelDraft } from './channel-draft'
import type { Tried } from './channel-test.svelte'
import { checkDraft, checkMovedKey } from './check-draft'
import { bothErrors, errorsOf, noErrors, type FieldErrors } from './field-errors'

/** The settings of a saved channel while they are edited. */
export class ChannelForm {
  /** As it is saved. */
  channel: ChannelView
  draft: ChannelDraft
  saving = $state(false)
  /** Fields that are being edited here and were changed elsewhere meanwhile. */
  changedElsewhere: readonly string[] = $state.raw([])
  /** A number was typed that can't be taken, so nothing can be saved yet. */
  readonly unfit: boolean = $derived.by(() => isUnfit(this.draft))
  readonly dirty: boolean = $derived.by(() => this.unfit || Object.keys(patchOf(this.draft, this.channel)).length > 0)

  /** Of the last attempt to save, and what can be seen to be missing before it. */
  readonly errors: FieldErrors = $derived.by(() => bothErrors(checkMovedKey(this.draft, this.channel), this.#refused))

  readonly #api: RoutexApi
  #refused: FieldErrors = $state.raw(noErrors)

  constructor(api: RoutexApi, channel: ChannelView) {
    this.#api = api
    this.channel = $state.raw(channel)
    this.draft = $state(draftOf(channel))
  }

  /** Follows a change that was made elsewhere: fields that were not touched here take it over, the others stay as typed. */
  take(channel: ChannelView): void {
    if (JSON.stringify(channel) === JSON.stringify(this.channel)) return
    const draft = $state.snapshot(this.draft)
    const typed = patchOf(draft, this.channel)
    const theirs = patchOf(draftOf(channel), this.channel)
    const stillDiffers = patchOf(draft, channel)
    const both = Object.keys(typed).filter(
      (field) => Object.hasOwn(theirs, field) && Object.hasOwn(stillDiffers, field)
    )
    this.changedElsewhere = [...new Set([...this.changedElsewhere, ...both])].filter((field) =>
      Object.hasOwn(stillDiffers, field)
    )
    const kept = this.draft
    const fresh = draftOf(channel)
    this.channel = channel
    this.draft = {
      ...fresh,
      ...Object.fromEntries(Object.entries(kept).filter(([field]) => Object.hasOwn(typed, field))),
      apiKey: kept.apiKey,
      removesKey: kept.removesKey,
      unfit: kept.unfit
    }
  }

  discard(): void {
    this.draft = draftOf(this.channel)
    this.changedElsewhere = []
    this.#refused = noErrors
  }

  /** What is typed here stands over what was changed elsewhere, once it is saved. */
  keepMine(): void {
    this.changedElsewhere = []
  }

  /** True when it was saved; else `errors` or the `unfit` field say why. */
  async save(): Promise<boolean> {
    const draft = $state.snapshot(this.draft)
    this.#refused = checkDraft(draft)
    if (this.errors.size > 0 || this.unfit || this.saving) return false
    this.saving = true
    try {
      const { id } = this.channel
      const saved = await this.#api.call('channels.update', { id, change: patchOf(draft, this.channel) })
      this.channel = saved
      this.draft = draftOf(saved)
      this.changedElsewhere = []
      return true
    } catch (cause) {
      this.#refused = errorsOf(asFailure(cause))
      return false
    } finally {
      this.saving = false
    }
  }

  /** What a test tries: the channel as it is saved, or as it stands in the form. */
  tried(model: string | null): Tried {
    const { id } = this.channel
    const asked = model === null ? {} : { model }
    if (!this.dirty) return { kind: 'saved', params: { id, ...asked } }
    return { kind: 'unsaved', params: { id, channel: inputOf($state.snapshot(this.draft)), ...asked } }
  }
}
