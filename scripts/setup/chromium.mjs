import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, say, SetupError } from './machine.mjs'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'
]

/**
 * The browser that the tests drive: the one named by CHROMIUM, else one on the PATH, else one in its usual place.
 * @param {NodeJS.ProcessEnv} env
 * @param {(file: string) => boolean} [exists]
 * @returns {string | undefined} its path
 */
export function findChromium(env, exists = existsSync) {
  const named = env['CHROMIUM']
  if (named !== undefined && named !== '') return exists(named) ? named : undefined
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return [...onPath, ...applications].find((file) => exists(file))
}

/** @param {{ platform: string, uid: number | undefined, exists: (file: string) => boolean }} machine */
export function canInstallChromium({ platform, uid, exists }) {
  return platform === 'linux' && uid === 0 && exists('/usr/bin/apt-get') && exists('/etc/debian_version')
}

/** Finds a Chromium, or installs Debian's where that is possible. @returns {Promise<string>} its path */
export async function ensureChromium() {
  const found = findChromium(process.env)
  if (found !== undefined) return found
  const named = process.env['CHROMIUM']
  if (named !== undefined && named !== '') throw new SetupError(`CHROMIUM names ${named}, and there is no such file.`)
  if (canInstallChromium({ platform: process.platform, uid: process.getuid?.(), exists: existsSync })) {
    say('Installing Chromium for the browser tests (apt-get install chromium) …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const wait = ['-qq', '-o', 'DPkg::Lock::Timeout=120']
    await run('apt-get', [...wait, 'update'], { env })
    await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'chromium'], { env })
    const installed = findChromium(process.env)
    if (installed !== undefined) return installed
  }
  throw new SetupError(
    'The browser tests need a Chromium: install Chromium or Google Chrome (Debian: apt-get install chromium), or name one in CHROMIUM.'
  )
}
