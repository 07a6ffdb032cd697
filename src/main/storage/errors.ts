/** What can go wrong with what is kept. Stable: API and CLI tell people by it. */
export type StorageErrorCode =
  | 'runtime_too_old' // better-sqlite3 needs Node-API 10
  | 'config_damaged' // routex.db is no database, or a damaged one
  | 'config_newer' // routex.db was written by a newer Routex
  | 'logs_damaged'
  | 'logs_newer'
  | 'data_folder_owned' // B42
  | 'data_folder_unusable' // it can't be made or written
  | 'key_file_damaged'
  | 'key_file_exposed' // others can read secret.key, and its mode can't be changed
  | 'secret_unreadable' // sealed with another key, or moved to another place
  | 'name_taken'
  | 'managed_by_config_file'
  | 'built_in' // the Demo can't be changed
  | 'keyless_beyond_loopback'
  | 'not_own_host' // the setting host: this machine can't listen there
  | 'not_found'
  | 'unknown_channel' // a client key that names a channel which is not there
  | 'bad_cursor'
  | 'too_many_buckets'
  | 'log_unwritable' // the journal's disk takes no more
  | 'log_worker_stopped' // it ended under the call and is being started again
  | 'log_query_failed'
  | 'backup_damaged' // the copy can't be read
  | 'backup_newer' // the copy was made by a newer Routex
  | 'backup_unwritable' // the disk takes none
  | 'encrypted_export_invalid' // it is something else
  | 'encrypted_export_newer'
  | 'encrypted_export_damaged' // changed or cut off since it was made
  | 'passphrase_wrong'
  | 'memory_short' // for making a key out of a passphrase

/** What the management API answers with, by code. */
export const STORAGE_ERROR_STATUS: Readonly<Record<StorageErrorCode, number>> = {
  runtime_too_old: 500,
  config_damaged: 500,
  config_newer: 500,
  logs_damaged: 500,
  logs_newer: 500,
  data_folder_owned: 409,
  data_folder_unusable: 500,
  key_file_damaged: 500,
  key_file_exposed: 500,
  secret_unreadable: 500,
  name_taken: 409,
  managed_by_config_file: 409,
  built_in: 409,
  keyless_beyond_loopback: 400,
  not_own_host: 400,
  not_found: 404,
  unknown_channel: 400,
  bad_cursor: 400,
  too_many_buckets: 400,
  log_unwritable: 507,
  log_worker_stopped: 503,
  log_query_failed: 500,
  backup_damaged: 422,
  backup_newer: 422,
  backup_unwritable: 507,
  encrypted_export_invalid: 422,
  encrypted_export_newer: 422,
  encrypted_export_damaged: 422,
  passphrase_wrong: 422,
  memory_short: 507
}

/** The storage layer's one error. `status` is what the management API answers; `retryable`: the same call may work later. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  readonly status: number
  readonly retryable: boolean
  /** Names in the message, for who says it in another language. */
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {}
  ) {
    super(message, { cause: options.cause })
    this.details = options.details
    this.code = code
    this.status = STORAGE_ERROR_STATUS[code]
    this.retryable = code === 'log_worker_stopped' || code === 'log_unwritable'
  }
}
