import { expect, test } from 'vitest'
import { presets } from '../../../shared/presets'
import { endpointsIn, findPresets, modelAt, optionsOf, regionsOf, startOf } from './preset-start'

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

test("Claude's names are mapped where another vendor speaks its protocol, and nowhere else", () => {
  const mapped = (id: string, protocol: string) =>
    startOf(presetOf(id), endpointOf(id, protocol), []).modelMap?.map(({ name }) => name)
  expect(mapped('moonshot', 'anthropic')).toEqual(['claude-*haiku*', 'claude-*'])
  expect(mapped('moonshot', 'openai-chat')).toEqual([])
  expect(mapped('anthropic', 'anthropic')).toEqual([])
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

test('a local server is asked for its models, a vendor is tried with one that it has', () => {
  expect(optionsOf(presetOf('ollama'))).toEqual({ needsKey: false, model: undefined })
  expect(optionsOf(presetOf('anthropic'))).toEqual({ needsKey: true, model: 'claude-haiku-4-5' })
  expect(modelAt('https://api.anthropic.com')).toBe('claude-haiku-4-5')
  expect(modelAt('https://example.test')).toBeUndefined()
})
