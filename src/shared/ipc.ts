import type { ApiErrorBody } from './contract'

/** Names of the desktop's IPC channels. The preload imports this file, so it must stay free of runtime imports. */
export const ipc = {
  /** invoke(name, params) → Reply */
  call: 'routex:call',
  /** send(event name, wanted) */
  subscribe: 'routex:subscribe',
  /** main → page: (event name, payload) */
  event: 'routex:event',
  /** invoke(arguments of `logs.export`) → Reply with an ExportResult */
  saveExport: 'routex:save-export',
  /** send() */
  cancelExport: 'routex:cancel-export',
  /** main → page: (ExportProgress) */
  exportProgress: 'routex:export-progress'
} as const

/** How far an export has come. */
export interface ExportProgress {
  readonly rows: number
}

/** How an export ended. One that was cancelled leaves no file. */
export type ExportResult =
  { readonly saved: true; readonly path: string; readonly rows: number } | { readonly saved: false }

/** An answer as data, because an Error that crosses Electron's IPC keeps its message alone. */
export type Reply =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ApiErrorBody }

/**
 * `window.routex` of the desktop: what the preload lets through. Call and event names that the contract does not
 * list are refused; what comes back is unchecked, so the page reads it through the contract's schemas.
 */
export interface Bridge {
  /** Resolves with a `Reply`. */
  call(name: string, params: unknown): Promise<unknown>
  /** Returns what ends the subscription. */
  on(event: string, listener: (payload: unknown) => void): () => void
  /**
   * Asks where to, and writes the rows that match into that file. `params` are those of `logs.export`; `onProgress` is
   * given an `ExportProgress` at most 4 times a second. Resolves with a `Reply` whose result is an `ExportResult`. One at
   * a time: a second one is a `conflict`.
   */
  saveExport(params: unknown, onProgress: (progress: ExportProgress) => void): Promise<unknown>
  /** Ends the export under way, if there is one; its `saveExport` resolves with `saved: false`. */
  cancelExport(): void
}
