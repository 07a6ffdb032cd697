import { expect, test } from 'vitest'
import { masked, maskText, shownValue } from './mask'

test.each([
  ['{"OPENAI_API_KEY": "plain-words-only"}', { OPENAI_API_KEY: 'plain-words-only' }, 'plain-words-only'],
  ['{"headers": {"authorization": "Basic abc"}}', { headers: { authorization: 'Basic abc' } }, 'Basic abc'],
  ['# GEMINI_API_KEY=oldvalue\n', {}, 'oldvalue'],
  ['url = "https://me:hunter22@host"\n', {}, 'hunter22'],
  ['"x": "sk-ant-api03-abcdefgh"', {}, 'abcd'],
  ['"x": "ghp_0123456789abcdef"', {}, '01234'],
  ['"x": "eyJhbGciOiJIUzI1NiJ9.e30.abc"', {}, 'hbGci'],
  ['"x": "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"', {}, 'AbCdEf'],
  ['{"apiKey":\n  "on-the-next-line"}', { apiKey: 'on-the-next-line' }, 'on-the-next'],
  ['{"token": "a\\"b-quoted"}', { token: 'a"b-quoted' }, 'b-qu'],
  ['url = "https://host/v1?key=querysecret&beta=true"\n', {}, 'query'],
  ['url = "https://host/v1?beta=true&x=querysecret#y"\n', {}, 'query'],
  ['# curl -H "Authorization: Bearer plain-words"\n', {}, 'plain'],
  ['h = { x-mine = "headersecret" }', { http_headers: { 'x-mine': 'headersecret' } }, 'header'],
  ['args = ["--api-key", "argsecret"]', { args: ['--api-key', 'argsecret'] }, 'argsec'],
  ['args = ["--token=argsecret"]', { args: ['--token=argsecret'] }, 'argsec'],
  ['args = ["-H", "X-Key: argsecret"]', { args: ['-H', 'X-Key: argsecret'] }, 'argsec'],
  ['env = { PW = "pwsecret", DB_PASS = "other" }', { env: { PW: 'pwsecret', DB_PASS: 'other-one' } }, 'pwsec'],
  ['{"helperPw": "hunter2hunter2"}', { helperPw: 'hunter2hunter2' }, 'hunter2']
])('%j shows no secret', (text, settings, secret) => {
  expect(maskText(text, settings, [])).not.toContain(secret)
})

test.each([
  '"ANTHROPIC_BASE_URL": "http://127.0.0.1:8080"',
  'model = "claude-sonnet-4-5-20250929"',
  '"max_tokens": 4096, "tokenizer": true',
  'url = "https://host/openai?api-version=2024-10-01-preview&beta=true"',
  'args = ["-y", "server", "--port", "8080"]',
  'path = "/home/me/a/very/long/path/with/Many/Parts/0123456789"'
])('%s stays readable', (text) => {
  expect(maskText(text, {}, [])).toBe(text)
})

test('what names a way to sign in stays readable', () => {
  const text = '{"security": {"auth": {"selectedType": "oauth-personal"}}}'
  expect(maskText(text, { security: { auth: { selectedType: 'oauth-personal' } } }, [])).toBe(text)
})

test('a known secret is masked wherever it stands, with its end to tell it by', () => {
  expect(maskText('a rtx-secret-key-9999 b', {}, ['rtx-secret-key-9999'])).toBe('a ••••9999 b')
  expect(masked('short')).toBe('••••')
})

test('a single value is shown by its name and its looks', () => {
  expect(shownValue(undefined, 'x', false)).toBeNull()
  expect(shownValue('', 'ANTHROPIC_API_KEY', true)).toBe('')
  expect(shownValue('hunter2hunter2', 'password', false)).toBe('••••ter2')
  expect(shownValue('routex', 'model_provider', false)).toBe('routex')
  expect(shownValue({}, 'models', false)).toBe('{}')
  expect(shownValue('https://host/v1?key=querysecret', 'base_url', false)).toBe('https://host/v1?key=••••')
  expect(shownValue(['--api-key', 'argsecret'], 'args', false)).toBe('["--api-key","••••"]')
  expect(shownValue({ authorization: 'Basic abcdef' }, 'x', false)).toBe('{"authorization":"••••cdef"}')
  expect(shownValue(9223372036854775807n, 'model', false)).toBe('"9223372036854775807"')
})
