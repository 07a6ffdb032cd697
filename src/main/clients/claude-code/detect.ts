import { join } from 'node:path'
import type { Location, Machine } from '../client'
import { exists, readBeside } from '../conflict'

/** Seen with 2.1.197 to 2.1.332: `CLAUDE_CONFIG_DIR` moves settings and state alike. */
export async function locate(machine: Machine): Promise<Location> {
  const { env, home } = machine
  const moved = env['CLAUDE_CONFIG_DIR'] ?? ''
  const folder = moved === '' ? join(home, '.claude') : moved
  const state = moved === '' ? join(home, '.claude.json') : join(moved, '.claude.json')
  return {
    folder,
    movedBy: ['CLAUDE_CONFIG_DIR'],
    // Its parser takes a byte order mark, and neither comments nor trailing commas: it says so and ignores the whole file.
    files: [
      {
        role: 'settings',
        path: join(folder, 'settings.json'),
        format: 'json',
        refuses: { comments: true, trailingCommas: true }
      },
      {
        role: 'state',
        path: state,
        format: 'json',
        // It grows to megabytes, and a new one that would need our flag does not.
        optional: true,
        refuses: { comments: true, trailingCommas: true }
      }
    ],
    hasLogin: (await exists(machine, join(folder, '.credentials.json'))) || (await hasAccount(machine, state))
  }
}

/** On macOS the login itself is in the keychain, and its state tells of it. */
async function hasAccount(machine: Machine, state: string): Promise<boolean> {
  const settings = await readBeside(machine, state, 'json')
  return settings !== null && ('oauthAccount' in settings || 'primaryApiKey' in settings)
}
