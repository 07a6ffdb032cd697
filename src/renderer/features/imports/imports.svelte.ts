import type { PendingImport } from '../../../shared/backups'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure, type ApiFailure } from '../../lib/backend'

/** What a routex://import link asked for. It waits until somebody has answered, here or in another window. */
export class ImportsState {
  pending: PendingImport | null = $state.raw(null)
  failure: ApiFailure | null = $state.raw(null)
  busy = $state(false)

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('imports.changed', ({ pending }) => this.#take(pending))
  }

  async load(): Promise<void> {
    try {
      const { pending } = await this.#api.call('imports.pending', {})
      this.#take(pending)
    } catch {
      // Nobody asked for it here: without an answer there is nothing to show, and an event follows with the next link.
      this.#take(null)
    }
  }

  /** Adds what it asks for. Resolves with how many channels that were; null: it failed, and it still waits. */
  async accept(): Promise<number | null> {
    const { pending } = this
    if (!pending) return null
    this.busy = true
    try {
      const { added } = await this.#api.call('imports.accept', { id: pending.id })
      this.#take(null)
      return added.length
    } catch (cause) {
      this.failure = asFailure(cause)
      return null
    } finally {
      this.busy = false
    }
  }

  async dismiss(): Promise<void> {
    const { pending } = this
    this.#take(null)
    if (!pending) return
    try {
      await this.#api.call('imports.dismiss', { id: pending.id })
    } catch {
      // It is out of sight, which is what was asked for; were it still there, it would be offered once more.
      this.failure = null
    }
  }

  #take(pending: PendingImport | null): void {
    this.pending = pending
    this.failure = null
  }
}
