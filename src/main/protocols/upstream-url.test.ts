import { describe, expect, test } from 'vitest'
import type { Route } from './protocol'
import { matchRoute, protocols } from './registry'
import { upstreamUrl } from './upstream-url'

function route(path: string, query = ''): Route {
  const found = matchRoute('POST', path, query)
  if ('kind' in found) throw new Error(`${path} is no route`)
  return found
}

function url(base: string, path: string, query = '', model: string | null = null): string {
  const found = route(path, query)
  return upstreamUrl(base, protocols[found.protocol], found, query, model).href
}

describe('the upstream’s URL', () => {
  test('takes a base URL as each vendor’s SDK takes it', () => {
    expect(url('https://api.anthropic.com', '/v1/messages')).toBe('https://api.anthropic.com/v1/messages')
    expect(url('https://api.anthropic.com/', '/v1/messages')).toBe('https://api.anthropic.com/v1/messages')
    expect(url('https://api.openai.com/v1', '/v1/chat/completions')).toBe('https://api.openai.com/v1/chat/completions')
    expect(url('https://api.openai.com/v1/', '/v1/responses')).toBe('https://api.openai.com/v1/responses')
    expect(url('https://api.deepseek.com', '/v1/chat/completions')).toBe('https://api.deepseek.com/v1/chat/completions')
    expect(url('https://api.deepseek.com/anthropic', '/v1/messages')).toBe(
      'https://api.deepseek.com/anthropic/v1/messages'
    )
    expect(url('https://open.bigmodel.cn/api/paas/v4', '/v1/chat/completions')).toBe(
      'https://open.bigmodel.cn/api/paas/v4/chat/completions'
    )
  })

  test('keeps the version that a Gemini client named, unless the base URL has one', () => {
    const google = 'https://generativelanguage.googleapis.com'
    expect(url(google, '/v1/models/g:generateContent')).toBe(`${google}/v1/models/g:generateContent`)
    expect(url(google, '/v1beta/models/g:generateContent')).toBe(`${google}/v1beta/models/g:generateContent`)
    expect(url(`${google}/v1beta`, '/v1/models/g:generateContent')).toBe(`${google}/v1beta/models/g:generateContent`)
    const vertex = 'https://x-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google'
    expect(url(vertex, '/v1beta/models/g:countTokens')).toBe(`${vertex}/models/g:countTokens`)
  })

  test('B23 keeps the query but for the client’s credential', () => {
    expect(url('http://a', '/v1/messages', 'beta=true')).toBe('http://a/v1/messages?beta=true')
    expect(url('http://a', '/v1beta/models/g:streamGenerateContent', 'key=secret&alt=sse')).toBe(
      'http://a/v1beta/models/g:streamGenerateContent?alt=sse'
    )
    expect(url('http://a', '/v1/messages', 'a=1&%6Bey=secret&key')).toBe('http://a/v1/messages?a=1')
    expect(url('http://a/openai/v1?api-version=1', '/v1/responses', 'x=%20y')).toBe(
      'http://a/openai/v1/responses?api-version=1&x=%20y'
    )
  })

  test('B13 leaves a model in the path as it came, and replaces one that is mapped', () => {
    const path = '/v1beta/models/models%2Fgemini-x:generateContent'
    expect(url('http://a', path, '', 'gemini-x')).toBe(`http://a${path}`)
    expect(url('http://a', path, '', 'other/one')).toBe('http://a/v1beta/models/other/one:generateContent')
    expect(url('http://a', path, '', 'a b?')).toBe('http://a/v1beta/models/a%20b%3F:generateContent')
    expect(url('http://a', path, '', 'tunedModels/t')).toBe('http://a/v1beta/tunedModels/t:generateContent')
  })

  test('refuses a base URL that is none', () => {
    expect(() => url('nonsense', '/v1/messages')).toThrow(TypeError)
  })
})
