import type { RefusalKind } from '../protocols/protocol'

/** The status the vendors use for each of our own refusals; `busy` and `no_candidate` decide by the cause. */
const STATUS: Readonly<Record<RefusalKind, number>> = {
  bad_json: 400,
  missing_model: 400,
  bad_request: 400,
  budget_spent: 429,
  unauthorized: 401,
  forbidden: 403,
  unknown_path: 404,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  busy: 503,
  internal: 500,
  loop: 508,
  no_candidate: 503,
  paused: 503,
  relayed: 502,
  state_not_found: 404,
  thread_not_found: 404,
  thread_unsupported: 400,
  timeout: 504,
  relayed_quota: 429,
  too_long: 400,
  upstream_failed: 502
}

/** The proxy's error: a request that Routex answers itself. Its message goes to the client, so it holds no secret. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly code: RefusalKind
  readonly status: number
  /** The client may try again as it is. */
  readonly retryable: boolean
  /** Goes out as `retry-after`; null for none. */
  readonly retryAfterMs: number | null

  constructor(
    code: RefusalKind,
    message: string,
    options: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {}
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.status = options.status ?? STATUS[code]
    this.retryable = this.status === 429 || this.status >= 500
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
