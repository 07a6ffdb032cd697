import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { codex } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('each provider of its own is an account, with the key that its variable holds', async () => {
  const environment = { RELAY_API_KEY: 'fixture-relay-0010', RELAY_HEADER: 'fixture-header-0017' }

  const reading = await readFixtures(codex, ['codex/config-providers.toml'], environment)

  expect(accountsOf(reading)).toEqual([
    'Relay: openai-responses https://relay.example/v1 fixture-relay-0010 of RELAY_API_KEY',
    'Azure: openai-responses https://mine.openai.azure.com/openai?api-version=2025-04-01-preview no key',
    'Local: openai-chat http://localhost:11434/v1 no key',
    'token: openai-responses https://token.example/v1 fixture-bearer-token-0011',
    'Behind the login: openai-responses https://chatgpt.example/v1 no key'
  ])
  const [relay, azure, , , login] = reading.accounts
  expect(relay).toMatchObject({
    headers: { 'X-Team': 'blue', 'X-Relay-Key': 'fixture-header-0017' },
    headerVariables: { 'X-Relay-Key': 'RELAY_HEADER' },
    notes: [phrase('header_variable_unset', { header: 'X-Absent', variable: 'ABSENT_HEADER' })]
  })
  expect(azure?.notes).toEqual([phrase('key_variable_unset', { variable: 'AZURE_OPENAI_API_KEY' })])
  expect(login?.notes).toEqual([phrase('codex_login')])
  expect(lostOf(reading)).toEqual([
    'model_providers.odd: its wire_api is none that Routex speaks',
    'model_providers.nowhere: it has no base_url',
    'profiles.fast: a choice of provider and model is no account'
  ])
})

test('the key that was entered is taken, and goes where openai_base_url says', async () => {
  const reading = await readFixtures(codex, ['codex/auth-key.json', 'codex/config-base-url.toml'])

  expect(accountsOf(reading)).toEqual([
    'eu.api.openai.com: openai-responses https://eu.api.openai.com/v1 sk-fixture-entered-0012'
  ])
  expect(reading.accounts).toMatchObject([{ from: 'codex/auth-key.json', place: 'OPENAI_API_KEY' }])
})

test.each(['codex/auth-login.json', 'codex/auth-login-old.json'])(
  'the login of %s is never taken, nor the key that it made, and that is said',
  async (name) => {
    const reading = await readFixtures(codex, [name])

    expect(reading).toEqual({
      accounts: [],
      notCarried: [{ from: name, what: phrase('login'), why: phrase('login_of_chatgpt') }]
    })
  }
)

test('the key of the shell is taken where none was entered; Routex’ own variables are nobody’s', async () => {
  const shell = { OPENAI_API_KEY: 'sk-of-the-shell' }
  const own = { RELAY_API_KEY: ' ', ROUTEX_MANAGEMENT_TOKEN: 'x' }

  expect(accountsOf(await readFixtures(codex, [], shell))).toEqual([
    'OpenAI: openai-responses https://api.openai.com/v1 sk-of-the-shell of OPENAI_API_KEY'
  ])
  const [relay] = (await readFixtures(codex, ['codex/config-providers.toml'], own)).accounts
  expect(relay?.credential).toBeNull()
  const asked = {
    kind: 'text',
    path: 'x',
    text: '[model_providers.x]\nbase_url = "https://x.example"\nenv_key = "ROUTEX_MANAGEMENT_TOKEN"'
  } as const
  const [stolen] = codex.read([asked], { references: own, addresses: own, shell: own }).accounts
  expect(stolen?.credential).toBeNull()
})

test('the entered key goes to the current provider, as Codex sends it, and to OpenAI only where that is the current one', () => {
  const auth = { kind: 'text', path: 'auth.json', text: '{ "OPENAI_API_KEY": "sk-fixture-entered-0018" }' } as const
  const of = (text: string) =>
    accountsOf(
      codex.read([auth, { kind: 'text', path: 'config.toml', text }], { references: {}, addresses: {}, shell: {} })
    )
  const relay = '[model_providers.relay]\nbase_url = "https://relay.example/v1"\n'

  expect(of(`model_provider = "relay"\n${relay}`)).toEqual([
    'relay: openai-responses https://relay.example/v1 sk-fixture-entered-0018'
  ])
  expect(of(relay)).toEqual([
    'relay: openai-responses https://relay.example/v1 no key',
    'OpenAI: openai-responses https://api.openai.com/v1 sk-fixture-entered-0018'
  ])
  expect(of('model_provider = "relay"\n[model_providers.relay]\nname = "no address"')).toEqual([])
})
