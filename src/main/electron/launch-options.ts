import { parseArgs } from 'node:util'
import { z } from 'zod'

export interface LaunchOptions {
  /** Starts in the tray, without a window (launch at login). */
  readonly hidden: boolean
  readonly configPath: string | null
  /** null: Electron's own folder for the user's data. */
  readonly dataDir: string | null
  /** They win over the settings for this run. */
  readonly overrides: { readonly host?: string; readonly port?: number }
}

const port = z.coerce.number().int().min(0).max(65_535)

/**
 * What the desktop app takes from its command line. Whatever else stands there is Electron's and Chromium's, so it is
 * passed over. Throws a ZodError for a port that is none.
 */
export function readLaunchOptions(args: readonly string[]): LaunchOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      hidden: { type: 'boolean' },
      config: { type: 'string' },
      'data-dir': { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' }
    }
  })
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined
  const host = text(values['host'])
  const wantedPort = text(values['port'])
  return {
    hidden: values['hidden'] === true,
    configPath: text(values['config']) ?? null,
    dataDir: text(values['data-dir']) ?? null,
    overrides: {
      ...(host !== undefined && { host }),
      ...(wantedPort !== undefined && { port: port.parse(wantedPort) })
    }
  }
}
