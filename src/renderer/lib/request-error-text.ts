import type { RequestRow } from '../../shared/request-log'
import { m } from './messages'
import { reasonText, verdictText } from './reason-text'

/** Routex's own refusals and failures (`RefusalKind`, and `stopped`): their messages are English, for whoever called. */
const own: Readonly<Record<string, () => string>> = {
  bad_json: m.logs_error_bad_json,
  missing_model: m.logs_error_missing_model,
  bad_request: m.logs_error_bad_request,
  unknown_path: m.logs_error_unknown_path,
  method_not_allowed: m.logs_error_method_not_allowed,
  body_too_large: m.logs_error_body_too_large,
  unauthorized: m.logs_error_unauthorized,
  forbidden: m.logs_error_forbidden,
  not_found: m.logs_error_not_found,
  state_not_found: m.logs_error_state_not_found,
  thread_not_found: m.logs_error_thread_not_found,
  thread_unsupported: m.logs_error_thread_unsupported,
  no_candidate: m.logs_error_no_candidate,
  busy: m.logs_error_busy,
  budget_spent: m.logs_error_budget_spent,
  upstream_failed: m.logs_error_upstream_failed,
  timeout: m.logs_error_timeout,
  loop: m.logs_error_loop,
  paused: m.logs_error_paused,
  internal: m.logs_error_internal,
  stopped: m.logs_error_stopped
}

type Failed = Pick<RequestRow, 'outcome' | 'errorCode' | 'errorMessage' | 'model' | 'excluded' | 'attempts'>

/** Why no channel was left, where it is the same for all of them; or what became of the last try. */
function reasonOf({ errorCode, excluded, attempts }: Failed): string | null {
  if (errorCode === 'upstream_failed') return verdictText(attempts.at(-1)?.verdict ?? 'failure')
  if (errorCode !== 'no_candidate' && errorCode !== 'busy') return null
  const [first, ...others] = new Set(excluded.map(({ reason }) => reason.split(': ')[0] ?? reason))
  return first === undefined || others.length > 0 ? null : reasonText(first)
}

/** What Routex itself had against a request, in the page's language; null where it was not Routex, or all went well. */
function ownText(row: Failed): string | null {
  const { outcome, errorCode, model } = row
  const words = errorCode !== null && Object.hasOwn(own, errorCode) ? own[errorCode]?.() : undefined
  // An upstream that is overloaded is `busy` too: then the words are its own.
  if (words === undefined || (errorCode === 'busy' && outcome !== 'refused')) return null
  const what = errorCode === 'no_candidate' && model !== null ? m.logs_error_no_candidate_model({ model }) : words
  const why = reasonOf(row)
  return why === null ? what : m.logs_error_because({ what, why })
}

/** What a row's error code says in the page's language; null: it has none. */
export const codeText = (row: Failed): string | null =>
  ownText(row) ?? (row.errorCode === null ? null : verdictText(row.errorCode))

/** What went wrong, in one line: Routex's own words in the page's language, an upstream's as they came; null: nothing. */
export function errorText(row: Failed): string | null {
  const told = row.errorMessage === '' ? null : row.errorMessage
  return ownText(row) ?? told ?? codeText(row)
}
