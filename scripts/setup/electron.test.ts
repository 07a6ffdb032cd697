import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, put } from './checkout.fixture'
import {
  desktopFailure,
  displayProblem,
  downloadElectron,
  downloadError,
  downloadProblem,
  electronBinary
} from './electron.mjs'

describe('whether a window can open', () => {
  test('on Linux it takes an X or a Wayland display', () => {
    expect(displayProblem({ platform: 'linux', env: {} })).toMatch(/no display/)
    expect(displayProblem({ platform: 'linux', env: { DISPLAY: '' } })).toMatch(/no display/)
    expect(displayProblem({ platform: 'linux', env: { DISPLAY: ':0' } })).toBeUndefined()
    expect(displayProblem({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined()
  })

  test('macOS and Windows are taken to have one', () => {
    expect(displayProblem({ platform: 'darwin', env: {} })).toBeUndefined()
    expect(displayProblem({ platform: 'win32', env: {} })).toBeUndefined()
  })

  test('nothing is downloaded for root on Linux, since the sandbox is never switched off', () => {
    expect(downloadProblem({ platform: 'linux', uid: 0 })).toMatch(/root/)
    expect(downloadProblem({ platform: 'linux', uid: 1000 })).toBeUndefined()
    expect(downloadProblem({ platform: 'win32', uid: undefined })).toBeUndefined()
  })
})

describe('whether the binary is there', () => {
  const complete = {
    'node_modules/electron/package.json': { version: '45.4.1' },
    'node_modules/electron/path.txt': 'electron',
    'node_modules/electron/dist/version': 'v45.4.1',
    'node_modules/electron/dist/electron': ''
  }

  test('a complete download is found', () => {
    const root = checkout(complete)
    expect(electronBinary(root)).toBe(join(root, 'node_modules/electron/dist/electron'))
  })

  test('one of another version or broken off is not', () => {
    const root = checkout(complete)
    put(root, 'node_modules/electron/dist/version', '44.0.0')
    expect(electronBinary(root)).toBeUndefined()
    const { 'node_modules/electron/package.json': manifest } = complete
    expect(electronBinary(checkout({ 'node_modules/electron/package.json': manifest }))).toBeUndefined()
    expect(electronBinary(checkout({}))).toBeUndefined()
  })
})

describe('the download', () => {
  const download = (script: string) => {
    const folder = checkout({ 'install.js': script })
    return downloadElectron({
      node: process.execPath,
      installer: join(folder, 'install.js'),
      target: join(folder, 'dist'),
      stallMs: 1000,
      tellMs: 50
    })
  }

  test('one that stands still is given up', async () => {
    expect(await download('setInterval(() => {}, 1000)')).toMatch(/nothing arrived for 1 s/)
  })

  test('one that moves on may take longer than the limit', async () => {
    const slow = `
      const file = require('path').join(require('os').tmpdir(), 'part')
      let left = 12
      setInterval(() => left-- ? require('fs').appendFileSync(file, 'x') : process.exit(0), 100)`
    expect(await download(slow)).toBeUndefined()
  })

  test('one that fails says why in one line', async () => {
    const failing = `console.error(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND github.com') })); process.exit(1)`
    expect(await download(failing)).toBe('Electron could not be downloaded (Error: getaddrinfo ENOTFOUND github.com)')
  })

  test('it leaves no temporary folder behind', async () => {
    const folder = checkout({
      'install.js': `require('fs').writeFileSync(process.argv[1] + '.tmp', require('os').tmpdir())`
    })
    const installer = join(folder, 'install.js')
    expect(await downloadElectron({ node: process.execPath, installer, target: folder, tellMs: 50 })).toBeUndefined()
    const { readFileSync } = await import('node:fs')
    expect(existsSync(readFileSync(`${installer}.tmp`, 'utf8'))).toBe(false)
  })
})

describe('why the app ended', () => {
  test('a refused sandbox comes with the way to allow it', () => {
    const refused =
      'FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found, but is not configured correctly.'
    expect(desktopFailure(refused, 'signal SIGTRAP')).toMatch(/kernel\.apparmor_restrict_unprivileged_userns=0/)
  })

  test('anything else is told by the line that says most', () => {
    const text = 'noise\n[1:ERROR:ozone_platform_x11.cc] Missing X server or $DISPLAY\nbye\n'
    expect(desktopFailure(text, 'exit code 1')).toBe(
      'it ended before it was ready (exit code 1: [1:ERROR:ozone_platform_x11.cc] Missing X server or $DISPLAY)'
    )
    expect(desktopFailure('', 'exit code 0')).toBe('it ended before it was ready (exit code 0)')
  })

  test('an error without a cause gives its message', () => {
    expect(downloadError('HTTPError: Response code 404\n    at x (y.js:1)')).toBe('HTTPError: Response code 404')
    expect(downloadError('TypeError: fetch failed\n    at x')).toBe('its download server could not be reached')
    expect(downloadError('')).toBe('no reason given')
  })
})
