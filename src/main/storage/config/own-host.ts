import { hostname, networkInterfaces } from 'node:os'
import { isLoopbackHost } from '../../../shared/loopback'

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** Whether this machine can listen there now: its addresses, the loopback ones, all of them, and its own name. */
export function isOwnHost(host: string): boolean {
  const name = host.toLowerCase()
  if (isLoopbackHost(name) || EVERY_ADDRESS.has(name)) return true
  const own = hostname().toLowerCase()
  const [short = own] = own.split('.')
  if ([own, short, `${short}.local`].includes(name)) return true
  const [address] = name.split('%')
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address.toLowerCase() === address))
}

/** What is told of a host that is not. */
export const ownHostMessage = (host: string): string =>
  `must be 127.0.0.1, 0.0.0.0 or another address or name of this machine, which ${host} is not`
