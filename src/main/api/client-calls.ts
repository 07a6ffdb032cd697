import { calls } from '../../shared/contract'
import type { ClientKeyId } from '../../shared/ids'
import { snippetsFor } from '../clients/snippets'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { verifyClient } from './verify-client'

/** Calls on the assistants that go through Routex. */
export function clientCalls(dependencies: ApiDependencies) {
  const { clients, config } = dependencies
  const { connections, starter, offer, crash } = clients

  const keyText = (id: ClientKeyId | undefined): string => {
    if (id === undefined) return config.defaultClientKey()
    const text = config.clientKeySecret(id)
    if (text === undefined) throw new ApiError('not_found', `There is no client key ${id} whose text can be read`)
    return text
  }

  return {
    'clients.list': implement(calls['clients.list'], async (asked) => ({
      clients: [...(await connections.list(asked))],
      afterCrash: await crash.told()
    })),
    'clients.preview': implement(calls['clients.preview'], ({ client, action, options, ...asked }) =>
      connections.preview(client, action, options, asked)
    ),
    'clients.apply': implement(calls['clients.apply'], async ({ client, ...request }) => {
      const { changes } = await connections.apply(client, request)
      return { client: await connections.view(client), changes: [...changes] }
    }),
    'clients.restore': implement(calls['clients.restore'], async ({ client, overOther }) => {
      const { changes, left } = await connections.restore(client, { overOther })
      return { client: await connections.view(client), changes: [...changes], left: [...left] }
    }),
    'clients.keep': implement(calls['clients.keep'], () => {
      crash.settle()
      return { ok: true as const }
    }),
    'clients.verify': implement(calls['clients.verify'], (asked) => verifyClient(dependencies, asked)),
    'clients.launch': implement(calls['clients.launch'], async ({ client, folder }) => {
      const { terminal, conflicts } = await starter.launch(client, { folder })
      return { terminal, conflicts: [...conflicts] }
    }),
    'clients.env': implement(calls['clients.env'], ({ client, shell, ...asked }) =>
      starter.environment(client, shell, asked)
    ),
    'clients.snippets': implement(calls['clients.snippets'], ({ keyId, ...asked }) => ({
      snippets: snippetsFor(offer, { ...asked, key: keyText(keyId) })
    }))
  }
}
