import { parseArgs } from 'node:util'

export interface LaunchOptions {
  /** Starts in the tray, without a window (launch at login). */
  readonly hidden: boolean
  readonly configPath: string | null
  /** null: Electron's own folder for the user's data. */
  readonly dataDir: string | null
  /** They win over the settings for this run. */
  readonly overrides: { readonly host?: string; readonly port?: number }
}

/** The command line asks for what can't be. */
class BadLaunchOption extends Error {
  override readonly name = 'BadLaunchOption'
  readonly code = 'bad_arguments'
  readonly status = 400
  readonly retryable = false
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new BadLaunchOption(`--port ${text}: must be a number from 0 to 65535 (0 picks a free one)`)
}

/**
 * What the desktop app takes from its command line. Whatever else stands there is Electron's and Chromium's, so it is
 * passed over. Throws BadLaunchOption for a port that is none.
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
      ...(wantedPort !== undefined && { port: readPort(wantedPort) })
    }
  }
}
