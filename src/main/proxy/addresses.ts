import { BlockList, isIP } from 'node:net'
import { isLoopbackHost } from '../../shared/loopback'

/** RFC 1918, 4193, 3927, 4291, and shared address space (RFC 6598). */
const local = new BlockList()
local.addSubnet('10.0.0.0', 8, 'ipv4')
local.addSubnet('172.16.0.0', 12, 'ipv4')
local.addSubnet('192.168.0.0', 16, 'ipv4')
local.addSubnet('169.254.0.0', 16, 'ipv4')
local.addSubnet('100.64.0.0', 10, 'ipv4')
local.addAddress('0.0.0.0', 'ipv4')
local.addSubnet('fc00::', 7, 'ipv6')
local.addSubnet('fe80::', 10, 'ipv6')
local.addAddress('::', 'ipv6')

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase()

function within(list: BlockList, host: string): boolean {
  const version = isIP(host)
  if (version === 0) return false
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1]
  if (mapped !== undefined) return list.check(mapped, 'ipv4')
  return list.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/** Asked with each request, of a handful of hosts. */
const answers = new Map<string, boolean>()
const MOST_ANSWERS = 1000

/** Loopback, or an address that only means something in the user's own network; names without a dot and `.local` too. */
export function isPrivateHost(host: string): boolean {
  const known = answers.get(host)
  if (known !== undefined) return known
  if (answers.size >= MOST_ANSWERS) answers.clear()
  const name = bare(host)
  const answer = isLoopbackHost(name) || within(local, name) || isLocalName(name)
  answers.set(host, answer)
  return answer
}

const isLocalName = (name: string): boolean =>
  isIP(name) === 0 && (!name.includes('.') || name.endsWith('.local') || name.endsWith('.internal'))
