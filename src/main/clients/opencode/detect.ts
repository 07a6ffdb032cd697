import { join } from 'node:path'
import type { Location, Machine } from '../client'
import { exists } from '../conflict'

/** Of several files in its folder the later of these beats the earlier; a new one is made under the usual name. */
const NAMES = ['opencode.jsonc', 'opencode.json', 'config.json']

async function configIn(machine: Machine, folder: string): Promise<string> {
  for (const name of NAMES) {
    if (await exists(machine, join(folder, name))) return join(folder, name)
  }
  return join(folder, 'opencode.json')
}

/** By XDG on every system, Windows and macOS too. */
export async function locate(machine: Machine): Promise<Location> {
  const moved = machine.env['XDG_CONFIG_HOME'] ?? ''
  const folder = join(moved === '' ? join(machine.home, '.config') : moved, 'opencode')
  return {
    folder,
    movedBy: ['XDG_CONFIG_HOME'],
    files: [{ role: 'config', path: await configIn(machine, folder), format: 'json', entry: ['provider', 'routex'] }],
    hasLogin: false
  }
}
