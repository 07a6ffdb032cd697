import { join } from 'node:path'
import type { Machine } from '../importer'

/** Version 3 keeps a database and takes the JSON of the older ones over into it, after which that goes. */
export function find({ environment, home, platform }: Machine): readonly string[] {
  const appData = environment['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  const windows = ['claude-code-router', 'Claude Code Router'].map((name) => join(appData, name))
  const folders = [join(home, '.claude-code-router'), ...(platform === 'win32' ? windows : [])]
  return folders.flatMap((folder) => [join(folder, 'config.sqlite'), join(folder, 'config.json')])
}
