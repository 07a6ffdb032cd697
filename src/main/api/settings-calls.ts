import { calls, type CallResult } from '../../shared/contract'
import { bindConflict } from '../../shared/loopback'
import type { ConfigStore } from '../storage/ports'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** What is in force now, and which of it the config file sets. */
export function settingsInForce(config: ConfigStore): CallResult<'settings.get'> {
  return { settings: config.settings(), managed: [...config.managedSettings()] }
}

/** Calls on the settings. */
export function settingsCalls({ config, gateway }: ApiDependencies) {
  return {
    'settings.get': implement(calls['settings.get'], () => settingsInForce(config)),
    'settings.update': implement(calls['settings.update'], async (change) => {
      const before = config.settings()
      const { host = before.host, port = before.port, keyRequired = before.keyRequired } = change
      const conflict = bindConflict({ host, keyRequired })
      if (conflict !== null)
        throw badArguments([{ path: 'keyRequired', message: conflict, rule: { kind: 'own', code: 'key_needed' } }])
      await config.updateSettings(change)
      // What the command line set stays as it is over a start with the same command line.
      const { givenAtStart } = gateway.status()
      const hostMoves = givenAtStart.host === null && host !== before.host
      const portMoves = givenAtStart.port === null && port !== before.port
      return { ...settingsInForce(config), restartNeeded: hostMoves || portMoves }
    })
  }
}
