import { join } from 'node:path'
import type { Machine } from '../importer'

export function find({ environment, home }: Machine): readonly string[] {
  const folder = environment['CODEX_HOME'] ?? join(home, '.codex')
  return [join(folder, 'config.toml'), join(folder, 'auth.json')]
}
