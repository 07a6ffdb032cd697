import { expect, test } from 'vitest'
import { z } from 'zod'
import { channelInput, channelPatch } from './channel'
import { clientKeyInput } from './client-key'
import { fileConfig } from './config-file'
import { formatProblem, problemsOf } from './validation'

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

test.each([
  'host',
  'Content-Length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'Proxy-Authorization'
])('a header that belongs to the connection is refused with its path: %s', (name) => {
  const change = { headers: { 'x-good': 'yes', [name]: 'x' } }
  const parsed = channelPatch.safeParse(change)
  expect(problemsOf(channelPatch, parsed.error ?? new z.ZodError([]), change).map(formatProblem)).toEqual([
    `headers.${name}: is no valid name: must not be a header of the connection, which Routex sets itself`
  ])
})

test.each(['a\u0000b', 'a\u001b[31mb', 'a\nb', 'a\u007fb', 'a\u0085b'])(
  'the name of a channel or key holds no control characters: %j',
  (name) => {
    const key = { name, key: 'rtx-0123456789abcdef' }
    const checks = [
      channelInput.safeParse({ ...main, baseUrl: 'https://x.example', name }),
      channelPatch.safeParse({ name }),
      clientKeyInput.safeParse({ name }),
      fileConfig.safeParse({ clientKeys: [key] })
    ]
    expect(checks.map(({ error }) => error?.issues.map(({ message }) => message))).toEqual(
      checks.map(() => ['must not hold control characters'])
    )
  }
)

test.each(['\u200b', '\u200b \u2060\ufe0f', '\u3164', '\u00ad'])(
  'a name of which nothing can be seen is none: %j',
  (name) => {
    for (const { error } of [channelPatch.safeParse({ name }), clientKeyInput.safeParse({ name })]) {
      expect(error?.issues.map(({ message }) => message)).toEqual(['must hold something that can be seen'])
    }
  }
)

test('a name may hold letters of any language', () => {
  expect(channelPatch.parse({ name: ' Büro – 日本 🙂 ' }).name).toBe('Büro – 日本 🙂')
})

const keyed = (apiKey: string) => ({
  created: channelInput.safeParse({ ...main, baseUrl: 'https://x.example', apiKey }),
  changed: channelPatch.safeParse({ apiKey })
})

test.each(['sk-ant-1', 'a b~!"', ' sk-pasted\r\n', '\tsk-pasted '])(
  'the API key %j is taken, without the white space around it',
  (apiKey) => {
    const { created, changed } = keyed(apiKey)
    expect(created.data?.apiKey).toBe(apiKey.trim())
    expect(changed.data?.apiKey).toBe(apiKey.trim())
  }
)

test.each(['sk-one\nsk-two', 'sk-\u0000', 'sk-\u007f', 'sk-é', '密钥', 'sk-\u200bpasted', 'sk-…'])(
  'the API key %j, which is not fit for an HTTP header, is refused and not repeated',
  (apiKey) => {
    const { created, changed } = keyed(apiKey)
    expect(changed.success).toBe(false)
    const told = created.error && problemsOf(channelInput, created.error, { apiKey }).map(formatProblem)
    expect(told).toEqual(['apiKey: must be one line of printable ASCII: copy it anew'])
  }
)

const MASK_REFUSED = 'must be the value itself, not the mask that is shown in its place'

test.each(['****', '*', '••••••••', '…', '...', '●●●●', ' **** ', '•••• ••••'])(
  'an API key that is only a mask is refused, in words of its own: %j',
  (apiKey) => {
    const given = { ...main, baseUrl: 'https://x.example', apiKey }
    const { error } = channelInput.safeParse(given)
    expect(error && problemsOf(channelInput, error, given)).toMatchObject([{ path: 'apiKey', message: MASK_REFUSED }])
    expect(channelPatch.safeParse({ apiKey }).success).toBe(false)
    const file = fileConfig.safeParse({ channels: [given] })
    expect(file.error && problemsOf(fileConfig, file.error, { channels: [given] })).toMatchObject([
      { path: 'channels[0].apiKey', message: MASK_REFUSED }
    ])
  }
)

test.each(['x', '-', 'sk-****', 'ollama', '****abcd'])(
  'an API key that holds more than a mask is taken: %s',
  (apiKey) => {
    expect(channelInput.safeParse({ ...main, baseUrl: 'https://x.example', apiKey }).success).toBe(true)
  }
)
