import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isBuilt, markBuilt, sourceStamp } from './build.mjs'
import { checkout, put } from './checkout.fixture'

function builtCheckout(): string {
  const root = checkout({
    'src/main/app.ts': 'export const a = 1',
    'src/main/app.test.ts': 'test',
    'package-lock.json': {},
    'out/main/index.js': '',
    'out/main/headless.js': '',
    'out/main/log-worker.js': '',
    'out/main/token-worker.js': '',
    'out/preload/index.cjs': '',
    'out/renderer/index.html': '',
    'src/renderer/paraglide/messages/en.js': ''
  })
  markBuilt(root, sourceStamp(root))
  return root
}

test('what was built from these sources is not built again', () => {
  expect(isBuilt(builtCheckout())).toBe(true)
})

test('a changed, a new and a removed source each ask for a build', () => {
  const root = builtCheckout()
  put(root, 'src/main/app.ts', 'export const a = 2')
  expect(isBuilt(root)).toBe(false)
  put(root, 'src/main/app.ts', 'export const a = 1')
  expect(isBuilt(root)).toBe(true)
  put(root, 'src/main/new.ts', '')
  expect(isBuilt(root)).toBe(false)
  rmSync(join(root, 'src/main/new.ts'))
  expect(isBuilt(root)).toBe(true)
  rmSync(join(root, 'src/main/app.ts'))
  expect(isBuilt(root)).toBe(false)
})

test('changed texts ask for a build; what it made of them does not', () => {
  const root = builtCheckout()
  put(root, 'src/renderer/paraglide/messages/en.js', 'compiled anew')
  expect(isBuilt(root)).toBe(true)
  put(root, 'messages/en/common.json', { common_on: 'On' })
  expect(isBuilt(root)).toBe(false)
})

test('new packages ask for a build, a changed test does not', () => {
  const root = builtCheckout()
  put(root, 'src/main/app.test.ts', 'another test')
  expect(isBuilt(root)).toBe(true)
  put(root, 'package-lock.json', { changed: true })
  expect(isBuilt(root)).toBe(false)
})

test('a result that is gone asks for a build', () => {
  const root = builtCheckout()
  rmSync(join(root, 'out/preload/index.cjs'))
  expect(isBuilt(root)).toBe(false)
})
