import { calls } from '../../shared/contract'
import { bindConflict } from '../../shared/loopback'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on the settings and on the gateway's switch. */
export function settingsCalls({ config }: ApiDependencies) {
  const inForce = () => ({ settings: config.settings(), managed: [...config.managedSettings()] })

  return {
    'settings.get': implement(calls['settings.get'], inForce),
    'settings.update': implement(calls['settings.update'], async (change) => {
      const before = config.settings()
      const { host = before.host, port = before.port, keyRequired = before.keyRequired } = change
      const conflict = bindConflict({ host, keyRequired })
      if (conflict !== null) throw badArguments([{ path: 'keyRequired', message: conflict }])
      await config.updateSettings(change)
      return { ...inForce(), restartNeeded: host !== before.host || port !== before.port }
    })
  }
}
