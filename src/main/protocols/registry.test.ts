import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PROTOCOLS } from '../../shared/protocol'
import { matchRoute, protocolOfPath, protocols } from './registry'

const match = (method: string, path: string, query = '') => matchRoute(method, path, query)

describe('the paths of the four protocols', () => {
  test.each([
    ['/v1/messages', 'anthropic', 'generate'],
    ['/v1/messages/count_tokens', 'anthropic', 'count_tokens'],
    ['/v1/chat/completions', 'openai-chat', 'generate'],
    ['/v1/completions', 'openai-chat', 'complete'],
    ['/v1/embeddings', 'openai-chat', 'embed'],
    ['/v1/responses', 'openai-responses', 'generate'],
    ['/v1/responses/compact', 'openai-responses', 'generate'],
    ['/v1/responses/input_tokens', 'openai-responses', 'count_tokens']
  ])('%s is %s %s', (path, protocol, operation) => {
    expect(match('POST', path)).toMatchObject({ protocol, operation, operationPath: path.slice(4), model: null })
    expect(match('GET', path)).toEqual({ kind: 'method_not_allowed', protocol })
  })

  test.each([
    ['generateContent', 'generate', false],
    ['streamGenerateContent', 'generate', true],
    ['countTokens', 'count_tokens', false],
    ['embedContent', 'embed', false],
    ['batchEmbedContents', 'embed', false]
  ])('Gemini’s %s is %s under both versions', (name, operation, stream) => {
    for (const version of ['v1', 'v1beta']) {
      expect(match('POST', `/${version}/models/gemini-2.5-pro:${name}`)).toMatchObject({
        protocol: 'gemini',
        operation,
        stream,
        version,
        model: 'gemini-2.5-pro',
        operationPath: `models/gemini-2.5-pro:${name}`
      })
    }
  })

  test('Gemini’s stream is an array unless it is asked for as SSE', () => {
    const path = '/v1beta/models/g:streamGenerateContent'
    expect(match('POST', path)).toMatchObject({ framing: 'json-array' })
    expect(match('POST', path, 'key=k&alt=sse')).toMatchObject({ framing: 'sse' })
    expect(match('POST', '/v1beta/models/g:generateContent')).toMatchObject({ framing: 'sse', stream: false })
  })

  test('a Gemini model may hold slashes and percent signs, but may not climb', () => {
    const model = (path: string) => {
      const found = match('POST', path)
      return 'kind' in found ? found.kind : found.model
    }
    expect(model('/v1beta/models/models%2Fx:generateContent')).toBe('x')
    expect(model('/v1beta/models/qwen/q3:free:generateContent')).toBe('qwen/q3:free')
    expect(model('/v1beta/models/x%3AgenerateContent')).toBe('x')
    expect(model('/v1beta/tunedModels/t1:generateContent')).toBe('tunedModels/t1')
    expect(model('/v1beta/models/..%2f..%2fadmin:generateContent')).toBe('unknown_path')
    expect(model('/v1beta/models/%zz:generateContent')).toBe('unknown_path')
    expect(model('/v1beta/models/x:predict')).toBe('unknown_path')
    expect(model('/v1beta/models/x:constructor')).toBe('unknown_path')
  })

  test('a stored response goes by its id', () => {
    expect(match('GET', '/v1/responses/resp_1')).toMatchObject({
      operation: 'response_state',
      stateId: 'resp_1',
      stream: false
    })
    expect(match('GET', '/v1/responses/resp_1', 'stream=true')).toMatchObject({ stream: true })
    expect(match('DELETE', '/v1/responses/resp_1')).toMatchObject({ operation: 'response_state' })
    expect(match('POST', '/v1/responses/resp_1/cancel')).toMatchObject({ operationPath: 'responses/resp_1/cancel' })
    expect(match('GET', '/v1/responses/resp_1/input_items')).toMatchObject({ stateId: 'resp_1' })
    expect(match('POST', '/v1/responses/resp_1')).toEqual({ kind: 'method_not_allowed', protocol: 'openai-responses' })
    expect(match('GET', '/v1/responses/%2e%2e')).toMatchObject({ kind: 'unknown_path' })
    expect(match('GET', '/v1/responses/a/b/c')).toEqual({ kind: 'unknown_path', protocol: 'openai-responses' })
  })

  test('what no protocol serves has the error shape that fits the caller best', () => {
    expect(match('POST', '/v1/messages/batches')).toEqual({ kind: 'unknown_path', protocol: 'anthropic' })
    expect(match('POST', '/v1/audio/speech')).toEqual({ kind: 'unknown_path', protocol: 'openai-chat' })
    expect(match('GET', '/constructor')).toMatchObject({ kind: 'unknown_path' })
    expect(protocolOfPath('/v1beta/files', {})).toBe('gemini')
    expect(protocolOfPath('/v1/models', { 'x-goog-api-key': 'k' })).toBe('gemini')
    expect(protocolOfPath('/v1/models', { 'anthropic-version': '2023-06-01' })).toBe('anthropic')
    expect(protocolOfPath('/', {})).toBe('openai-chat')
  })
})

describe('the protocol folders', () => {
  test('hold the same files', () => {
    const here = fileURLToPath(new URL('.', import.meta.url))
    const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual([...PROTOCOLS].sort())
    const files = ['demo.ts', 'error.ts', 'index.ts', 'request.ts', 'response.ts', 'stream.ts', 'usage.ts', 'wire.ts']
    const halves = ['answer', 'request', 'stream'].flatMap((what) => [`decode-${what}.ts`, `encode-${what}.ts`])
    const parts = ['check-request.ts', 'content.ts', 'finish.ts', 'reasoning.ts', 'tools.ts', 'translator.ts']
    for (const { name } of folders) {
      const sources = readdirSync(`${here}/${name}`).filter((file) => !file.endsWith('.test.ts'))
      expect(sources.sort(), name).toEqual([...files, ...halves, ...parts].sort())
    }
  })

  test('B23 carry a channel’s credential as their vendor takes it', () => {
    const headers = PROTOCOLS.map((id) => protocols[id].credentialHeaders('k'))
    const bearer = { authorization: 'Bearer k' }
    expect(headers).toEqual([{ 'x-api-key': 'k' }, bearer, bearer, { 'x-goog-api-key': 'k' }])
  })

  test('are known by their own id', () => {
    for (const id of PROTOCOLS) expect(protocols[id].id).toBe(id)
  })
})
