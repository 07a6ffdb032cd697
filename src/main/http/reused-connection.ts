import { subscribe } from 'node:diagnostics_channel'

/** A request that is about to be written to a connection. */
export interface Starting {
  /** `reused`: the connection has carried another one before. */
  sending(reused: boolean): void
}

/** Connections that carried a request. */
const used = new WeakSet()
let starting: Starting | null = null

/** To be called as undici starts a request: what it writes next, in the same turn, is this one. */
export function expectSending(request: Starting): void {
  starting = request
}

/** undici tells of the connection that it writes to only here (docs/api/DiagnosticsChannel.md). */
subscribe('undici:client:sendHeaders', (message) => {
  const socket = typeof message === 'object' && message !== null && 'socket' in message ? message.socket : null
  if (typeof socket !== 'object' || socket === null) return
  const reused = used.has(socket)
  if (!reused) used.add(socket)
  starting?.sending(reused)
  starting = null
})
