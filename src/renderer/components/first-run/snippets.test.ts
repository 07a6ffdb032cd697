import { expect, test } from 'vitest'
import { PROTOCOLS } from '../../../shared/protocol'
import { CLIENTS, quoted, type ClientId, type SnippetValues } from './clients'
import { snippetsOf } from './snippets'

const values: SnippetValues = {
  endpoint: 'http://127.0.0.1:8080',
  key: 'rtx-secret',
  protocol: 'anthropic',
  model: 'claude-haiku-4-5',
  takesAnyModel: true,
  shell: 'bash'
}
const texts = (client: ClientId, change: Partial<SnippetValues> = {}) =>
  snippetsOf(client, { ...values, ...change }).map(({ text }) => text)
const parsed = (text: string | undefined): unknown => JSON.parse(text ?? '')

test('Claude Code reads its address and token from the env of its settings', () => {
  const [settings, shell] = texts('claude-code')
  expect(parsed(settings)).toEqual({
    env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080', ANTHROPIC_AUTH_TOKEN: 'rtx-secret' }
  })
  expect(shell).toBe(
    "export ANTHROPIC_BASE_URL='http://127.0.0.1:8080'\nexport ANTHROPIC_AUTH_TOKEN='rtx-secret'\nclaude"
  )
})

test("where a channel knows only names of its own, Claude Code's three models are set to one of them", () => {
  const [settings] = texts('claude-code', { takesAnyModel: false, model: 'glm-5.3' })
  expect(parsed(settings)).toMatchObject({
    env: {
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'glm-5.3',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'glm-5.3',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'glm-5.3'
    }
  })
})

test('Codex gets a provider of the Responses API, its key from the shell and its provider above every table', () => {
  const [config = '', shell] = texts('codex', { protocol: 'openai-responses' })
  expect(config.split('\n')[0]).toBe('model_provider = "routex"')
  expect(config).toContain('base_url = "http://127.0.0.1:8080/v1"\nwire_api = "responses"\nenv_key = "ROUTEX_KEY"')
  expect(config).not.toContain('rtx-secret')
  expect(shell).toBe("export ROUTEX_KEY='rtx-secret'\ncodex")
})

test('Gemini CLI gets its address without a version, and the kind of login that takes a key', () => {
  const [env, settings] = texts('gemini-cli', { protocol: 'gemini' })
  expect(env).toBe('GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8080\nGEMINI_API_KEY=rtx-secret')
  expect(parsed(settings)).toEqual({ security: { auth: { selectedType: 'gemini-api-key' } } })
})

test.each([
  ['openai-chat', '@ai-sdk/openai-compatible', '/v1'],
  ['openai-responses', '@ai-sdk/openai', '/v1'],
  ['anthropic', '@ai-sdk/anthropic', '/v1'],
  ['gemini', '@ai-sdk/google', '/v1beta']
] as const)('OpenCode speaks %s by %s', (protocol, npm, path) => {
  const [config] = texts('opencode', { protocol })
  expect(parsed(config)).toMatchObject({
    model: 'routex/claude-haiku-4-5',
    provider: { routex: { npm, options: { baseURL: `http://127.0.0.1:8080${path}`, apiKey: 'rtx-secret' } } }
  })
})

test('on Windows files lie in the profile, variables are set for PowerShell, and curl is its own command', () => {
  const windows = { ...values, shell: 'powershell' } as const
  expect(snippetsOf('claude-code', windows)[0]?.target).toEqual({
    kind: 'file',
    path: '%USERPROFILE%\\.claude\\settings.json'
  })
  expect(texts('codex', windows)[1]).toBe("$env:ROUTEX_KEY = 'rtx-secret'\ncodex")
  expect(texts('curl', windows)[0]).toContain("Invoke-RestMethod 'http://127.0.0.1:8080/v1/messages' -Method Post `")
})

test('a quote in a text ends no quoting', () => {
  expect(quoted('bash', "it's")).toBe(`'it'\\''s'`)
  expect(quoted('powershell', "it's")).toBe("'it''s'")
  expect(texts('typescript', { model: `a'b"c` }).join('\n')).toContain(`model: 'a\\'b"c'`)
  expect(texts('python', { model: `a'b"c` }).join('\n')).toContain(`model="a'b\\"c"`)
})

test('every client has snippets in every protocol that it speaks, with key and address in them', () => {
  for (const { id, protocols } of CLIENTS) {
    for (const protocol of PROTOCOLS.filter((each) => protocols.some((spoken) => spoken === each))) {
      const text = texts(id, { protocol }).join('\n')
      expect(text, `${id} ${protocol}`).toContain('rtx-secret')
      expect(text, `${id} ${protocol}`).toContain('http://127.0.0.1:8080')
    }
  }
})
