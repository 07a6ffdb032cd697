import { expect, test } from 'vitest'
import { presets } from '../../../shared/read-presets'
import { addressOf, endpointsIn, fieldsOf, findPresets, modelAt, regionsOf, startOf, testModelOf } from './preset-start'

function presetOf(id: string) {
  const preset = presets.find((each) => each.id === id)
  if (!preset) throw new Error(`there is no preset ${id}`)
  return preset
}

function endpointOf(id: string, protocol: string) {
  const endpoint = presetOf(id).endpoints.find((each) => each.protocol === protocol)
  if (!endpoint) throw new Error(`${id} does not speak ${protocol}`)
  return endpoint
}

test('a channel begins with the name of its vendor, numbered where it is taken', () => {
  const endpoint = endpointOf('anthropic', 'anthropic')
  expect(startOf(presetOf('anthropic'), endpoint, []).name).toBe('Anthropic')
  expect(startOf(presetOf('anthropic'), endpoint, ['Anthropic', 'Anthropic 2']).name).toBe('Anthropic 3')
})

test('it has what is known of its vendor: the quirks of the endpoint, and names for Claude’s', () => {
  const start = startOf(presetOf('moonshot'), endpointOf('moonshot', 'openai-chat'), [])
  expect(start.modelMap?.map(({ name, value }) => [name, value])).toEqual(
    ['haiku', 'sonnet', 'opus', 'claude-*'].map((name) => [name, 'kimi-k3'])
  )
  expect(start.quirks).toMatchObject({ reasoningField: 'reasoning_content' })
  expect(startOf(presetOf('anthropic'), endpointOf('anthropic', 'anthropic'), []).modelMap).toEqual([])
})

test('fields are asked for where the address needs them, and filled into it', () => {
  const vertex = endpointOf('vertex', 'anthropic')
  expect(fieldsOf(presetOf('vertex'), vertex).map(({ name }) => name)).toEqual(['project', 'region'])
  expect(fieldsOf(presetOf('openai'), endpointOf('openai', 'openai-chat'))).toEqual([])
  const azure = endpointOf('azure', 'openai-chat')
  expect(startOf(presetOf('azure'), azure, []).baseUrl).toBe('https://{resource}.openai.azure.com/openai/v1')
  expect(addressOf(presetOf('azure'), azure, { resource: 'mine' })).toBe('https://mine.openai.azure.com/openai/v1')
})

test('presets are found by name, protocol and address', () => {
  expect(findPresets('').length).toBe(presets.length)
  expect(findPresets('kimi').map(({ id }) => id)).toEqual(['moonshot'])
  expect(findPresets('localhost nothing')).toEqual([])
  expect(findPresets('GEMINI').map(({ id }) => id)).toContain('gemini')
})

test('regions keep their own addresses', () => {
  const moonshot = presetOf('moonshot')
  expect(regionsOf(moonshot)).toEqual(['global', 'china'])
  expect(endpointsIn(moonshot, 'china').every(({ baseUrl }) => baseUrl.includes('.cn'))).toBe(true)
})

test('a local server is asked for its models, a vendor is tried with one that its endpoint has', () => {
  expect(testModelOf(presetOf('ollama'), endpointOf('ollama', 'anthropic'))).toBeUndefined()
  expect(testModelOf(presetOf('azure'), endpointOf('azure', 'openai-chat'))).toBe('gpt-5.4-mini')
  expect(testModelOf(presetOf('azure'), endpointOf('azure', 'anthropic'))).toBe('claude-haiku-4-5')
  expect(modelAt('https://api.anthropic.com')).toBe('claude-haiku-4-5')
  expect(modelAt('http://127.0.0.1:11434')).toBe('gpt-oss:20b')
  expect(modelAt('https://mine.services.ai.azure.com/anthropic')).toBe('claude-haiku-4-5')
  expect(modelAt('https://example.test')).toBeUndefined()
})
