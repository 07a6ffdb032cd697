import { readEvent, readResult } from '../../shared/read-contract'
import type { LogExport, RoutexApi } from '../../shared/contract'
import type { ExportResult } from '../../shared/ipc'

/**
 * How the page stands to the program behind it.
 *
 *   connecting ──► live ──► lost ──(retryAt, or retryNow)──► connecting
 *        └──────────────────► locked ──useToken──► connecting   (the token is missing or was refused)
 */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** ms since 1970 of the next attempt. */
  | { readonly kind: 'lost'; readonly retryAt: number }
  | { readonly kind: 'locked' }

/** A call that failed. Codes of the API, and of this side: `unreachable`, `unreadable`. */
export class ApiFailure extends Error {
  readonly code: string
  readonly details: unknown

  constructor(code: string, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ApiFailure'
    this.code = code
    this.details = options.details
  }
}

/** Carries calls and events, unchecked: over Electron's IPC or over HTTP. */
export interface Transport {
  /** A browser's page is served by the gateway itself, so there the gateway can't be turned off. */
  readonly shell: 'desktop' | 'browser'
  /** Rejects with ApiFailure. */
  call(name: string, params: unknown): Promise<unknown>
  on(name: string, listener: (payload: unknown) => void): () => void
  /** Told the present state at once, then every change. Returns what ends it. */
  onConnection(listener: (connection: Connection) => void): () => void
  /** Ends the wait of `lost`. */
  retryNow(): void
  /** Connects anew with another token; of the desktop's page nobody asks one. */
  useToken(token: string): void
  /**
   * Saves the rows that match: into a file that the user picks (desktop), or as a download. `onRows` is told how many are
   * through; an abort of `signal` leaves no file. Rejects with ApiFailure.
   */
  saveExport(params: LogExport, onRows: (rows: number) => void, signal: AbortSignal): Promise<ExportResult>
}

/** What the whole page works with; tests put a fake in its place. */
export interface Backend
  extends RoutexApi, Pick<Transport, 'shell' | 'onConnection' | 'retryNow' | 'useToken' | 'saveExport'> {}

/** Makes the contract's typed API of a transport: whatever comes in is read through the contract's schemas. */
export function createBackend(transport: Transport): Backend {
  return {
    shell: transport.shell,
    onConnection: (listener) => transport.onConnection(listener),
    retryNow: () => transport.retryNow(),
    useToken: (token) => transport.useToken(token),
    saveExport: (params, onRows, signal) => transport.saveExport(params, onRows, signal),
    async call(name, params) {
      const result = await transport.call(name, params)
      try {
        return readResult(name, result)
      } catch (cause) {
        throw new ApiFailure('unreadable', `The answer of ${name} has another shape than this page knows`, { cause })
      }
    },
    on(name, listener) {
      return transport.on(name, (payload) => {
        try {
          listener(readEvent(name, payload))
        } catch (cause) {
          reportError(cause)
        }
      })
    }
  }
}

/** Any thrown value as a failure that can be shown. */
export function asFailure(cause: unknown): ApiFailure {
  if (cause instanceof ApiFailure) return cause
  return new ApiFailure('unexpected', cause instanceof Error ? cause.message : String(cause), { cause })
}
