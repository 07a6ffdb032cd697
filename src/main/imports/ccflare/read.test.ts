import { expect, test } from 'vitest'
import { ccflare } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('accounts that are keys come in the order that it uses them; logins never do', async () => {
  const reading = await readFixtures(ccflare, ['ccflare/better-ccflare.db.sql'])

  expect(accountsOf(reading)).toEqual([
    'console: anthropic https://api.anthropic.com sk-ant-fixture-0073',
    'zai: anthropic https://api.z.ai/api/anthropic fixture-zai-0074',
    'own: openai-chat https://own.example/v1 fixture-own-0075'
  ])
  expect(reading.accounts.map(({ enabled, priority }) => [enabled, priority])).toEqual([
    [true, 1],
    [false, 2],
    [true, 3]
  ])
  expect(reading.accounts[1]?.modelMap).toEqual({
    '*opus*': 'glm-4.7',
    '*sonnet*': 'glm-4.6',
    'claude-haiku-4-5': 'glm-4.5-air'
  })
  expect(lostOf(reading)).toEqual([
    'subscription: a login with a Claude subscription is never taken',
    'copilot: github-copilot works with a login, or speaks a protocol that Routex does not',
    'nowhere: it has no address'
  ])
})

test('older versions keep keys in the column of logins, and address and models together', async () => {
  const reading = await readFixtures(ccflare, ['ccflare/ccflare-old.db.sql'])

  expect(accountsOf(reading)).toEqual([
    'old key: anthropic https://api.z.ai/api/anthropic fixture-old-0078',
    'wrapped: openai-chat https://wrapped.example/v1 fixture-wrapped-0079'
  ])
  expect(reading.accounts[1]?.modelMap).toEqual({ '*opus*': 'gpt-5' })
  expect(lostOf(reading)).toEqual(['login: a login with a Claude subscription is never taken'])
})
