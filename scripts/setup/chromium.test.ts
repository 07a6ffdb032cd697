import { expect, test } from 'vitest'
import { canInstallChromium, findChromium } from './chromium.mjs'

const only =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file)

test('CHROMIUM wins over what is on the PATH', () => {
  const env = { CHROMIUM: '/opt/chrome', PATH: '/usr/bin' }
  expect(findChromium(env, only('/opt/chrome', '/usr/bin/chromium'))).toBe('/opt/chrome')
})

test('a CHROMIUM that names nothing finds nothing, rather than another browser', () => {
  expect(findChromium({ CHROMIUM: '/opt/gone', PATH: '/usr/bin' }, only('/usr/bin/chromium'))).toBeUndefined()
})

test('Chrome serves where there is no Chromium', () => {
  expect(findChromium({ PATH: '/bin:/usr/bin' }, only('/usr/bin/google-chrome'))).toBe('/usr/bin/google-chrome')
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(findChromium({}, only(mac))).toBe(mac)
})

test('it is installed only by root on a Debian', () => {
  const debian = only('/usr/bin/apt-get', '/etc/debian_version')
  expect(canInstallChromium({ platform: 'linux', uid: 0, exists: debian })).toBe(true)
  expect(canInstallChromium({ platform: 'linux', uid: 1000, exists: debian })).toBe(false)
  expect(canInstallChromium({ platform: 'linux', uid: 0, exists: only('/usr/bin/dnf') })).toBe(false)
  expect(canInstallChromium({ platform: 'darwin', uid: 0, exists: debian })).toBe(false)
})
