import { join } from 'node:path'
import type { Location, Machine } from '../client'
import { exists } from '../conflict'

export async function locate(machine: Machine): Promise<Location> {
  const moved = machine.env['CODEX_HOME'] ?? ''
  const folder = moved === '' ? join(machine.home, '.codex') : moved
  return {
    folder,
    movedBy: ['CODEX_HOME'],
    files: [
      { role: 'config', path: join(folder, 'config.toml'), format: 'toml', entry: ['model_providers', 'routex'] }
    ],
    // Its login; never touched.
    hasLogin: await exists(machine, join(folder, 'auth.json'))
  }
}
