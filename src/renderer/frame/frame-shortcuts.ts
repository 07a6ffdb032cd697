import type { GatewayStatus } from '../../shared/gateway-status'
import type { AppState } from '../lib/app.svelte'
import { pageName } from '../lib/page-name'
import { router } from '../lib/router.svelte'
import type { Shortcut } from '../lib/shortcuts.svelte'
import { m } from '../lib/messages'
import type { GatewayState } from '../lib/state/gateway.svelte'
import type { FrameState } from './frame.svelte'
import { sidebarPages } from './pages'

/** Puts the cursor into the open page's search, the element with `data-search`. */
function focusSearch(): void {
  const search = document.querySelector<HTMLElement>('[data-search]')
  search?.focus()
}

const MINUTE_MS = 60_000

/** Puts the gateway back to what it was: a pause that had an end ends when it would have, to the minute. */
async function putBack(gateway: GatewayState, { state, pausedUntil }: GatewayStatus): Promise<void> {
  if (pausedUntil === null) return gateway.setState(state)
  const minutes = Math.ceil((pausedUntil - Date.now()) / MINUTE_MS)
  if (minutes >= 1) await gateway.setState(state, minutes)
}

/**
 * Says what was done, in the place of what it said before: a key may be hit by mistake, and a pause refuses every request.
 * When the gateway is changed elsewhere, this is no longer so and there is nothing to take back.
 */
function gatewayToggle({ backend, gateway, toasts }: AppState): () => Promise<void> {
  let takeAway = (): void => undefined
  return async () => {
    const before = await gateway.toggle()
    if (before === null) return
    takeAway()
    const dismiss = toasts.show({
      text: before.state === 'on' ? m.common_gateway_paused() : m.common_gateway_resumed(),
      undo: { label: m.common_undo(), run: () => void putBack(gateway, before) }
    })
    const toldState = gateway.current?.state
    const stop = backend.on('gateway.changed', ({ state, pausedUntil }) => {
      if (state !== toldState || pausedUntil !== null) takeAway()
    })
    takeAway = () => {
      stop()
      dismiss()
    }
  }
}

/** The shortcuts that work on every page. */
export function frameShortcuts(app: AppState, frame: FrameState): readonly Shortcut[] {
  const toggleGateway = gatewayToggle(app)
  return [
    ...sidebarPages.map(({ page, key }): Shortcut => ({
      keys: key,
      label: () => pageName(page),
      group: 'pages',
      run: () => router.go(page)
    })),
    { keys: 'mod+k', label: m.common_commands, group: 'actions', run: () => frame.openPalette() },
    { keys: '?', label: m.common_shortcuts, group: 'actions', run: () => frame.openShortcuts() },
    { keys: '/', label: m.common_search, group: 'actions', run: focusSearch },
    { keys: 'mod+b', label: m.common_toggle_sidebar, group: 'actions', run: () => frame.toggleSidebar() },
    { keys: 'p', label: m.common_toggle_gateway, group: 'actions', run: () => void toggleGateway() },
    {
      keys: 'mod+z',
      label: m.common_undo_last,
      group: 'actions',
      run: () => {
        const last = app.toasts.list.findLast(({ undo }) => undo !== undefined)
        if (last) app.toasts.undo(last.id)
      }
    }
  ]
}
