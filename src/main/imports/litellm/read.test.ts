import { expect, test } from 'vitest'
import { phrase } from '../../../shared/phrase'
import { liteLlm } from '.'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'
import type { Environment, Reading } from '../importer'

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
    notes: [phrase('key_variable_unset', { variable: 'RELAY_API_KEY' })]
  })
  expect(lostOf(reading)).toEqual([
    'model_list[6]: mine/*: a pattern that changes the name can not be carried',
    'model_list[9]: embeddings: Routex does not serve this operation',
    'model_list[10]: on-a-cloud: Routex does not speak the protocol of bedrock',
    'model_list[11]: without-a-provider: its provider can not be told',
    'model_list[12]: it has no model_name or no litellm_params.model',
    'router_settings.routing_strategy: choose the strategy in the settings',
    'router_settings.fallbacks: channels that have the model follow one another by themselves',
    'litellm_settings.drop_params: no channel can say it',
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

const readText = (text: string, environment: Environment = {}): Reading => {
  const variables = { references: environment, addresses: environment, shell: {} }
  return liteLlm.read([{ kind: 'text', path: 'x', text }], variables)
}

test('prices of a deployment are own prices of its channel, under the name that is sent', () => {
  const reading = readText(`model_list:
  - model_name: ds
    litellm_params: {model: deepseek/deepseek-chat, api_key: sk-1, input_cost_per_token: 0.000001, output_cost_per_token: 2e-6}
  - model_name: dear
    litellm_params: {model: deepseek/deepseek-reasoner, api_key: sk-1}
    model_info: {input_cost_per_token: 3.0e-7, output_cost_per_token: 0, cache_read_input_token_cost: 7.0e-8,
      cache_creation_input_token_cost: 1.0e-6, id: any, max_tokens: 8192}
  - model_name: half
    litellm_params: {model: deepseek/half, api_key: sk-1, input_cost_per_token: 1.0e-6, output_cost_per_second: 0.1}
  - model_name: again
    litellm_params: {model: deepseek/deepseek-chat, api_key: sk-1, input_cost_per_token: 9.0e-6, output_cost_per_token: 2.0e-6}`)

  expect(reading.accounts).toMatchObject([
    {
      prices: {
        'deepseek-chat': { input: 1, output: 2 },
        'deepseek-reasoner': { input: 0.3, output: 0, cacheRead: 0.07, cacheWrite: 1 }
      },
      notes: [
        phrase('price', { model: 'deepseek-chat', input: '1', output: '2' }),
        phrase('price', { model: 'deepseek-reasoner', input: '0.3', output: '0' }),
        phrase('price_cache_read', { model: 'deepseek-reasoner', usd: '0.07' }),
        phrase('price_cache_write', { model: 'deepseek-reasoner', usd: '1' })
      ]
    }
  ])
  expect(lostOf(reading)).toEqual([
    'model_list[2]: half: input_cost_per_token: a channel’s own price takes no such one: enter its prices',
    'model_list[2]: half: output_cost_per_second: a channel’s own price takes no such one: enter its prices',
    'model_list[3]: again: its price: the same account has another for this model'
  ])
})

test('the price of cache writes that are kept for an hour comes along', () => {
  const reading = readText(`model_list:
  - model_name: sonnet
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: k1, input_cost_per_token: 3.0e-6, output_cost_per_token: 1.5e-5,
      cache_creation_input_token_cost: 3.75e-6, cache_creation_input_token_cost_above_1hr: 6.0e-6}`)

  expect(reading.accounts[0]).toMatchObject({
    prices: { 'claude-sonnet-4-5': { input: 3, output: 15, cacheWrite: 3.75, cacheWrite1h: 6 } }
  })
  expect(reading.accounts[0]?.notes).toContainEqual(
    phrase('price_cache_write_1h', { model: 'claude-sonnet-4-5', usd: '6' })
  )
  expect(lostOf(reading)).toEqual([])
})

test('a price of reasoning, and the dearer one of long prompts, come along', () => {
  const reading = readText(`model_list:
  - model_name: gem
    litellm_params: {model: gemini/gemini-2.5-pro, api_key: k1, input_cost_per_token: 1.25e-6, output_cost_per_token: 1.0e-5,
      output_cost_per_reasoning_token: 1.2e-5, input_cost_per_token_above_200k_tokens: 2.5e-6,
      output_cost_per_token_above_200k_tokens: 1.5e-5}`)

  const rest = { reasoning: 12 }
  expect(reading.accounts[0]?.prices).toEqual({
    'gemini-2.5-pro': { input: 1.25, output: 10, ...rest, tiers: [{ start: 200_000, input: 2.5, output: 15, ...rest }] }
  })
  expect(lostOf(reading)).toEqual([])
})

test('whatever no channel can say is listed by its name, and never with its value', () => {
  const reading = readText(`model_list:
  - model_name: sonnet
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: sk-1, rpm: 60, tpm: 1000, timeout: 30, max_budget: 5,
      budget_duration: 1d, api_version: v-fixture, drop_params: null}
router_settings: {num_retries: 2, redis_password: fixture-redis}
litellm_settings: {max_budget: 100, success_callback: [x]}
general_settings: {master_key: sk-fixture-master, database_url: "postgres://u:fixture@h/db", alerting: null}
environment_variables: {SECRET: fixture-env}`)

  expect(reading.notCarried.map(({ what }) => what)).toEqual([
    ...['rpm', 'tpm', 'timeout', 'max_budget', 'budget_duration', 'api_version'].map(
      (name) => `model_list[0]: sonnet: ${name}`
    ),
    ...['router_settings.num_retries', 'router_settings.redis_password'],
    ...['litellm_settings.max_budget', 'litellm_settings.success_callback'],
    ...['general_settings.master_key', 'general_settings.database_url', 'environment_variables']
  ])
  expect(JSON.stringify(reading.notCarried)).not.toContain('fixture')
})

test('headers that refer to variables have their values, or are told', () => {
  const text = `model_list:
  - model_name: sonnet
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: sk-1, extra_headers: {X-A: os.environ/A, X-B: os.environ/B}}`

  expect(readText(text, { A: 'fixture-a' }).accounts).toMatchObject([
    {
      headers: { 'X-A': 'fixture-a' },
      headerVariables: { 'X-A': 'A' },
      notes: [phrase('header_variable_unset', { header: 'X-B', variable: 'B' })]
    }
  ])
})
