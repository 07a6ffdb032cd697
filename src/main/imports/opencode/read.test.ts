import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { openCode } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('providers of the config are accounts, with the keys that stand there, were entered, or are referred to', async () => {
  const reading = await readFixtures(openCode, ['opencode/opencode.jsonc', 'opencode/auth.json'], {
    RELAY_API_KEY: 'fixture-relay-0030'
  })

  expect(accountsOf(reading)).toEqual([
    'Relay: openai-chat https://relay.example/v1 fixture-relay-0030 of RELAY_API_KEY',
    'Anthropic: anthropic https://api.anthropic.com sk-ant-fixture-opencode-0031',
    'from-a-file: openai-responses https://file.example/v1 no key',
    'entered: anthropic https://entered.example/v1 fixture-entered-key-0032',
    'DeepSeek: openai-chat https://api.deepseek.com sk-fixture-deepseek-0033'
  ])
  expect(reading.accounts[0]).toMatchObject({
    models: ['fast', 'glm-4.7'],
    modelMap: { fast: 'glm-4.5-air' },
    headers: { 'X-Team': 'blue' },
    place: 'provider.relay'
  })
  expect(reading.accounts[2]?.notes).toEqual([phrase('key_in_file')])
  expect(reading.accounts.map(({ enabled }) => enabled)).toEqual([true, true, true, false, true])
  expect(lostOf(reading)).toEqual([
    'provider.bedrock: it speaks a protocol that Routex does not',
    'provider.nowhere: it has no baseURL',
    'provider.wrong: it is no object',
    'github-copilot: a login is never taken',
    'https://corp.example: a login of an organization is never taken',
    'who-knows: Routex does not know where this provider is: add it by hand'
  ])
})

test('a later config file wins over an earlier', async () => {
  const reading = await readFixtures(openCode, ['opencode/opencode.jsonc', 'opencode/config-old.json'])

  expect(accountsOf(reading)).toContain('relay: openai-chat https://old.example/v1 no key')
})

test('references are filled in wherever they stand; what they hold else is told, and never taken as a text', () => {
  const text = JSON.stringify({
    provider: {
      relay: {
        npm: '@ai-sdk/openai-compatible',
        options: {
          baseURL: 'https://{env:RELAY_HOST}/v1',
          apiKey: 'team-{env:RELAY_KEY}',
          timeout: 600000,
          headers: {
            'X-Team': 'blue',
            'X-Bearer': 'Bearer {env:RELAY_KEY}',
            'X-File': '{file:~/.secret}',
            'X-Absent': '{env:ABSENT}'
          }
        },
        models: { fast: { id: '{env:FAST}' }, slow: { id: '{file:./slow}' } }
      },
      far: { npm: '@ai-sdk/openai', options: { baseURL: '{env:ABSENT}' } },
      filed: { npm: '@ai-sdk/openai', options: { baseURL: '{file:./address}' } }
    }
  })
  const environment = { RELAY_HOST: 'relay.example', RELAY_KEY: 'fixture-relay-0034', FAST: 'glm-4.5-air' }
  const variables = { references: environment, addresses: environment, shell: {} }

  const reading = openCode.read([{ kind: 'text', path: 'x', text }], variables)

  expect(accountsOf(reading)).toEqual([
    'relay: openai-chat https://relay.example/v1 team-fixture-relay-0034 of RELAY_KEY'
  ])
  expect(reading.accounts[0]).toMatchObject({
    headers: { 'X-Team': 'blue', 'X-Bearer': 'Bearer fixture-relay-0034' },
    headerVariables: { 'X-Bearer': 'RELAY_KEY' },
    modelMap: { fast: 'glm-4.5-air' },
    notes: [
      phrase('header_in_file', { header: 'X-File' }),
      phrase('header_variable_unset', { header: 'X-Absent', variable: 'ABSENT' }),
      phrase('model_in_file', { model: 'slow' })
    ]
  })
  expect(Object.keys(reading.accounts[0]?.headers ?? {})).toEqual(['X-Team', 'X-Bearer'])
  expect(lostOf(reading)).toEqual([
    'provider.relay.options.timeout: no channel can say it',
    'provider.far: its address is in the environment variable ABSENT, which Routex does not have: enter it',
    'provider.filed: its address is in a file of its own: enter it'
  ])
})
