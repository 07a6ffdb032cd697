import type { FileProblem } from '../../shared/clients'

export type ClientErrorCode =
  | FileProblem['code']
  | 'gateway_off' // its address can't be known
  | 'changed_meanwhile' // a file is not as it was previewed, or somebody else writes it all the time
  | 'not_connected'
  | 'record_lost' // what was kept of the files can't be unsealed
  | 'other_routex' // it goes through another one, which has to give it back first
  | 'write_failed'
  | 'bad_option' // a model slot or a protocol that the client has not
  | 'not_found' // the program, a terminal
  | 'cannot_launch'

const STATUS: Partial<Readonly<Record<ClientErrorCode, number>>> = {
  bad_option: 400,
  not_found: 404,
  write_failed: 500,
  gateway_off: 409,
  changed_meanwhile: 409,
  not_connected: 409,
  record_lost: 409,
  other_routex: 409,
  cannot_launch: 409
}

/** The clients' one error: what was asked was not done, and no file was changed. The message is for people and holds no secret. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** What the management API answers: 422 for a file that can't be changed. */
  readonly status: number
  readonly retryable = false
  /** The file or folder that it is about; null when it is about none. */
  readonly path: string | null
  /** The same for a page that says it in its own words. */
  readonly details: { readonly path: string } | undefined

  constructor(
    code: ClientErrorCode,
    message: string,
    options: { readonly path?: string; readonly cause?: unknown } = {}
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.status = STATUS[code] ?? 422
    this.path = options.path ?? null
    this.details = options.path === undefined ? undefined : { path: options.path }
  }
}
