import { calls } from '../../shared/contract'
import { ApiError, badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { sendSample } from './send-sample'

/** Calls on the gateway: its switch, and what flows through it. */
export function gatewayCalls(dependencies: ApiDependencies) {
  const { gateway } = dependencies
  return {
    'gateway.status': implement(calls['gateway.status'], () => gateway.status()),
    'gateway.setState': implement(calls['gateway.setState'], ({ state, minutes }) => {
      if (minutes !== undefined && state !== 'paused') {
        throw badArguments([{ path: 'minutes', message: 'may be given with the state "paused" only' }])
      }
      if (state !== 'off' || gateway.canTurnOff) return gateway.setState(state, minutes)
      throw new ApiError(
        'cannot_turn_off',
        'A headless gateway can be paused, not turned off: nothing could turn it on again'
      )
    }),
    'gateway.inFlight': implement(calls['gateway.inFlight'], () => gateway.inFlight()),
    'gateway.sendSample': implement(calls['gateway.sendSample'], (sample) => sendSample(dependencies, sample))
  }
}
