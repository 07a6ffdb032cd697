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

test('a value of three characters is no secret, and would only spoil the words', () => {
  expect(shown('an error', 'an')).toBe('an error')
})
