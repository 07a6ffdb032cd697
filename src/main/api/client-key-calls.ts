import { calls } from '../../shared/contract'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { withKnownSwitch } from './known-switch'
import { withLastUses } from './last-uses'

/** Calls on client keys. What the config file manages is refused by the store (409). */
export function clientKeyCalls({ clients, config, logs, clock }: ApiDependencies) {
  return {
    'clientKeys.list': implement(calls['clientKeys.list'], async () => ({
      keys: await withLastUses({ logs, clock }, config.clientKeyViews())
    })),
    'clientKeys.create': implement(calls['clientKeys.create'], (input) =>
      config.createClientKey({ ...input, budget: withKnownSwitch(config, input.budget, 'budget') })
    ),
    'clientKeys.update': implement(calls['clientKeys.update'], async ({ id, change }) => {
      const budget = withKnownSwitch(config, change.budget, 'change.budget')
      const given = budget === undefined ? change : { ...change, budget }
      const [key] = await withLastUses({ logs, clock }, [await config.updateClientKey(id, given)])
      if (key === undefined) throw new ApiError('internal', `The key ${id} was changed and is not there`)
      return key
    }),
    'clientKeys.reveal': implement(calls['clientKeys.reveal'], ({ id }) => {
      const secret = config.clientKeySecret(id)
      if (secret !== undefined) return { secret }
      const known = config.clientKeyViews().some((key) => key.id === id)
      if (known) throw new ApiError('key_unreadable', 'The text of this key can not be read any more; make a new one')
      throw new ApiError('not_found', `There is no client key ${id}`)
    }),
    'clientKeys.rotate': implement(calls['clientKeys.rotate'], async ({ id }) => {
      const rotated = await config.rotateClientKey(id)
      // Who starts a client right after it must not find the old text in its files.
      await clients.settled()
      return rotated
    }),
    'clientKeys.revoke': implement(calls['clientKeys.revoke'], async ({ id }) => {
      await config.revokeClientKey(id)
      return { ok: true as const }
    })
  }
}
