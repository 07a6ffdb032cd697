import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { Settings } from '../../../shared/settings'
import { asFailure, type ApiFailure } from '../backend'
import type { Loaded } from '../loaded'

type Limits = Settings['retention']

/** A slider that is moved asks once it rests this long. */
const restMs = 250

/** How long the log is kept: a draft, what it would delete, and saving it. What it deletes can't be had back, so it is saved on demand alone. */
export class RetentionState {
  /** What the sliders show; null while it is as it is in force. */
  draft: Limits | null = $state.raw(null)
  preview: Loaded<CallResult<'storage.previewRetention'>> = $state.raw({ kind: 'loading' })
  saving = $state(false)
  failure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  readonly #save: (change: Partial<Limits>) => Promise<ApiFailure | null>
  #inForce: Limits | null = null
  #rest: ReturnType<typeof setTimeout> | undefined

  /** `save` puts what differs into the settings, and resolves with why it couldn't, or null. */
  constructor(api: RoutexApi, save: (change: Partial<Limits>) => Promise<ApiFailure | null>) {
    this.#api = api
    this.#save = save
  }

  /** Moves a slider. What it would delete is told when it rests. */
  change(inForce: Limits, change: Partial<Limits>): void {
    const draft = { ...(this.draft ?? inForce), ...change }
    if (draft.days === inForce.days && draft.maxMiB === inForce.maxMiB) {
      this.reset()
      return
    }
    this.draft = draft
    this.#inForce = inForce
    this.failure = null
    this.preview = { kind: 'loading' }
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => void this.#previewDraft(draft), restMs)
  }

  /** Back to what is in force. */
  reset(): void {
    this.stop()
    this.draft = null
    this.failure = null
    this.preview = { kind: 'loading' }
  }

  /** Saves the limits that were moved, and only those: the other may be the config file's. */
  async save(): Promise<void> {
    const { draft } = this
    if (!draft) return
    this.saving = true
    const failure = await this.#save({
      ...(draft.days !== this.#inForce?.days && { days: draft.days }),
      ...(draft.maxMiB !== this.#inForce?.maxMiB && { maxMiB: draft.maxMiB })
    })
    this.saving = false
    if (failure) this.failure = failure
    else this.reset()
  }

  /** Ends what waits. */
  stop(): void {
    clearTimeout(this.#rest)
  }

  async #previewDraft(draft: Limits): Promise<void> {
    let preview: RetentionState['preview']
    try {
      preview = { kind: 'ready', value: await this.#api.call('storage.previewRetention', { ...draft }) }
    } catch (cause) {
      preview = { kind: 'failed', failure: asFailure(cause) }
    }
    if (this.draft === draft) this.preview = preview
  }
}
