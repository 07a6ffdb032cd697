import { expect, test } from 'vitest'
import { liteLlm } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'

test('entries of one address and key become one channel, with the names that are asked for and sent', async () => {
  const reading = await readFixtures(liteLlm, ['litellm/config.yaml'], {
    ANTHROPIC_API_KEY: 'sk-ant-fixture-0090',
    VLLM_ADDRESS: 'http://10.0.0.7:8000/v1'
  })

  expect(accountsOf(reading)).toEqual([
    'Anthropic: anthropic https://api.anthropic.com sk-ant-fixture-0090 of ANTHROPIC_API_KEY',
    'Anthropic: anthropic https://api.anthropic.com sk-ant-fixture-second-0091',
    'relay.example: openai-chat https://relay.example/v1 no key',
    'OpenAI: openai-responses https://api.openai.com/v1 sk-fixture-work-0093',
    'OpenAI: openai-chat https://api.openai.com/v1 sk-fixture-0092',
    'localhost:11434: openai-chat http://localhost:11434/v1 no key',
    '10.0.0.7:8000: openai-chat http://10.0.0.7:8000/v1 no key'
  ])
  expect(reading.accounts.map(({ models, modelMap }) => [models, modelMap])).toEqual([
    [['claude-sonnet', 'claude-haiku-4-5'], { 'claude-sonnet': 'claude-sonnet-4-5' }],
    [['claude-sonnet'], { 'claude-sonnet': 'claude-sonnet-4-5' }],
    [['gpt-4o'], {}],
    [['o3'], {}],
    [['gpt-*'], {}],
    [['local'], { local: 'qwen3' }],
    [['vllm'], { vllm: 'qwen3' }]
  ])
  expect(reading.accounts[1]).toMatchObject({ priority: 2, weight: 3 })
  expect(reading.accounts[2]).toMatchObject({
    headers: { 'X-Team': 'blue' },
    notes: ['its key is in the environment variable RELAY_API_KEY, which Routex does not have: enter it']
  })
  expect(lostOf(reading)).toEqual([
    'model_list[6]: mine/*: a pattern that changes the name can not be carried',
    'model_list[9]: embeddings: Routex does not serve this operation',
    'model_list[10]: on-a-cloud: Routex does not speak the protocol of bedrock',
    'model_list[11]: without-a-provider: its provider can not be told',
    'model_list[12]: it has no model_name or no litellm_params.model',
    'router_settings.fallbacks: channels that have the model follow one another by themselves',
    'general_settings.master_key: clients of Routex have keys of their own'
  ])
})

test('an address in a variable that is not to be read is told, not guessed', async () => {
  const reading = await readFixtures(liteLlm, ['litellm/config.yaml'])

  expect(lostOf(reading)).toContain(
    'model_list[8]: vllm: its address is in an environment variable that Routex does not have'
  )
})

test('where no key is written, the vendor’s own variable is taken', async () => {
  const reading = await readFixtures(liteLlm, ['litellm/config-small.yml'], { OPENAI_API_KEY: 'sk-fixture-0095' })

  expect(accountsOf(reading)).toEqual([
    'OpenAI: openai-chat https://api.openai.com/v1 sk-fixture-0095 of OPENAI_API_KEY'
  ])
})
