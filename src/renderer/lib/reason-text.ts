import { m } from './messages'

const reasons: Readonly<Record<string, () => string>> = {
  disabled: m.logs_reason_disabled,
  protocol: m.logs_reason_protocol,
  model: m.logs_reason_model,
  not_allowed: m.logs_reason_not_allowed,
  no_credential: m.logs_reason_no_credential,
  loop: m.logs_reason_loop,
  other_used_alone: m.logs_reason_other_used_alone,
  budget: m.logs_reason_budget,
  auth_failed: m.logs_reason_auth_failed,
  open: m.logs_reason_open,
  cooling: m.logs_reason_cooling,
  model_missing: m.logs_reason_model_missing,
  state_elsewhere: m.logs_reason_state_elsewhere
}

const verdicts: Readonly<Record<string, () => string>> = {
  ok: m.logs_verdict_ok,
  auth: m.logs_verdict_auth,
  quota: m.logs_verdict_quota,
  busy: m.logs_verdict_busy,
  model_missing: m.logs_verdict_model_missing,
  failure: m.logs_verdict_failure,
  timeout: m.logs_verdict_timeout,
  connect: m.logs_verdict_connect,
  client_fault: m.logs_verdict_client_fault,
  signature: m.logs_verdict_signature,
  cancelled: m.logs_verdict_cancelled,
  truncated: m.logs_verdict_truncated,
  reset: m.logs_verdict_reset,
  retry_elsewhere: m.logs_verdict_retry_elsewhere,
  tls: m.logs_verdict_tls,
  connect_timeout: m.logs_verdict_connect_timeout,
  first_byte_timeout: m.logs_verdict_first_byte_timeout,
  idle_timeout: m.logs_verdict_idle_timeout,
  total_timeout: m.logs_verdict_total_timeout,
  protocol: m.logs_verdict_protocol,
  stopped: m.logs_verdict_stopped
}

/** Why a channel was left out, in the page's language; the upstream's own words behind it stay as they are. */
export function reasonText(reason: string): string {
  const at = reason.indexOf(': ')
  const code = at === -1 ? reason : reason.slice(0, at)
  const known = Object.hasOwn(reasons, code) ? reasons[code]?.() : undefined
  if (known === undefined) return reason
  return at === -1 ? known : `${known}: ${reason.slice(at + 2)}`
}

/** What was made of a try. A code that is not known here is shown as it is. */
export function verdictText(verdict: string): string {
  return (Object.hasOwn(verdicts, verdict) ? verdicts[verdict]?.() : undefined) ?? verdict.replaceAll('_', ' ')
}
