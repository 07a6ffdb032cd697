import { expect, test } from 'vitest'
import { baseUrlOf, nameOfHost, sameAddress } from './base-urls'

test.each([
  ['https://api.deepseek.com/chat/completions', 'https://api.deepseek.com'],
  ['https://openrouter.ai/api/v1/chat/completions/', 'https://openrouter.ai/api/v1'],
  ['https://x.example/v1/messages', 'https://x.example/v1'],
  ['https://x.example/v1/responses?api-version=1', 'https://x.example/v1?api-version=1'],
  ['https://g.example/v1beta/models/', 'https://g.example/v1beta'],
  ['https://g.example/v1beta/models/gemini-2.5-pro:generateContent', 'https://g.example/v1beta'],
  [' https://x.example/v1/ ', 'https://x.example/v1'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['no URL', 'no URL']
])('the base of %s is %s', (endpoint, base) => {
  expect(baseUrlOf(endpoint)).toBe(base)
})

test.each([
  ['https://X.example/v1', 'https://x.example:443/v1/', true],
  ['https://x.example', 'https://x.example/', true],
  ['https://x.example/v1', 'https://x.example/v2', false],
  ['https://x.example/v1', 'https://x.example', true],
  ['https://g.example/v1beta', 'https://g.example/', true],
  ['https://x.example/V1', 'https://x.example/v1', false],
  ['https://x.example', 'http://x.example', false],
  ['no URL', 'no URL', true]
])('%s and %s are the same address: %s', (one, other, same) => {
  expect(sameAddress(one) === sameAddress(other)).toBe(same)
})

test('an account without a name is called by its host', () => {
  expect(nameOfHost('https://api.z.ai/api/anthropic')).toBe('z.ai')
  expect(nameOfHost('http://localhost:11434/v1')).toBe('localhost:11434')
  expect(nameOfHost('me:my-password')).toBe('')
})
