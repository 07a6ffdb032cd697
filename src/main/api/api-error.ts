import type { ApiErrorBody } from '../../shared/contract'
import { ruleCodeOf } from '../../shared/rules'
import type { Problem } from '../../shared/validation'

/** Stable: the page has its own words for them (renderer/lib/failure-text.ts). */
export type ApiErrorCode = keyof typeof API_ERROR_STATUS

/** What HTTP answers with, by code. */
export const API_ERROR_STATUS = {
  bad_arguments: 400,
  credential_needed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  session_gone: 404,
  import_gone: 404,
  method_not_allowed: 405,
  conflict: 409,
  cannot_turn_off: 409,
  gateway_off: 409,
  no_client_key: 409,
  key_unreadable: 409,
  channel_unfit: 409,
  demo_offline: 409,
  prices_not_agreed: 409,
  import_empty: 409,
  export_under_way: 409,
  too_large: 413,
  internal: 500,
  export_unwritable: 500,
  gateway_silent: 502,
  no_model_list: 502
} as const

/** What is told of a fault of Routex itself. */
export const INTERNAL_MESSAGE = 'It failed inside Routex; its log says why'

/** The API's error: what was asked can't be done. Its message goes to the caller, so it holds no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  /** What HTTP answers with. */
  readonly status: number
  readonly retryable = false
  /** For programs: which arguments, which settings. */
  readonly details: unknown

  constructor(
    code: ApiErrorCode | { readonly code: string; readonly status: number },
    message: string,
    options: { readonly details?: unknown; readonly cause?: unknown } = {}
  ) {
    super(message, { cause: options.cause })
    this.code = typeof code === 'string' ? code : code.code
    this.status = typeof code === 'string' ? API_ERROR_STATUS[code] : code.status
    this.details = options.details
  }

  /** As it crosses HTTP and IPC. */
  toBody(): ApiErrorBody {
    const { code, message, details } = this
    return details === undefined ? { code, message } : { code, message, details }
  }
}

/** A text that is one of `RULES` tells its code too. */
function withRule(problem: Problem): Problem {
  const code = problem.rule === undefined ? ruleCodeOf(problem.message) : undefined
  return code === undefined ? problem : { ...problem, rule: { kind: 'own', code } }
}

/** 400 with the path of each argument and what is allowed there. */
export function badArguments(given: readonly Problem[]): ApiError {
  const problems = given.map(withRule)
  const message = problems.map(({ path, message: what }) => (path === '' ? what : `${path} ${what}`)).join('; ')
  return new ApiError('bad_arguments', message, { details: { problems } })
}
