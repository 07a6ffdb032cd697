import type { ClientView } from '../../../shared/clients'
import { m } from '../messages'

/**
 * How it stands with a client, in one word. `blocked`: its files are right, and something beats them; `changed`: somebody
 * changed what Routex had written.
 */
export type ClientStanding =
  'not_found' | 'direct' | 'by_hand' | 'connected' | 'blocked' | 'changed' | 'outdated' | 'interrupted' | 'record_lost'

export function standingOf({ found, state, conflicts }: ClientView): ClientStanding {
  if (state.kind === 'direct') return found ? 'direct' : 'not_found'
  if (state.kind !== 'connected') return state.kind
  if (state.drift.length > 0) return 'changed'
  if (state.outdated.length > 0) return 'outdated'
  return conflicts.some(({ severity }) => severity === 'blocks') ? 'blocked' : 'connected'
}

/** Routex changed its files, so it can bring them back. */
export const isTakenOver = ({ state }: ClientView): boolean =>
  state.kind === 'connected' || state.kind === 'interrupted'

const names: Readonly<Record<ClientStanding, () => string>> = {
  not_found: m.clients_state_not_found,
  direct: m.clients_state_direct,
  by_hand: m.clients_state_by_hand,
  connected: m.clients_state_connected,
  blocked: m.clients_state_blocked,
  changed: m.clients_state_changed,
  outdated: m.clients_state_outdated,
  interrupted: m.clients_state_interrupted,
  record_lost: m.clients_state_record_lost
}

export const standingName = (standing: ClientStanding): string => names[standing]()
