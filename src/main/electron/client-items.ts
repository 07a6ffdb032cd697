import type { MenuItemConstructorOptions } from 'electron'
import type { ClientId, ClientView } from '../../shared/clients'
import type { ShellStrings } from './strings'

export interface ClientActions {
  /** Opens the change in the window, where it is asked about. */
  readonly connect: (client: ClientId) => void
  /** Asks first. */
  readonly restore: (client: ClientView) => void
}

type Item = MenuItemConstructorOptions
type Standing = keyof ShellStrings['clientStates']

function standingOf({ state }: ClientView): Standing {
  if (state.kind !== 'connected') return state.kind
  if (state.drift.length > 0) return 'changed'
  return state.outdated.length > 0 ? 'outdated' : 'connected'
}

function itemOf(client: ClientView, { connect, restore }: ClientActions, strings: ShellStrings): Item {
  const standing = standingOf(client)
  const isTaken = client.state.kind === 'connected' || client.state.kind === 'interrupted'
  const connectItem: Item = { label: strings.connectClient, click: () => connect(client.id) }
  const restoreItem: Item = { label: strings.restoreClient, click: () => restore(client) }
  return {
    label: `${client.name} · ${strings.clientStates[standing]}`,
    submenu: [...(standing === 'connected' ? [] : [connectItem]), ...(isTaken ? [restoreItem] : [])]
  }
}

/** The assistants that are on this machine, each with how it stands and what can be done. */
export function clientItems(clients: readonly ClientView[], actions: ClientActions, strings: ShellStrings): Item {
  const shown = clients.filter(({ found, state }) => found || state.kind !== 'direct')
  const items = shown.map((client) => itemOf(client, actions, strings))
  return {
    label: strings.clients,
    submenu: items.length === 0 ? [{ label: strings.noClients, enabled: false }] : items
  }
}
