import type { Exclusion } from '../channels/lease'
import type { Selection, SelectionRequest } from '../channels/selection'
import type { UpstreamError } from './ports'
import { ProxyError } from './refusal'

/**
 * B03: nothing could be tried. Says of each channel why; 429 when one would serve it but for its budget, or the key's budget
 * leaves only one that never will; 404 when none of them has the model at all, else 503. Channels that the key may not use
 * are not told of.
 */
export function noCandidate(selection: SelectionRequest, all: readonly Exclusion[], now: number): ProxyError {
  const exclusions = all.filter(({ reason }) => reason !== 'not_allowed')
  const { switchedBy } = selection
  const asked = selection.model === null ? 'this request' : `the model "${selection.model}"`
  if (all.length > 0 && exclusions.length === 0) {
    const why = switchedBy === null ? '' : ` now: ${switchedBy.words}`
    return new ProxyError('no_candidate', `No channel that this key may use can serve ${asked}${why}`)
  }
  if (exclusions.length === 0) {
    return new ProxyError('no_candidate', `No channel can serve ${asked}: there are none yet. Add one in Routex.`)
  }
  const renewed = exclusions.flatMap(({ reason, until }) => (reason === 'budget' && until !== null ? [until] : []))
  if (renewed.length > 0) {
    const words = `No channel can serve ${asked}: ${reasons(exclusions)}. Raise the budget in Routex, or wait for it to begin anew.`
    return new ProxyError('budget_spent', words, { retryAfterMs: Math.min(...renewed) - now })
  }
  const model = exclusions.every(({ reason }) => MODEL_REASONS.has(reason))
  if (model && switchedBy !== null) {
    const words = `${reasons(exclusions)} can not serve ${asked}, and takes the place of all others: ${switchedBy.words}. Raise the budget in Routex, or wait.`
    return new ProxyError('budget_spent', words, { retryAfterMs: switchedBy.until - now })
  }
  return new ProxyError(
    'no_candidate',
    `No channel can serve ${asked}: ${reasons(exclusions)}.${usedAlone(selection, exclusions)}`,
    {
      status: model ? 404 : 503
    }
  )
}

/** What to do where the user's choice of a single channel may be why. */
function usedAlone({ onlyChannel }: SelectionRequest, exclusions: readonly Exclusion[]): string {
  if (onlyChannel === null) return ''
  const only = exclusions.find(({ channel }) => channel.id === onlyChannel)?.channel.name
  return ` Routex is set to use only ${only ?? 'a channel that this key may not use'}; let it use all channels again in its window or its tray.`
}

const MODEL_REASONS: ReadonlySet<Exclusion['reason']> = new Set(['model', 'model_missing', 'protocol', 'disabled'])

/** B05: every candidate is open or cooling, and another request is already probing the one that ends soonest. */
export function waiting(selection: Extract<Selection, { kind: 'wait' }>, exclusions: readonly Exclusion[]): ProxyError {
  const seconds = Math.max(1, Math.ceil(selection.retryAfterMs / 1000))
  const resting = exclusions.filter(({ reason }) => reason === 'open' || reason === 'cooling')
  const words = `Every channel for this request is resting: ${reasons(resting)}. Try again in ${seconds} s, or clear a channel's health in Routex.`
  return new ProxyError('busy', words, { status: selection.status, retryAfterMs: selection.retryAfterMs })
}

/** Tried, and not one upstream gave an answer of its own that could be handed back. */
export function nothingAnswered(error: UpstreamError, attempts: number): ProxyError {
  const tries = attempts === 1 ? 'the one channel tried' : `${attempts} tries`
  const words = `No upstream answered (${tries}); the last said: ${error.message}`
  return new ProxyError(error.status === 504 ? 'timeout' : 'upstream_failed', words, { cause: error })
}

function reasons(exclusions: readonly Exclusion[]): string {
  return exclusions
    .filter(({ reason }) => reason !== 'not_allowed')
    .map((exclusion) => `${exclusion.channel.name} (${explained(exclusion)})`)
    .join('; ')
}

/** A budget's cause says all of it. */
function explained({ reason, cause }: Exclusion): string {
  if (cause === null) return EXPLAINED[reason]
  return reason === 'budget' ? cause : `${EXPLAINED[reason]}: ${cause}`
}

const EXPLAINED: Readonly<Record<Exclusion['reason'], string>> = {
  disabled: 'switched off',
  protocol: "speaks another protocol, into which this request can't be translated",
  model: 'does not list this model',
  not_allowed: 'not allowed for this key',
  no_credential: 'has no API key',
  loop: 'points at Routex itself',
  other_used_alone: 'another channel is used alone',
  budget: 'its budget is used up',
  auth_failed: 'its API key was refused',
  open: 'failed several times in a row',
  cooling: 'is cooling down',
  model_missing: 'its upstream does not have this model',
  state_elsewhere: 'another channel holds the state this request names'
}
