import { expect, test } from 'vitest'
import { channelInput, channelPatch } from './channel'
import { problemsOf } from './validation'

const main = { name: 'main', protocol: 'openai-chat' }

function problemsWith(baseUrl: string): string[] {
  const [created, changed] = [channelInput.safeParse({ ...main, baseUrl }), channelPatch.safeParse({ baseUrl })]
  expect(created.success).toBe(changed.success)
  return created.success ? [] : problemsOf(channelInput, created.error, { ...main, baseUrl }).map((one) => one.message)
}

test.each(['http://user:hidden@x.example/v1', 'https://hidden@x.example', 'https://:hidden@x.example'])(
  'a base URL with a user name or password is refused, and not repeated: %s',
  (baseUrl) => {
    const told = problemsWith(baseUrl)
    expect(told).toEqual(['must not hold a user name or password: put the credential into apiKey'])
  }
)

test.each([
  'key',
  'KEY',
  'api_key',
  'apikey',
  'api-key',
  'subscriptionKey',
  'token',
  'access_token',
  'client_secret',
  'password',
  'sig',
  'X-Amz-Signature',
  'auth',
  '%6Bey'
])('a base URL with a credential in its query is refused, and not repeated: %s', (name) => {
  const told = problemsWith(`https://x.example/v1?api-version=1&${name}=hidden`)
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('put the credential into apiKey')
  expect(told[0]).not.toContain('hidden')
})

test.each([
  'https://x.example/v1?api-version=2024-10-21',
  'https://x.example?region=eu&deployment=d&design=1&author=a',
  'https://x.example/a@b'
])('a base URL without a credential is taken: %s', (baseUrl) => {
  expect(problemsWith(baseUrl)).toEqual([])
})
