import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { z } from 'zod'
import { apiErrorBody, type CallName, type CallParams, type CallResult } from '../../shared/contract'
import { readResult } from '../../shared/read-contract'
import { readControl, type Control } from '../storage/control-file'
import { EXIT } from './exit-code'

/** What was asked could not be done; the message is for the user. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Where the desktop app keeps its data: Electron's `userData` of the product's name. */
function desktopFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Routex')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Routex')
  const config = env['XDG_CONFIG_HOME'] ?? ''
  return join(config === '' ? join(homedir(), '.config') : config, 'Routex')
}

interface Found extends Control {
  readonly folder: string
}

function findRunning(dataDir: string | null): Found {
  const usual = [envPaths('routex', { suffix: '' }).data, desktopFolder(process.platform, process.env)]
  const folders = dataDir === null ? usual : [resolve(dataDir)]
  const found = folders.flatMap((folder) => {
    const control = readControl(folder)
    return control === null ? [] : [{ ...control, folder }]
  })
  const [first] = found
  if (first === undefined) {
    throw new CommandFailed(
      `no Routex runs here (looked in ${folders.join(' and ')}). Start the app, or "routex serve"; with --data-dir name its folder here too`
    )
  }
  // On a file system that does not tell upper case from lower, both folders are one.
  const others = found.filter(({ url }) => url !== first.url)
  if (others.length === 0) return first
  const places = [first, ...others].map(({ folder, url }) => `${folder} (${url})`)
  throw new CommandFailed(`more than one Routex runs: say which with --data-dir: ${places.join(', ')}`, EXIT.badInput)
}

const BAD_ARGUMENTS = 400

/** What goes on all the same, by the error's code. */
const HINTS: Readonly<Record<string, string>> = {
  folder_missing: ' with --create-folders',
  other_routex: ' with --over-other'
}

/** The management API of the Routex that runs. */
export class RunningRoutex {
  readonly #control: Control

  private constructor(control: Control) {
    this.#control = control
  }

  /** @throws CommandFailed when none runs, or it is not clear which is meant */
  static find(dataDir: string | null): RunningRoutex {
    return new RunningRoutex(findRunning(dataDir))
  }

  /** @throws CommandFailed with the API's own words */
  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    const response = await this.#post(name, params)
    const body: unknown = await response.json()
    if (response.ok) return readResult(name, body)
    const { code, message } = apiErrorBody.parse(body)
    throw new CommandFailed(
      message + (HINTS[code] ?? ''),
      response.status === BAD_ARGUMENTS ? EXIT.badInput : EXIT.failed
    )
  }

  async #post(name: string, params: unknown): Promise<Response> {
    const { url, token } = this.#control
    try {
      return await fetch(`${url}/api/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(params)
      })
    } catch (error) {
      const { cause } = z.object({ cause: z.unknown() }).safeParse(error).data ?? { cause: error }
      const why = cause instanceof Error ? cause.message : String(error)
      throw new CommandFailed(`Routex did not answer at ${url}: ${why}`)
    }
  }
}
