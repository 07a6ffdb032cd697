import { calls } from '../../shared/contract'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on the gateway's switch. */
export function gatewayCalls({ gateway }: ApiDependencies) {
  return {
    'gateway.status': implement(calls['gateway.status'], () => gateway.status()),
    'gateway.setState': implement(calls['gateway.setState'], ({ state }) => {
      if (state !== 'off' || gateway.canTurnOff) return gateway.setState(state)
      throw new ApiError('conflict', 'A headless gateway can be paused, not turned off: nothing could turn it on again')
    })
  }
}
