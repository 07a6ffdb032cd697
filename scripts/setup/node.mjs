import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { isRecord, readJson, SetupError } from './machine.mjs'

/** What undici 8 and better-sqlite3 13 need; older Nodes crash instead of failing. */
const leastNode = '22.19.0'

/** @param {string} version such as `v20.20.2` @param {string} least */
export function isAtLeast(version, least) {
  const numbers = (/** @type {string} */ text) => text.replace(/^v/, '').split(/[.-]/, 3).map(Number)
  const [major = 0, minor = 0, patch = 0] = numbers(version)
  const [leastMajor = 0, leastMinor = 0, leastPatch = 0] = numbers(least)
  if (major !== leastMajor) return major > leastMajor
  if (minor !== leastMinor) return minor > leastMinor
  return patch >= leastPatch
}

/** Whether the lock file brings a Node for this machine. @param {string} root @param {string} platform @param {string} arch */
function bringsNode(root, platform, arch) {
  const lock = readJson(join(root, 'package-lock.json'))
  const packages = isRecord(lock) ? lock['packages'] : undefined
  return isRecord(packages) && `node_modules/${runtimePackage(platform, arch)}` in packages
}

/** @param {string} platform @param {string} arch */
const runtimePackage = (platform, arch) => `node-${platform === 'win32' ? 'win' : platform}-${arch}`

/** Where the lock file's own Node stands on this machine. @param {string} root @param {string} platform @param {string} arch */
export function lockedNode(root, platform, arch) {
  return join(root, 'node_modules', runtimePackage(platform, arch), 'bin', platform === 'win32' ? 'node.exe' : 'node')
}

/** @param {string} file @returns {string | undefined} `v24.21.0`, or undefined when it doesn't run here */
function versionOf(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/**
 * The Node to run with: this process's own where it is new enough, else the lock file's.
 * @param {{ root: string, execPath: string, version: string, platform: string, arch: string }} machine
 * @param {(file: string) => string | undefined} [probe] gives the version of a Node, or undefined when it doesn't run
 * @returns {string} its path
 * @throws {SetupError} which says what to install
 */
export function chooseNode(machine, probe = versionOf) {
  if (isAtLeast(machine.version, leastNode)) return machine.execPath
  const locked = lockedNode(machine.root, machine.platform, machine.arch)
  const version = probe(locked)
  if (version !== undefined && isAtLeast(version, leastNode)) return locked
  throw nodeMissing(machine)
}

/**
 * Fails before anything is installed when no Node that can run Routex will come of it.
 * @param {{ root: string, version: string, platform: string, arch: string }} machine
 * @throws {SetupError} which says what to install
 */
export function expectNode(machine) {
  if (isAtLeast(machine.version, leastNode) || bringsNode(machine.root, machine.platform, machine.arch)) return
  throw nodeMissing(machine)
}

/** @param {{ version: string, platform: string, arch: string }} machine */
function nodeMissing({ version, platform, arch }) {
  return new SetupError(
    `Routex needs Node ${leastNode} or newer, and this is ${version}. ` +
      `The lock file brings none that runs on ${platform}-${arch}: install Node 24 from https://nodejs.org and try again.`
  )
}
