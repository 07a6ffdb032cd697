import type { Outcome } from '../../../shared/request-log'
import { m } from '../../lib/messages'

const words: Readonly<Record<Outcome, () => string>> = {
  ok: m.logs_outcome_ok,
  client_error: m.logs_outcome_client_error,
  upstream_error: m.logs_outcome_upstream_error,
  truncated: m.logs_outcome_truncated,
  cancelled: m.logs_outcome_cancelled,
  refused: m.logs_outcome_refused
}

/** How a request ended, in the page's language. */
export const outcomeText = (outcome: Outcome): string => words[outcome]()

/** Whose fault it was decides the colour: nobody's, somebody's in front of the channels, a channel's. */
export function toneOf(outcome: Outcome): 'good' | 'warn' | 'bad' | 'idle' {
  if (outcome === 'ok') return 'good'
  if (outcome === 'cancelled') return 'idle'
  return outcome === 'upstream_error' ? 'bad' : 'warn'
}
