import { join } from 'node:path'
import type { Location, Machine } from '../client'
import { exists } from '../conflict'

/** Seen with 0.61: settings.json may have comments, but neither trailing commas nor a byte order mark. */
export async function locate(machine: Machine): Promise<Location> {
  const moved = machine.env['GEMINI_CLI_HOME'] ?? ''
  const folder = join(moved === '' ? machine.home : moved, '.gemini')
  return {
    folder,
    movedBy: ['GEMINI_CLI_HOME'],
    files: [
      { role: 'env', path: join(folder, '.env'), format: 'dotenv' },
      {
        role: 'settings',
        path: join(folder, 'settings.json'),
        format: 'json',
        refuses: { trailingCommas: true, byteOrderMark: true }
      }
    ],
    hasLogin: await exists(machine, join(folder, 'oauth_creds.json'))
  }
}
