import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { claudeCodeRouter } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('version 1: providers are accounts in the protocol of their transformer, at the base of their address', async () => {
  const reading = await readFixtures(claudeCodeRouter, ['claude-code-router/config-v1.json'], {
    OPENROUTER_API_KEY: 'sk-or-fixture-0040'
  })

  expect(accountsOf(reading)).toEqual([
    'deepseek: openai-chat https://api.deepseek.com sk-fixture-deepseek-0042',
    'openrouter: openai-chat https://openrouter.ai/api/v1 sk-or-fixture-0040 of OPENROUTER_API_KEY',
    'gemini: gemini https://generativelanguage.googleapis.com/v1beta AIza-fixture-0043',
    'relay: anthropic https://relay.example/v1 no key'
  ])
  expect(reading.accounts[3]?.notes).toEqual([phrase('key_variable_unset', { variable: 'RELAY_API_KEY' })])
  expect(lostOf(reading)).toEqual([
    'deepseek: transformer tooluse for deepseek-chat: channels do not change requests',
    'openrouter: transformer maxtoken: channels do not change requests',
    'google-cli: gemini-cli works with a login, which is never taken',
    'Providers[5]: it has no name',
    'Router.think: it goes by whether a request thinks: make a routing rule',
    'Router.longContext: it goes by the length of a request: make a routing rule',
    'Router.longContextThreshold: it goes by the length of a request: make a routing rule',
    'LOG: no channel can say it',
    'APIKEY: clients of Routex have keys of their own',
    'PROXY_URL: Routex takes its proxy from its own environment'
  ])
})

test('its default and its background model are names that the accounts take, the small one first', async () => {
  const { accounts } = await readFixtures(claudeCodeRouter, ['claude-code-router/config-v1.json'])

  expect(accounts.map(({ models, modelMap, priority }) => ({ models, modelMap, priority }))).toEqual([
    {
      models: ['deepseek-chat', 'deepseek-reasoner', 'claude-*'],
      modelMap: { 'claude-*': 'deepseek-chat' },
      priority: 20
    },
    { models: ['google/gemini-2.5-pro-preview'], modelMap: {}, priority: 50 },
    { models: ['gemini-2.5-flash', '*haiku*'], modelMap: { '*haiku*': 'gemini-2.5-flash' }, priority: 10 },
    { models: ['claude-sonnet-4'], modelMap: {}, priority: 50 }
  ])
})

test('version 2: what is a program of its own is not carried, nor a route to nowhere', async () => {
  const reading = await readFixtures(claudeCodeRouter, ['claude-code-router/config-v2.json'])

  expect(accountsOf(reading)).toEqual(['ollama: openai-chat http://localhost:11434/v1 ollama'])
  expect(lostOf(reading)).toEqual([
    'Router.background: it names no provider that was found',
    'Router.image: it goes by what a request holds: make a routing rule',
    'HOST: Routex has an address of its own: see the settings',
    'PORT: Routex has an address of its own: see the settings',
    'CUSTOM_ROUTER_PATH: a program of its own is not run: make routing rules',
    'transformers: programs of its own are not run'
  ])
})

test('version 3: from its database, an account for each protocol and key that is on', async () => {
  const reading = await readFixtures(claudeCodeRouter, ['claude-code-router/config-v3.db.sql'])

  expect(accountsOf(reading)).toEqual([
    'Relay: openai-chat https://relay.example/v1 fixture-relay-0044',
    'Two ways home: anthropic https://kimi.example/anthropic fixture-home-0045',
    'Two ways work: anthropic https://kimi.example/anthropic fixture-work-0046',
    'Two ways home: openai-responses https://kimi.example/v1 fixture-home-0045',
    'Two ways work: openai-responses https://kimi.example/v1 fixture-work-0046',
    'Off: gemini https://generativelanguage.googleapis.com AIza-fixture-0048'
  ])
  expect(reading.accounts.map(({ enabled, priority, weight }) => [enabled, priority, weight])).toEqual([
    [true, 50, 1],
    [true, 51, 2],
    [true, 52, 1],
    [true, 51, 2],
    [true, 52, 1],
    [false, 50, 1]
  ])
  expect(lostOf(reading)).toEqual([
    'Relay: extraBody: channels do not change requests',
    'Two ways: carrier_pigeon: it speaks a protocol that Routex does not',
    'Router.rules: no channel can say it'
  ])
})

test('what many set and no channel can say is listed: timeouts, options of transformers, headers of absent variables', () => {
  const text = JSON.stringify({
    API_TIMEOUT_MS: 600000,
    StatusLine: { enabled: true },
    Providers: [
      {
        ...{ name: 'relay', api_base_url: 'https://relay.example/v1/messages', api_key: 'fixture-relay-0049' },
        models: ['m'],
        extraHeaders: { 'X-A': '$A', 'X-B': '${B}' },
        transformer: { use: ['Anthropic', ['openrouter', { provider: { only: ['x'] } }]], m: { use: ['mine'] } }
      }
    ]
  })
  const variables = { references: { A: 'fixture-a' }, addresses: {}, shell: {} }
  const reading = claudeCodeRouter.read([{ kind: 'text', path: 'x', text }], variables)

  expect(reading.accounts).toMatchObject([
    {
      headers: { 'X-A': 'fixture-a' },
      headerVariables: { 'X-A': 'A' },
      notes: [phrase('header_variable_unset', { header: 'X-B', variable: 'B' })]
    }
  ])
  expect(lostOf(reading)).toEqual([
    'relay: options of transformer openrouter: channels do not change requests',
    'relay: transformer mine for m: channels do not change requests',
    expect.stringMatching(/^API_TIMEOUT_MS: .*set the timeouts of the channel$/) as string,
    'StatusLine: no channel can say it'
  ])
})
