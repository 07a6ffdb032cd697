import { findPortOwner } from './port-owner'

export type ListenErrorCode =
  | 'port_taken'
  /** The host is no address of this machine, or a name that leads to none. */
  | 'address_unavailable'
  /** A port below 1024 without the right to it. */
  | 'not_permitted'
  | 'listen_failed'

const CODES: Readonly<Record<string, ListenErrorCode>> = {
  EADDRINUSE: 'port_taken',
  EADDRNOTAVAIL: 'address_unavailable',
  ENOTFOUND: 'address_unavailable',
  EAI_AGAIN: 'address_unavailable',
  EACCES: 'not_permitted'
}

/** The gateway's address can't be had. Says who has it, where that can be known (B42). */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: ListenErrorCode
  readonly status = 409
  readonly retryable = true
  readonly host: string
  readonly port: number
  /** `nginx (pid 812)`; null when it can't be known. */
  readonly owner: string | null
  readonly details: { readonly host: string; readonly port: number; readonly owner: string | null }

  constructor(
    code: ListenErrorCode,
    message: string,
    details: { host: string; port: number; owner: string | null; cause: unknown }
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.host = details.host
    this.port = details.port
    this.owner = details.owner
    this.details = { host: this.host, port: this.port, owner: this.owner }
  }
}

function explain(code: ListenErrorCode, host: string, port: number, owner: string | null, cause: unknown): string {
  switch (code) {
    case 'port_taken':
      return `Port ${port} on ${host} is taken${owner === null ? '' : ` by ${owner}`}. End that program, or choose another port.`
    case 'address_unavailable':
      return `${host} is no address of this machine. Choose 127.0.0.1, 0.0.0.0 or one of its own addresses.`
    case 'not_permitted':
      return `This user may not listen on port ${port}. Choose one from 1024 up.`
    case 'listen_failed':
      return `Routex can't listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/** Makes a ListenError of what `server.listen` failed with, looking up who has the port. */
export async function toListenError(cause: unknown, host: string, port: number): Promise<ListenError> {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const code = CODES[errno] ?? 'listen_failed'
  const owner = code === 'port_taken' ? await findPortOwner(port) : null
  return new ListenError(code, explain(code, host, port, owner, cause), { host, port, owner, cause })
}
