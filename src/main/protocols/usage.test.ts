import { describe, expect, test } from 'vitest'
import type { TokenUsage } from '../../shared/usage'
import type { Route } from './protocol'
import { matchRoute, protocols } from './registry'

const NONE: TokenUsage = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0 }

function route(path: string): Route {
  const found = matchRoute('POST', path, '')
  if ('kind' in found) throw new Error(path)
  return found
}

function answer(path: string, body: unknown, tail = false) {
  const found = route(path)
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return protocols[found.protocol].readAnswer(found, bytes, tail)
}

const usageOf = (path: string, body: unknown) => answer(path, body).usage

describe('B31 usage of Anthropic', () => {
  test('input is what was not cached, writes carry their hour, output its thinking', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 40 }
    }
    expect(usageOf('/v1/messages', { content: [], usage })).toEqual({
      input: 10,
      cacheRead: 200,
      cacheWrite: 30,
      cacheWrite1h: 10,
      output: 50,
      reasoning: 40
    })
    expect(answer('/v1/messages', { usage }).rawUsage).toBe(JSON.stringify(usage))
  })

  test('that was not sent is unknown, as is that of a token count', () => {
    expect(usageOf('/v1/messages', { content: [] })).toBeNull()
    expect(usageOf('/v1/messages', { usage: null })).toBeNull()
    expect(usageOf('/v1/messages', { usage: { input_tokens: 'x' } })).toBeNull()
    expect(usageOf('/v1/messages/count_tokens', { input_tokens: 5, usage: { input_tokens: 5 } })).toBeNull()
  })

  test('of a body that is no JSON is unknown', () => {
    expect(answer('/v1/messages', '<html>')).toMatchObject({
      usage: null,
      rawUsage: null,
      stateId: null,
      itemIds: []
    })
  })

  test('is read from a big answer’s tail', () => {
    const tail = 'some text"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}'
    expect(answer('/v1/messages', tail, true).usage).toEqual({ ...NONE, input: 3, output: 4 })
  })
})

describe('B31 usage of OpenAI’s chat', () => {
  const read = (usage: unknown) => usageOf('/v1/chat/completions', { choices: [], usage })

  test('takes what was cached and written to the cache out of the prompt', () => {
    expect(
      read({
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 15 }
      })
    ).toEqual({ ...NONE, input: 30, cacheRead: 60, cacheWrite: 10, output: 20, reasoning: 15 })
  })

  test('knows DeepSeek’s and Moonshot’s names of the cached part', () => {
    const base = { prompt_tokens: 100, completion_tokens: 1 }
    expect(read({ ...base, prompt_cache_hit_tokens: 80 })).toMatchObject({ input: 20, cacheRead: 80 })
    expect(read({ ...base, cached_tokens: 70 })).toMatchObject({ input: 30, cacheRead: 70 })
  })

  test('counts reasoning that stands beside the output, as xAI’s total tells', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 }
    expect(read({ ...usage, completion_tokens_details: { reasoning_tokens: 100 } })).toMatchObject({
      output: 105,
      reasoning: 100
    })
  })

  test('is never below 0, and unknown where it was not sent', () => {
    expect(read({ prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 9 } })).toMatchObject({
      input: 0,
      cacheRead: 9
    })
    expect(read(null)).toBeNull()
    expect(read({})).toBeNull()
    expect(read({ prompt_tokens: -1, completion_tokens: null })).toBeNull()
  })

  test('of embeddings and completions is the same', () => {
    expect(usageOf('/v1/embeddings', { data: [], usage: { prompt_tokens: 8, total_tokens: 8 } })).toEqual({
      ...NONE,
      input: 8
    })
    expect(usageOf('/v1/completions', { usage: { prompt_tokens: 8, completion_tokens: 2 } })).toMatchObject({
      output: 2
    })
  })
})

describe('B31 usage of OpenAI’s Responses', () => {
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60, cache_write_tokens: 5 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 120
  }

  test('takes what was cached out of the input, and the id of the state', () => {
    expect(answer('/v1/responses', { id: 'resp_1', error: null, output: [{ id: 'x' }], usage })).toEqual({
      usage: { ...NONE, input: 35, cacheRead: 60, cacheWrite: 5, output: 20, reasoning: 12 },
      rawUsage: JSON.stringify(usage),
      stateId: 'resp_1',
      itemIds: ['x'],
      messageId: null,
      error: null
    })
    expect(answer('/v1/responses', { id: 'resp_1', store: false, output: [{ id: 'x' }] }).itemIds).toEqual([])
  })

  test('of a count, or of a response that is read back, is none', () => {
    expect(usageOf('/v1/responses/input_tokens', { input_tokens: 5 })).toBeNull()
    expect(answer('/v1/responses', { id: 'resp_1', status: 'queued', usage: null })).toMatchObject({
      usage: null,
      rawUsage: null
    })
    const state = matchRoute('GET', '/v1/responses/resp_1', '')
    if ('kind' in state) throw new Error('no route')
    const read = protocols['openai-responses'].readAnswer(
      state,
      Buffer.from(JSON.stringify({ id: 'resp_1', usage })),
      false
    )
    expect(read).toMatchObject({ usage: null, stateId: null })
  })
})

describe('B32 usage of OpenAI carries the tier that stands beside it, on which the price depends', () => {
  test.each([
    ['/v1/chat/completions', { prompt_tokens: 5, completion_tokens: 2 }],
    ['/v1/responses', { input_tokens: 5, output_tokens: 2 }]
  ])('%s', (path, usage) => {
    const raw = (body: unknown, tail = false) => JSON.parse(answer(path, body, tail).rawUsage ?? '') as unknown
    const tier = { service_tier: 'flex' }

    expect(raw({ usage, ...tier })).toEqual({ ...usage, ...tier })
    expect(raw({ usage: {}, ...tier })).toEqual(tier)
    expect(raw({ usage, service_tier: null })).toEqual(usage)
    expect(raw({ usage, service_tier: 7 })).toEqual(usage)
    const [, behind] = JSON.stringify({ a: 'x', usage, ...tier }).split('"x"')
    const [, before] = JSON.stringify({ a: 'x', ...tier, usage }).split('"x"')
    for (const tail of [behind, before])
      expect(raw(`said \\"service_tier\\":\\"none\\""${tail}`, true)).toMatchObject(tier)
    expect(answer(path, { usage: null, ...tier }).usage).toBeNull()
  })
})

describe('B31 usage of Gemini', () => {
  test('thoughts come on top of the candidates, tool results on top of the prompt', () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 30,
      toolUsePromptTokenCount: 7
    }
    expect(usageOf('/v1beta/models/g:generateContent', { candidates: [], usageMetadata })).toEqual({
      ...NONE,
      input: 67,
      cacheRead: 40,
      output: 50,
      reasoning: 30
    })
    expect(usageOf('/v1beta/models/g:generateContent', { candidates: [] })).toBeNull()
    expect(usageOf('/v1beta/models/g:countTokens', { totalTokens: 5, usageMetadata })).toBeNull()
  })
})

describe('B01 an error inside a 200', () => {
  test.each([
    ['/v1/messages', { type: 'error', error: { type: 'api_error', message: 'x' } }, true],
    ['/v1/messages', { content: [{ input: { error: { a: 1 } } }] }, false],
    ['/v1/chat/completions', { error: { message: 'x' } }, true],
    ['/v1/chat/completions', { error: 'x' }, true],
    ['/v1/messages', { content: [], stop_reason: 'end_turn' }, false],
    ['/v1/messages', { content: null }, true],
    ['/v1/chat/completions', { error: null, choices: [{ message: {} }] }, false],
    ['/v1/chat/completions', { error: null, choices: [] }, true],
    ['/v1/embeddings', { data: [] }, false],
    ['/v1/responses', { id: 'r', error: null, output: [] }, false],
    ['/v1/responses', { id: 'r', status: 'queued' }, false],
    ['/v1/responses', { id: 'r', status: 'failed', output: [] }, true],
    ['/v1/responses', { id: 'r', status: 'failed', error: { code: 'server_error', message: 'x' } }, true],
    ['/v1beta/models/g:generateContent', { error: { code: 500 } }, true],
    ['/v1beta/models/g:generateContent', { promptFeedback: { blockReason: 'SAFETY' } }, false],
    ['/v1beta/models/g:generateContent', { candidates: [] }, true]
  ])('%s %j', (path, body, error) => {
    expect(answer(path, body).error !== null).toBe(error)
  })

  test('is not looked for in a tail', () => {
    expect(answer('/v1/messages', { error: { a: 1 } }, true).error).toBeNull()
  })
})
