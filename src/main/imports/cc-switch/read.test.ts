import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ccSwitch } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

const ACCOUNTS = [
  "Zhipu's GLM: anthropic https://open.bigmodel.cn/api/anthropic fixture-zhipu-0051",
  'Spoken to in Chat: openai-chat https://chat.example/v1 fixture-chat-0052',
  'Codex relay: openai-responses https://relay.example/v1 sk-fixture-codex-0053',
  'Gemini: gemini https://relay.example/gemini AIza-fixture-0056',
  'OpenCode relay: openai-chat https://relay.example/v1 fixture-opencode-0057',
  'Claw: openai-chat https://claw.example/v1 fixture-claw-0058',
  'Hermes: anthropic https://hermes.example fixture-hermes-0059'
]
const LOST = [
  'Claude Official (claude): it is a login of the vendor, which is never taken',
  'Copilot: a login is never taken',
  'ChatGPT: a login with a ChatGPT subscription is never taken',
  expect.stringMatching(/^Broken: its config\.toml can not be read: it is no TOML/) as string,
  'Of tomorrow: Routex does not know the program that it is for',
  'Bad JSON (claude): it has neither address nor key'
]

test.each(['cc-switch/cc-switch.db.sql', 'cc-switch/export.sql'])(
  '%s: each provider is an account in the protocol of its program; those in use are on',
  async (name) => {
    const reading = await readFixtures(ccSwitch, [name])

    expect(accountsOf(reading)).toEqual(ACCOUNTS)
    expect(lostOf(reading)).toEqual(LOST)
    expect(reading.accounts.map(({ enabled, priority }) => [enabled, priority])).toEqual([
      [true, 50],
      [true, 60],
      [true, 50],
      [false, 60],
      [false, 60],
      [false, 60],
      [false, 60]
    ])
    expect(reading.accounts[0]).toMatchObject({ modelMap: { 'claude-*': 'glm-4.7' }, place: 'claude: c-relay' })
  }
)

test('an older database has fewer columns', async () => {
  const reading = await readFixtures(ccSwitch, ['cc-switch/cc-switch-old.db.sql'])

  expect(accountsOf(reading)).toEqual([ACCOUNTS[0], ACCOUNTS[2]])
})

test('an export with many rows in a statement', async () => {
  expect(accountsOf(await readFixtures(ccSwitch, ['cc-switch/export-many-rows.sql']))).toEqual(ACCOUNTS.slice(0, 2))
})

test('of an export with odd content only plain rows are read, and nothing of it is run', async () => {
  const reading = await readFixtures(ccSwitch, ['cc-switch/export-odd.sql'])

  expect(accountsOf(reading)).toEqual(['Semicolon; -- and /* more: anthropic https://odd.example fixture-odd-0061'])
  expect(lostOf(reading)).toEqual(['providers, row 2: it is no row of cc-switch'])
  expect(existsSync('/tmp/routex-must-not-exist.db')).toBe(false)
})
