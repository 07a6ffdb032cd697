import { join } from 'node:path'
import type { Machine } from '../importer'

/** better-ccflare, ccflare, and the name it had first; a variable names another place (packages/database/src/paths.ts). */
const KINDS = [
  { folder: 'better-ccflare', variable: 'BETTER_CCFLARE_DB_PATH' },
  { folder: 'ccflare', variable: 'ccflare_DB_PATH' },
  { folder: 'claudeflare', variable: 'CLAUDEFLARE_DB_PATH' }
] as const

export function find({ environment, home, platform }: Machine): readonly string[] {
  const windows = environment['LOCALAPPDATA'] ?? environment['APPDATA'] ?? join(home, 'AppData', 'Local')
  const base = platform === 'win32' ? windows : (environment['XDG_CONFIG_HOME'] ?? join(home, '.config'))
  return KINDS.map(({ folder, variable }) => {
    const named = environment[variable]
    return named === undefined || named === '' ? join(base, folder, `${folder}.db`) : named
  })
}
