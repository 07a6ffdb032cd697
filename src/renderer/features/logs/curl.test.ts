import { expect, test } from 'vitest'
import { sampleRequest } from '../../../../test/e2e/support/sample-data'
import { curlOf } from './curl'

const GATEWAY = 'http://127.0.0.1:8080'

test('a streamed Messages request asks for the same model, with the key from the environment', () => {
  expect(curlOf(sampleRequest('1'), GATEWAY)).toBe(
    `curl -N 'http://127.0.0.1:8080/v1/messages' -H "x-api-key: $ROUTEX_KEY" -H 'anthropic-version: 2023-06-01' ` +
      `-H 'content-type: application/json' -d '{"model":"claude-sonnet-4-5","max_tokens":256,` +
      `"messages":[{"role":"user","content":"Say hello in one sentence."}],"stream":true}'`
  )
})

test('Gemini streams by its query, and has its model in the path', () => {
  const path = '/v1beta/models/gemini-2.5-pro:streamGenerateContent'
  const line = curlOf(sampleRequest('1', { protocol: 'gemini', path, model: 'gemini-2.5-pro' }), GATEWAY)
  expect(line).toContain(`'http://127.0.0.1:8080${path}?alt=sse' -H "x-goog-api-key: $ROUTEX_KEY"`)
})

test('a quote in a model name does not end the shell’s own', () => {
  const line = curlOf(sampleRequest('1', { model: "it's", protocol: 'openai-chat', stream: false }), GATEWAY)
  expect(line).toContain(`"model":"it'\\''s"`)
})

test('a stored response is read again without a body; what named no protocol can not be', () => {
  const read = sampleRequest('1', {
    method: 'GET',
    path: '/v1/responses/r1',
    protocol: 'openai-responses',
    model: null
  })
  expect(curlOf(read, GATEWAY)).toBe(`curl 'http://127.0.0.1:8080/v1/responses/r1' -H "x-api-key: $ROUTEX_KEY"`)
  expect(curlOf(sampleRequest('1', { protocol: null }), GATEWAY)).toBeNull()
  expect(curlOf(sampleRequest('1', { model: null }), GATEWAY)).toBeNull()
})

const QUESTION = 'Say hello in one sentence.'
test.each([
  ['/v1/embeddings', 'openai-chat', 'embed', { model: 'm', input: QUESTION }],
  ['/v1/completions', 'openai-chat', 'complete', { model: 'm', prompt: QUESTION }],
  ['/v1/responses/input_tokens', 'openai-responses', 'count_tokens', { model: 'm', input: QUESTION }],
  [
    '/v1/messages/count_tokens',
    'anthropic',
    'count_tokens',
    { model: 'm', messages: [{ role: 'user', content: QUESTION }] }
  ],
  ['/v1beta/models/m:embedContent', 'gemini', 'embed', { content: { parts: [{ text: QUESTION }] } }],
  [
    '/v1beta/models/m:batchEmbedContents',
    'gemini',
    'embed',
    { requests: [{ model: 'models/m', content: { parts: [{ text: QUESTION }] } }] }
  ],
  [
    '/v1beta/models/m:countTokens',
    'gemini',
    'count_tokens',
    { contents: [{ role: 'user', parts: [{ text: QUESTION }] }] }
  ]
] as const)('%s is asked in its own words', (path, protocol, operation, body) => {
  const line = curlOf(sampleRequest('1', { path, protocol, operation, model: 'm', stream: false }), GATEWAY)
  expect(line).toContain(` -d '${JSON.stringify(body)}'`)
})

test('there is no line for what is sent to a path that Routex does not serve', () => {
  expect(curlOf(sampleRequest('1', { path: '/v1/audio/speech', operation: null }), GATEWAY)).toBeNull()
})
