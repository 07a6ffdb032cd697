import { describe, expect, test } from 'vitest'
import { filledIn, hasOpenField, isFieldValue } from './preset-fields'
import { endpointOf, quirksAt } from './preset-of'
import { presets } from './presets'

describe('what is known of an address', () => {
  test.each([
    ['https://api.groq.com/openai/v1', 'openai-chat', 'prompt_cache_key'],
    ['https://API.groq.com/any/other/path', 'openai-chat', 'prompt_cache_key'],
    ['https://my-own.openai.azure.com/openai/deployments/x?api-version=1', 'openai-chat', 'api-key'],
    ['https://api.z.ai/api/coding/paas/v4', 'openai-chat', 'thinking'],
    ['https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5', 'anthropic', 'vertex-2023-10-16'],
    ['https://aiplatform.googleapis.com/v1/projects/p-1/locations/global/', 'anthropic', 'vertex-2023-10-16']
  ] as const)('%s in %s is a vendor’s', (baseUrl, protocol, word) => {
    expect(JSON.stringify(quirksAt({ baseUrl, protocol }))).toContain(word)
  })

  test.each([
    ['https://api.groq.com/openai/v1', 'anthropic'],
    ['https://api.groq.com.example.com/openai/v1', 'openai-chat'],
    ['https://example.com/api.groq.com', 'openai-chat'],
    ['http://127.0.0.1:11434/v1', 'openai-chat'],
    ['no address', 'openai-chat']
  ] as const)('%s in %s is nobody’s', (baseUrl, protocol) => {
    expect(endpointOf({ baseUrl, protocol })).toBeUndefined()
    expect(quirksAt({ baseUrl, protocol })).toEqual({})
  })

  test('a path behind the base URL is known behind that base URL alone', () => {
    expect(quirksAt({ baseUrl: 'https://models.github.ai', protocol: 'openai-chat' }).path).toBeDefined()
    expect(quirksAt({ baseUrl: 'https://models.github.ai/inference', protocol: 'openai-chat' })).toEqual({})
  })
})

describe('a base URL with fields', () => {
  const vertex = presets.find(({ id }) => id === 'vertex')
  const fields = vertex?.fields ?? []
  const template = vertex?.endpoints[0]?.baseUrl ?? ''

  test('takes what was said, and says what is open', () => {
    expect(hasOpenField(template)).toBe(true)
    expect(filledIn(template, fields, { project: ' p-1 ', region: 'us-east5' })).toBe(
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5'
    )
    expect(hasOpenField(filledIn(template, fields, { project: 'p-1' }))).toBe(true)
  })

  test('leaves out what a value has no use for', () => {
    expect(filledIn(template, fields, { project: 'p-1', region: 'global' })).toBe(
      'https://aiplatform.googleapis.com/v1/projects/p-1/locations/global'
    )
  })

  test.each(['', 'a/b', 'a b', 'https://x', 'x?y', 'a@b', '.', 'a..b', '{region}'])('%j is no value', (value) => {
    expect(isFieldValue(value)).toBe(false)
    expect(filledIn('https://{region}.example.com', fields, { region: value })).toBe('https://{region}.example.com')
  })
})
