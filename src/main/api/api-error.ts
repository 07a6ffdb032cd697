import type { ApiErrorBody } from '../../shared/contract'
import type { Problem } from '../../shared/validation'

export type ApiErrorCode =
  | 'bad_arguments'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_large'
  | 'internal'

const STATUS: Readonly<Record<ApiErrorCode, number>> = {
  bad_arguments: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  internal: 500
}

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
    this.status = typeof code === 'string' ? STATUS[code] : code.status
    this.details = options.details
  }

  /** As it crosses HTTP and IPC. */
  toBody(): ApiErrorBody {
    const { code, message, details } = this
    return details === undefined ? { code, message } : { code, message, details }
  }
}

/** 400 with the path of each argument and what is allowed there. */
export function badArguments(problems: readonly Problem[]): ApiError {
  const message = problems.map(({ path, message: what }) => (path === '' ? what : `${path} ${what}`)).join('; ')
  return new ApiError('bad_arguments', message, { details: { problems } })
}
