import type { PendingImport } from '../../../shared/backups'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { Newest } from '../../lib/newest'

/**
 * How long a new link can only be read, ms: a page may open one right before a click that is meant for something else. Firefox
 * delays the buttons of such dialogs for the same reason (https://bugzilla.mozilla.org/show_bug.cgi?id=162020).
 */
const READ_MS = 1_000

/** What a routex://import link asked for. It waits until somebody has answered, here or in another window. */
export class ImportsState {
  pending: PendingImport | null = $state.raw(null)
  failure: ApiFailure | null = $state.raw(null)
  busy = $state(false)
  /** It has been in sight for long enough to be added. */
  armed = $state(false)
  /** It took the place of another one that was in sight. */
  replaced = $state(false)

  readonly #api: RoutexApi
  readonly #newest = new Newest()
  #arming: ReturnType<typeof setTimeout> | undefined

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    const stop = this.#api.on('imports.changed', ({ pending }) => this.#tell(pending))
    return () => {
      stop()
      clearTimeout(this.#arming)
    }
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const { pending } = await this.#api.call('imports.pending', {})
      if (this.#newest.takes(asked)) this.#take(pending)
    } catch {
      // Nobody asked for it here: what is in sight stays, and an event follows with the next link.
    }
  }

  /** Adds what it asks for. Resolves with how many channels that were; null: it failed, and it still waits. */
  async accept(): Promise<number | null> {
    const { pending } = this
    if (!pending) return null
    this.busy = true
    try {
      const { added } = await this.#api.call('imports.accept', { id: pending.id })
      // Another link may have come meanwhile.
      if (this.pending?.id === pending.id) this.#tell(null)
      return added.length
    } catch (cause) {
      if (this.pending?.id === pending.id) this.failure = asFailure(cause)
      return null
    } finally {
      this.busy = false
    }
  }

  async dismiss(): Promise<void> {
    const { pending } = this
    this.#tell(null)
    if (!pending) return
    try {
      await this.#api.call('imports.dismiss', { id: pending.id })
    } catch {
      // It is out of sight, which is what was asked for; were it still there, it would be offered once more.
      this.failure = null
    }
  }

  /** Whatever was asked for before says less. */
  #tell(pending: PendingImport | null): void {
    this.#newest.told()
    this.#take(pending)
  }

  #take(pending: PendingImport | null): void {
    const before = this.pending
    this.pending = pending
    this.failure = null
    if (pending?.id === before?.id) return
    this.replaced = pending !== null && before !== null
    this.armed = false
    clearTimeout(this.#arming)
    if (pending !== null) this.#arming = setTimeout(() => (this.armed = true), READ_MS)
  }
}
