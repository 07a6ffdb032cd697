import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { Settings } from '../../../shared/settings'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

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
  readonly #save: (retention: Limits) => Promise<unknown>
  #rest: ReturnType<typeof setTimeout> | undefined

  /** `save` puts it into the settings, and rejects when it can't. */
  constructor(api: RoutexApi, save: (retention: Limits) => Promise<unknown>) {
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

  async save(): Promise<void> {
    const { draft } = this
    if (!draft) return
    this.saving = true
    try {
      await this.#save(draft)
      this.reset()
    } catch (cause) {
      this.failure = asFailure(cause)
    } finally {
      this.saving = false
    }
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
