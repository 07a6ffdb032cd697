import { calls } from '../../shared/contract'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on the request log. */
export function logCalls({ logs }: ApiDependencies) {
  return {
    'logs.query': implement(calls['logs.query'], async (query) => {
      const { rows, nextCursor } = await logs.query(query)
      return { rows: [...rows], nextCursor }
    }),
    'logs.count': implement(calls['logs.count'], ({ filter }) => logs.count(filter)),
    'logs.get': implement(calls['logs.get'], async ({ id }) => {
      const row = await logs.get(id)
      if (row === undefined) throw new ApiError('not_found', `There is no request ${id} in the log`)
      return row
    })
  }
}
