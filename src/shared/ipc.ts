import type { ApiErrorBody } from './contract'

/** Names of the desktop's IPC channels. The preload imports this file, so it must stay free of runtime imports. */
export const ipc = {
  /** invoke(name, params) → Reply */
  call: 'routex:call',
  /** send(event name, wanted) */
  subscribe: 'routex:subscribe',
  /** main → page: (event name, payload) */
  event: 'routex:event'
} as const

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
}
