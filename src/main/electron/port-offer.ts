import { dialog } from 'electron'
import { calls } from '../../shared/contract'
import type { Api } from '../api/api'
import { ApiError } from '../api/api-error'
import { nextFreePort } from './free-port'
import type { ShellStrings } from './strings'

export interface PortOfferOptions {
  readonly api: Pick<Api, 'call'>
  /** In the language that is chosen now. */
  readonly strings: () => ShellStrings
  /** The command line set the port for this run, so another in the settings would change nothing. */
  readonly portIsFixed: boolean
}

/**
 * The API's calls, where turning the gateway on over a taken port offers the next free one (B42): accepted, it is kept in
 * the settings and tried; declined, the gateway stays off, as the user chose.
 */
export function offerFreePort({ api, strings, portIsFixed }: PortOfferOptions): Api['call'] {
  const offer = async (params: unknown, refusal: ApiError): Promise<unknown> => {
    const { settings, managed } = calls['settings.get'].result.parse(await api.call('settings.get', {}))
    if (portIsFixed || managed.includes('port')) throw refusal
    const free = await nextFreePort(settings.host, settings.port)
    if (free === null) throw refusal
    if (!(await isAccepted(strings(), settings.port, free, refusal.message))) return api.call('gateway.status', {})
    await api.call('settings.update', { port: free })
    return api.call('gateway.setState', params)
  }
  /** Tray and page may both ask while the question is open. */
  let open: Promise<unknown> | undefined
  return async (name, params) => {
    try {
      return await api.call(name, params)
    } catch (error) {
      if (name !== 'gateway.setState' || !(error instanceof ApiError) || error.code !== 'port_taken') throw error
      open ??= offer(params, error).finally(() => (open = undefined))
      return open
    }
  }
}

async function isAccepted(strings: ShellStrings, taken: number, free: number, reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: strings.portTaken(taken),
    detail: `${reason}\n\n${strings.portHint(free)}`,
    buttons: [strings.usePort(free), strings.stayOff],
    defaultId: 0,
    cancelId: 1
  })
  return response === 0
}
