import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startStubListener } from '../../../test/support/stub-listener'
import { makeTempDir } from '../../../test/support/temp-dir'

async function setup() {
  const folder = await makeTempDir()
  const uiRoot = join(folder, 'renderer')
  await mkdir(join(uiRoot, 'assets'), { recursive: true })
  await writeFile(join(uiRoot, 'index.html'), '<!doctype html><title>Routex</title>')
  await writeFile(join(uiRoot, 'assets', 'main-abc123.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  return startStubListener({ uiRoot })
}

test('the page is served under /ui/, and both / and /ui lead there', async () => {
  const { send } = await setup()
  const page = await send({ target: '/ui/' })
  expect([page.status, page.text]).toEqual([200, '<!doctype html><title>Routex</title>'])
  expect(page.header('content-type')).toBe('text/html; charset=utf-8')
  for (const target of ['/', '/ui']) {
    const answer = await send({ target })
    expect([answer.status, answer.header('location')]).toEqual([302, '/ui/'])
  }
})

test('the page may load nothing from elsewhere, run nothing inline, and not be framed', async () => {
  const { send } = await setup()
  const page = await send({ target: '/ui/' })
  const policy = page.header('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(page.header('x-content-type-options')).toBe('nosniff')
  expect(page.header('referrer-policy')).toBe('no-referrer')
})

test('the page is asked for anew each time, its assets are kept for ever', async () => {
  const { send } = await setup()
  expect((await send({ target: '/ui/' })).header('cache-control')).toBe('no-cache')
  const asset = await send({ target: '/ui/assets/main-abc123.js?x=1' })
  expect(asset.header('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.header('content-type')).toBe('text/javascript; charset=utf-8')
})

test('HEAD has no body', async () => {
  const { send } = await setup()
  const answer = await send({ method: 'HEAD', target: '/ui/index.html' })
  expect([answer.status, answer.bodyBytes]).toEqual([200, 0])
})

test.each([
  '/ui/../secret.txt',
  '/ui/..%2fsecret.txt',
  '/ui/%2e%2e/secret.txt',
  '/ui/assets/../../secret.txt',
  '/ui/..\\secret.txt',
  '/ui//etc/passwd',
  '/ui/%00',
  '/ui/none.js'
])('%s is not there', async (target) => {
  const { send } = await setup()
  const answer = await send({ target })
  expect([answer.status, answer.text]).toEqual([404, expect.not.stringContaining('secret\n')])
})

test('without a UI there is nothing under /ui, and / says hello', async () => {
  const { send } = await startStubListener()
  expect((await send({ target: '/ui/' })).status).toBe(404)
  expect((await send({ target: '/ui' })).status).toBe(404)
  expect((await send({ target: '/' })).status).toBe(200)
})
