import { isAbsolute } from 'node:path'
import { calls } from '../../shared/contract'
import type { PickedFile } from '../imports/findings'
import { ApiError } from './api-error'
import { viewOfChannel } from './channel-view'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import type { Applied } from './imports'

interface Given {
  readonly text?: string | undefined
  readonly base64?: string | undefined
  readonly path?: string | undefined
}

/** Calls on what could be brought in: what a `routex://import` link asks for, and accounts of other programs. */
export function importCalls({ config, imports, readsFiles }: ApiDependencies) {
  const picked = ({ base64, path, text }: Given): PickedFile => {
    if (path === undefined) {
      return base64 === undefined
        ? { kind: 'text', text: text ?? '' }
        : { kind: 'bytes', bytes: Buffer.from(base64, 'base64') }
    }
    // A token for the API is none for the files of the machine.
    if (!readsFiles)
      throw new ApiError('bad_arguments', 'path: no file of the gateway’s machine is read: send its text')
    if (!isAbsolute(path)) throw new ApiError('bad_arguments', 'path: must be absolute')
    return { kind: 'path', path }
  }
  const viewOf = ({ added, backup, skipped }: Applied) => ({
    added: added.map((channel) => viewOfChannel(config, channel)),
    skipped: [...skipped],
    backup
  })

  return {
    'imports.pending': implement(calls['imports.pending'], () => ({ pending: imports.pending() })),
    'imports.scan': implement(calls['imports.scan'], () => imports.scan()),
    'imports.read': implement(calls['imports.read'], ({ source, ...given }) => imports.read(source, picked(given))),
    'imports.apply': implement(calls['imports.apply'], async ({ id, picks }) => viewOf(await imports.apply(id, picks))),
    'imports.accept': implement(calls['imports.accept'], async ({ id }) => viewOf(await imports.accept(id))),
    'imports.dismiss': implement(calls['imports.dismiss'], ({ id }) => {
      imports.dismiss(id)
      return { ok: true as const }
    })
  }
}
