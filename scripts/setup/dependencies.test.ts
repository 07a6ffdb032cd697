import { expect, test } from 'vitest'
import { checkout } from './checkout.fixture'
import { npmCommand, staleness } from './dependencies.mjs'

const wanted = {
  '': { name: 'routex' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-zod' },
  'node_modules/vite': { version: '8.3.8', integrity: 'sha512-vite', dev: true },
  'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-fs', optional: true }
}
const installed = { 'node_modules/zod': wanted['node_modules/zod'], 'node_modules/vite': wanted['node_modules/vite'] }

function staleWith(found: object): string | undefined {
  return staleness(
    checkout({ 'package-lock.json': { packages: wanted }, 'node_modules/.package-lock.json': { packages: found } })
  )
}

test('packages that are as the lock file says are not installed again, whoever installed them', () => {
  expect(staleWith(installed)).toBeUndefined()
})

test('a fresh clone is stale', () => {
  expect(staleness(checkout({ 'package-lock.json': { packages: wanted } }))).toBe('nothing is installed yet')
})

test('an install without dev packages is stale', () => {
  expect(staleWith({ 'node_modules/zod': wanted['node_modules/zod'] })).toBe('node_modules/vite is missing')
})

test('an older version is stale, and so is another content of the same version', () => {
  const zod = { version: '4.6.6', integrity: 'sha512-old' }
  expect(staleWith({ ...installed, 'node_modules/zod': zod })).toBe('node_modules/zod is not version 4.6.7')
  const changed = { version: '4.6.7', integrity: 'sha512-other' }
  expect(staleWith({ ...installed, 'node_modules/zod': changed })).toBe('node_modules/zod is not version 4.6.7')
})

test("the npm that runs the script is the npm that installs; npm's own name stands in for it", () => {
  const npm = npmCommand({ npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' })
  expect(npm).toEqual({ command: process.execPath, args: ['/usr/lib/node_modules/npm/bin/npm-cli.js'], shell: false })
  expect(npmCommand({}).command).toBe('npm')
  expect(npmCommand({ npm_execpath: '/usr/lib/pnpm.cjs' }).command).toBe('npm')
})
