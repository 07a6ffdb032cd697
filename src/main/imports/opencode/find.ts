import { join } from 'node:path'
import type { Machine } from '../importer'

/** The same folders on every system (XDG's, also on macOS and Windows), and the file that a variable names. */
export function find({ environment, home }: Machine): readonly string[] {
  const config = join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'opencode')
  const data = join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'opencode')
  const named = environment['OPENCODE_CONFIG']
  return [
    join(config, 'opencode.json'),
    join(config, 'opencode.jsonc'),
    join(config, 'config.json'),
    ...(named === undefined || named === '' ? [] : [named]),
    join(data, 'auth.json')
  ]
}
