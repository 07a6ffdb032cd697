import { expect, test } from 'vitest'
import { makeChannel } from '../../../test/support/make-channel'
import { withoutCredential } from './without-credential'

const channel = makeChannel('main', {
  headers: { 'X-Api-Key': 'header/secret+value==', 'proxy-token': 'Bearer abcdef0123456789', 'x-title': 'My program' }
})

function shown(message: string, credential?: string): string {
  const verdict = withoutCredential({ kind: 'failure', message }, channel, credential)
  return verdict.kind === 'ok' ? '' : verdict.message
}

test('a credential is taken out whole, whatever characters it has', () => {
  expect(shown('bad key sk-abcdefghijklmnop/qrst+uv==', 'sk-abcdefghijklmnop/qrst+uv==')).toBe('bad key [credential]')
})

test('a credential quoted as JSON writes it is taken out too', () => {
  expect(shown(JSON.stringify({ key: 'quote"backslash\\' }), 'quote"backslash\\')).toBe('{"key":"[credential]"}')
})

test('the values of a channel’s own headers are taken out, with their scheme and without', () => {
  expect(shown('no header/secret+value== and no abcdef0123456789, Bearer abcdef0123456789')).toBe(
    'no [credential] and no [credential], [credential]'
  )
})

test('what is known to be harmless stays', () => {
  expect(shown('My program is not allowed')).toBe('My program is not allowed')
})

test('nothing of a credential is left where the words are cut at 500 characters', () => {
  const secret = '0123456789abcdef'.repeat(4)
  const message = shown(`${'x'.repeat(470)} ${secret} tail`, secret)
  expect(message).not.toContain('0123')
  expect(message.length).toBeLessThanOrEqual(500)
})

test('words are 500 characters at most, and keys of others are cut short', () => {
  const message = shown(`bad key sk-ant-api03-abcdefghijklmnop ${'x'.repeat(1000)}`)
  expect(message.length).toBe(500)
  expect(message).toContain('bad key sk-…')
  expect(message).not.toContain('abcdefgh')
})

test.each([
  'unknown beta `skills-2025-10-02`',
  'set skip_thought_signature_validator',
  'Missing Bearer authentication in header',
  'Bearer authentication-is-required-here',
  'no model xai.grok-4-fast-reasoning',
  'no quota in skyscraper-region-1',
  'sk-your-key-goes-here'
])('words that only look like a key stay: %s', (words) => {
  expect(shown(words)).toBe(words)
})

test.each([
  ['sk-proj-Ab3dEf6hIj9lMn2pQr5t', 'sk-…'],
  ['rtx-0123456789abcdef01234567', 'rtx-…'],
  ['xai-Ab3dEf6hIj9lMn2pQr5t', 'xai-…'],
  ['gsk_Ab3dEf6hIj9lMn2pQr5t', 'gsk_…'],
  ['AIzaSyD0123456789abcdefghijk', 'AIza…'],
  ['ya29.a0Ab3dEf6hIj9lMn2pQr5t', 'ya29.…'],
  ['Bearer eyJhbGciOi.eyJzdWIi0.c2ln/+==', 'Bearer …']
])('a key of others is cut short: %s', (key, short) => {
  expect(shown(`no ${key}`)).toBe(`no ${short}`)
})

test('a word that stands for a key stays where the upstream speaks of itself', () => {
  expect(shown('try `ollama pull x`', 'ollama')).toBe('try `ollama pull x`')
})

test('a short credential is taken out as a whole, never out of a longer word', () => {
  expect(shown('key1234 (key1234) is not monkey1234 nor key12345', 'key1234')).toBe(
    '[credential] ([credential]) is not monkey1234 nor key12345'
  )
})

test('a long credential is taken out wherever it stands', () => {
  expect(shown('"\\n0123456789abcdef0123"', '0123456789abcdef0123')).toBe('"\\n[credential]"')
})

test('a key of five characters and a header’s value of seven are no secrets, and would only spoil the words', () => {
  expect(shown('an error 12-34', '12-34')).toBe('an error 12-34')
  const verdict = withoutCredential(
    { kind: 'failure', message: 'not in eu-west' },
    makeChannel('main', { headers: { 'x-place': 'eu-west' } }),
    undefined
  )
  expect(verdict).toMatchObject({ message: 'not in eu-west' })
})
