import type { RequestRow } from '../../shared/request-log'
import { m } from './messages'

/** What an outcome is called, the same word on every page. */
export function outcomeName(outcome: RequestRow['outcome']): string {
  switch (outcome) {
    case 'ok':
      return m.common_outcome_ok()
    case 'client_error':
      return m.common_outcome_client_error()
    case 'upstream_error':
      return m.common_outcome_upstream_error()
    case 'truncated':
      return m.common_outcome_truncated()
    case 'cancelled':
      return m.common_outcome_cancelled()
    case 'refused':
      return m.common_outcome_refused()
  }
}
