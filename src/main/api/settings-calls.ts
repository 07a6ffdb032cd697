import { calls, type CallResult } from '../../shared/contract'
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

/** Where it is to listen changed, which takes effect when it is turned on again. */
export const isElsewhere = (before: Settings, now: Settings): boolean =>
  before.host !== now.host || before.port !== now.port

/** Calls on the settings. */
export function settingsCalls({ config }: ApiDependencies) {
  return {
    'settings.get': implement(calls['settings.get'], () => settingsInForce(config)),
    'settings.update': implement(calls['settings.update'], async (change) => {
      const before = config.settings()
      const { host = before.host, keyRequired = before.keyRequired } = change
      const conflict = bindConflict({ host, keyRequired })
      if (conflict !== null) throw badArguments([{ path: 'keyRequired', message: conflict }])
      await config.updateSettings(change)
      return { ...settingsInForce(config), restartNeeded: isElsewhere(before, config.settings()) }
    })
  }
}
