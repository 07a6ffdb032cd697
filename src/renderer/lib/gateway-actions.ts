import type { GatewayStatus } from '../../shared/gateway-status'
import { m } from './messages'
import type { AppState } from './app.svelte'
import type { GatewayStateName } from './state/gateway.svelte'

export interface GatewayAction {
  readonly id: string
  readonly label: string
  readonly state: GatewayStateName
  readonly minutes?: number
}

/** What the gateway is doing, in a word. */
export function gatewayStateName(state: GatewayStatus['state'] | 'unknown'): string {
  switch (state) {
    case 'on':
      return m.common_on()
    case 'paused':
      return m.common_paused()
    case 'off':
      return m.common_off()
    case 'unknown':
      return m.common_state_unknown()
  }
}

/** What can be done with the gateway as it is. A browser's page comes from it, so there it can't be turned off. */
export function gatewayActions(app: AppState): readonly GatewayAction[] {
  const state = app.gateway.current?.state
  const turnOn = { id: 'on', label: state === 'paused' ? m.common_resume() : m.common_turn_on(), state: 'on' } as const
  const pauses = [
    { id: 'pause-15', label: m.common_pause_minutes({ minutes: 15 }), state: 'paused', minutes: 15 },
    { id: 'pause-60', label: m.common_pause_hour(), state: 'paused', minutes: 60 },
    { id: 'pause', label: m.common_pause(), state: 'paused' }
  ] as const
  const turnOff = { id: 'off', label: m.common_turn_off(), state: 'off' } as const
  return [
    ...(state === 'on' ? [] : [turnOn]),
    ...(state === 'on' ? pauses : []),
    ...(state !== 'off' && app.backend.shell === 'desktop' ? [turnOff] : [])
  ]
}
