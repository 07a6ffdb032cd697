import { apiErrorBody } from '../../shared/contract'
import type { Bridge } from '../../shared/ipc'
import { readExportResult } from '../../shared/read-export'
import { ApiFailure, type Transport } from './backend'

declare global {
  interface Window {
    /** Put there by the preload, in the desktop only. */
    readonly routex?: Bridge
  }
}

function unwrap(reply: unknown): unknown {
  if (typeof reply !== 'object' || reply === null || !('ok' in reply))
    throw new ApiFailure('unreadable', 'Routex answered in a shape that this page does not know')
  if (reply.ok === true) return 'result' in reply ? reply.result : undefined
  const error = apiErrorBody.parse('error' in reply ? reply.error : undefined)
  throw new ApiFailure(error.code, error.message, { details: error.details })
}

/** Calls and events over Electron's IPC. It is live from the start: page and program are one app. */
export function createBridgeTransport(bridge: Bridge): Transport {
  return {
    shell: 'desktop',
    call: async (name, params) => unwrap(await bridge.call(name, params)),
    on: (name, listener) => bridge.on(name, listener),
    onConnection(listener) {
      listener({ kind: 'live' })
      return () => undefined
    },
    retryNow: () => undefined,
    useToken: () => undefined,
    async saveExport(params, onRows, signal) {
      const cancel = (): void => bridge.cancelExport()
      signal.addEventListener('abort', cancel, { once: true })
      try {
        return readExportResult(unwrap(await bridge.saveExport(params, ({ rows }) => onRows(rows))))
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    }
  }
}
