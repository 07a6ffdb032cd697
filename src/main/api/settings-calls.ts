import { calls, type CallResult } from '../../shared/contract'
import type { GatewayStatus } from '../../shared/gateway-status'
import { bindConflict } from '../../shared/loopback'
import type { Settings } from '../../shared/settings'
import type { ConfigStore } from '../storage/ports'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** What is in force now, and which of it the config file sets. */
export function settingsInForce(config: ConfigStore): CallResult<'settings.get'> {
  return { settings: config.settings(), managed: [...config.managedSettings()] }
}

/** Where it is to listen changed, which takes effect when it is turned on again. What the command line set stays over that. */
export function isElsewhere(before: Settings, now: Settings, { givenAtStart }: GatewayStatus): boolean {
  const hostMoves = givenAtStart.host === null && now.host !== before.host
  const portMoves = givenAtStart.port === null && now.port !== before.port
  return hostMoves || portMoves
}

/** Calls on the settings. */
export function settingsCalls({ config, gateway }: ApiDependencies) {
  return {
    'settings.get': implement(calls['settings.get'], () => settingsInForce(config)),
    'settings.update': implement(calls['settings.update'], async (change) => {
      const before = config.settings()
      const { host = before.host, keyRequired = before.keyRequired } = change
      const conflict = bindConflict({ host, keyRequired })
      if (conflict !== null)
        throw badArguments([{ path: 'keyRequired', message: conflict, rule: { kind: 'own', code: 'key_needed' } }])
      await config.updateSettings(change)
      return { ...settingsInForce(config), restartNeeded: isElsewhere(before, config.settings(), gateway.status()) }
    })
  }
}
