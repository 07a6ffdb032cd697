import { calls } from '../../shared/contract'
import { viewOfChannel } from './channel-view'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on what a `routex://import` link asks for. */
export function importCalls({ config, imports }: ApiDependencies) {
  return {
    'imports.pending': implement(calls['imports.pending'], () => ({ pending: imports.pending() })),
    'imports.accept': implement(calls['imports.accept'], async ({ id }) => ({
      added: (await imports.accept(id)).map((channel) => viewOfChannel(config, channel))
    })),
    'imports.dismiss': implement(calls['imports.dismiss'], ({ id }) => {
      imports.dismiss(id)
      return { ok: true as const }
    })
  }
}
