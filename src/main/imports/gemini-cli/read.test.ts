import { expect, test } from 'vitest'
import { geminiCli } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test.each([
  [
    ['gemini-cli/key.env'],
    ['Google Gemini: gemini https://generativelanguage.googleapis.com AIza-fixture-gemini-0021']
  ],
  [['gemini-cli/relay.env'], ['relay.example: gemini https://relay.example/gemini AIza-fixture-google-0022']],
  // The file of its own folder is the only one that counts.
  [
    ['gemini-cli/relay.env', 'gemini-cli/key.env'],
    ['relay.example: gemini https://relay.example/gemini AIza-fixture-google-0022']
  ],
  [['gemini-cli/vertex.env'], []]
])('%j holds %j', async (names, accounts) => {
  expect(accountsOf(await readFixtures(geminiCli, names))).toEqual(accounts)
})

test('the shell wins over the file', async () => {
  const reading = await readFixtures(geminiCli, ['gemini-cli/relay.env'], { GEMINI_API_KEY: 'AIza-of-the-shell' })

  expect(accountsOf(reading)).toEqual([
    'relay.example: gemini https://relay.example/gemini AIza-of-the-shell of GEMINI_API_KEY'
  ])
})

test.each([
  ['gemini-cli/settings-login.json', ['its login: a login with a Google account is never taken']],
  ['gemini-cli/settings-login-old.json', ['its login: a login with a Google account is never taken']],
  ['gemini-cli/settings-key.json', []],
  [
    'gemini-cli/vertex.env',
    ['Google Vertex AI: Gemini CLI reaches it with the login of that cloud, which is not taken']
  ]
])('what %s can not bring is said: %j', async (name, lost) => {
  expect(lostOf(await readFixtures(geminiCli, [name]))).toEqual(lost)
})
