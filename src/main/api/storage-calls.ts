import { calls } from '../../shared/contract'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { isElsewhere } from './settings-calls'

/** Calls on what the log takes on the disk, and on copies of the configuration. */
export function storageCalls({ config, gateway, logs }: ApiDependencies) {
  const { backups } = config
  return {
    'storage.vacuum': implement(calls['storage.vacuum'], () => logs.vacuum()),
    'storage.previewRetention': implement(calls['storage.previewRetention'], (limits) => logs.previewRetention(limits)),
    'backups.list': implement(calls['backups.list'], async () => ({ backups: [...(await backups.list())] })),
    'backups.create': implement(calls['backups.create'], () => backups.create()),
    'backups.preview': implement(calls['backups.preview'], ({ name }) => backups.preview(name)),
    'backups.restore': implement(calls['backups.restore'], async ({ name }) => {
      const before = config.settings()
      const { savedAs } = await backups.restore(name)
      return { savedAs, restartNeeded: isElsewhere(before, config.settings(), gateway.status()) }
    }),
    'backups.delete': implement(calls['backups.delete'], async ({ name }) => {
      await backups.delete(name)
      return { ok: true as const }
    })
  }
}
