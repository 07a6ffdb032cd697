import type { LogExport } from '../../../shared/contract'
import { asFailure, type ApiFailure, type Backend } from '../../lib/backend'

/** Where an export stands. */
type ExportStatus =
  | { readonly kind: 'idle' }
  /** `total` is null while it is not known. */
  | { readonly kind: 'running'; readonly rows: number; readonly total: number | null }
  | { readonly kind: 'done'; readonly rows: number; readonly path: string }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

/** One export at a time, with its progress; it can be cancelled. */
export class LogExportState {
  status: ExportStatus = $state.raw({ kind: 'idle' })

  readonly #backend: Pick<Backend, 'call' | 'saveExport'>
  #abort: AbortController | null = null

  constructor(backend: Pick<Backend, 'call' | 'saveExport'>) {
    this.#backend = backend
  }

  async start(params: LogExport): Promise<void> {
    if (this.#abort !== null) return
    const abort = new AbortController()
    this.#abort = abort
    this.status = { kind: 'running', rows: 0, total: null }
    void this.#count(params)
    try {
      const result = await this.#backend.saveExport(params, (rows) => this.#progress({ rows }), abort.signal)
      this.status = result.saved ? { kind: 'done', rows: result.rows, path: result.path } : { kind: 'idle' }
    } catch (cause) {
      this.status = { kind: 'failed', failure: asFailure(cause) }
    } finally {
      this.#abort = null
    }
  }

  /** Ends the export under way; nothing is left of it. */
  cancel(): void {
    this.#abort?.abort()
  }

  dismiss(): void {
    if (this.status.kind !== 'running') this.status = { kind: 'idle' }
  }

  async #count({ filter }: LogExport): Promise<void> {
    try {
      const { rows, more } = await this.#backend.call('logs.count', filter === undefined ? {} : { filter })
      if (!more) this.#progress({ total: rows })
    } catch {
      // Without it the progress tells how many are done, and not of how many.
      this.#progress({ total: null })
    }
  }

  #progress(news: { readonly rows?: number; readonly total?: number | null }): void {
    if (this.status.kind === 'running') this.status = { ...this.status, ...news }
  }
}
