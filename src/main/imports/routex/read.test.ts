import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { originalRoutex } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'
import type { Environment, Reading } from '../importer'

test('the answer of its API has the keys; the highest of its priorities goes first', async () => {
  const reading = await readFixtures(originalRoutex, ['routex/channels.json'], { MINE_API_KEY: 'fixture-mine-0080' })

  expect(accountsOf(reading)).toEqual([
    'Claude: anthropic https://api.anthropic.com sk-ant-fixture-0081',
    'Mine: anthropic https://mine.example/v1 fixture-mine-0080 of MINE_API_KEY',
    'Zhipu: openai-chat https://open.bigmodel.cn/api/paas/v4 fixture-zhipu-0082',
    'Login: gemini https://generativelanguage.googleapis.com no key'
  ])
  expect(reading.accounts.map(({ enabled, priority, weight }) => [enabled, priority, weight])).toEqual([
    [true, 10, 2],
    [false, 50, 1],
    [true, 0, 1000],
    [true, 50, 1]
  ])
  expect(lostOf(reading)).toEqual([
    'Nowhere: it has no address',
    'Iflow: Routex does not speak the protocol of iflow',
    'Login: its login is not taken',
    'channels[6]: it has no name or no type'
  ])
})

test('its export has no keys', async () => {
  const reading = await readFixtures(originalRoutex, ['routex/export.json'])

  expect(accountsOf(reading)).toEqual([
    'Claude: anthropic https://api.anthropic.com no key',
    'Mine: anthropic https://mine.example/v1 no key',
    'Zhipu: openai-chat https://open.bigmodel.cn/api/paas/v4 no key',
    'Login: gemini https://generativelanguage.googleapis.com no key'
  ])
})

test('its database has channels with keys, and rules, which are not carried', async () => {
  const reading = await readFixtures(originalRoutex, ['routex/routex.db.sql'])

  expect(accountsOf(reading)).toEqual([
    'Claude: anthropic https://api.anthropic.com sk-ant-fixture-0081',
    'Mine: anthropic https://mine.example/v1 no key',
    'Zhipu: openai-chat https://open.bigmodel.cn/api/paas/v4 fixture-zhipu-0082',
    'Login: gemini https://generativelanguage.googleapis.com no key'
  ])
  expect(reading.accounts[0]?.models).toEqual(['claude-sonnet-4'])
  expect(lostOf(reading)).toEqual([
    'Login: its login is not taken',
    '2 routing rules: rules are not carried: make them anew'
  ])
})

function sealed(text: string, password: string, salt: string | Buffer): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-gcm', scryptSync(password, salt, 32), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return [iv, cipher.getAuthTag(), body].map((part) => part.toString('hex')).join(':')
}

function readSealed(apiKey: string, references: Environment): Reading {
  const text = JSON.stringify({ channels: [{ name: 'Sealed', type: 'openai', apiKey }] })
  return originalRoutex.read([{ kind: 'text', path: 'x', text }], { references, addresses: {}, shell: {} })
}

test('a key that it sealed is opened with its built-in password, or with the one that Routex’ environment has', () => {
  const byDefault = sealed('sk-one', 'routex-default-password-change-me', 'routex-default-salt-change-in-production')
  const salt = 'a0'.repeat(16)
  const byOwn = sealed('sk-two', 'own password', Buffer.from(salt, 'hex'))
  const own = { MASTER_PASSWORD: 'own password', ENCRYPTION_SALT: salt }

  expect(accountsOf(readSealed(byDefault, {}))[0]).toContain('sk-one')
  expect(accountsOf(readSealed(byOwn, own))[0]).toContain('sk-two')
  expect(readSealed(byOwn, {}).accounts).toMatchObject([{ credential: null, notes: [phrase('key_sealed')] }])
})
