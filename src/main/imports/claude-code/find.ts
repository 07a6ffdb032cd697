import { join } from 'node:path'
import type { Machine } from '../importer'

/** Its config folder's settings, and the file in the home folder where a key made by its Console login stands. */
export function find({ environment, home }: Machine): readonly string[] {
  const folder = environment['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude')
  const own = environment['CLAUDE_CONFIG_DIR'] === undefined ? home : folder
  return [join(folder, 'settings.json'), join(own, '.claude.json')]
}
