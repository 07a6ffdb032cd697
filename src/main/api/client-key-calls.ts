import { calls } from '../../shared/contract'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { withLastUses } from './last-uses'

/** Calls on client keys. Their text is told once, when they are made. */
export function clientKeyCalls({ config, logs, clock }: ApiDependencies) {
  return {
    'clientKeys.list': implement(calls['clientKeys.list'], async () => ({
      keys: await withLastUses({ logs, clock }, config.clientKeyViews())
    })),
    'clientKeys.create': implement(calls['clientKeys.create'], (input) => config.createClientKey(input)),
    'clientKeys.revoke': implement(calls['clientKeys.revoke'], async ({ id }) => {
      await config.revokeClientKey(id)
      return { ok: true as const }
    })
  }
}
