import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { FunctionTool } from '../canonical'
import type { Answer, AnswerPart, Asked, Finish } from '../canonical-answer'
import { Losses } from '../losses'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { completionId, encodeAnswer } from './encode-answer'

const USAGE = { input: 10, cacheRead: 20, cacheWrite: 5, cacheWrite1h: 0, output: 30, reasoning: 12 }
const asked = (more: Partial<Asked> = {}): Asked => ({
  model: 'my-model',
  tools: [],
  body: {},
  now: 1_760_000_000_123,
  ...more
})
const answer = (parts: readonly AnswerPart[], finish: Partial<Finish> = {}): Answer => ({
  id: 'msg_01AbC',
  parts,
  finish: { reason: 'stop', stopSequence: null, usage: USAGE, ...finish }
})
const text = (said: string, citations: readonly string[] = []): AnswerPart => ({
  type: 'text',
  text: said,
  cache: null,
  citations: citations.map((url) => ({ url, title: null, quote: null }))
})
const call = (id: string, name = 'f', input = '{"a":1}'): AnswerPart => ({
  type: 'tool-call',
  id,
  name,
  input,
  cache: null
})
const custom: FunctionTool = {
  kind: 'function',
  name: 'sql',
  description: '',
  parameters: {},
  strict: null,
  cache: null,
  origin: { kind: 'custom' }
}

/** As the vendor's SDK reads it. */
async function sdkReads(said: Answer, more: Partial<Asked> = {}): Promise<OpenAI.Chat.ChatCompletion> {
  const body = JSON.stringify(encodeAnswer(said, asked(more)))
  const client = new OpenAI({
    apiKey: 'k',
    baseURL: 'http://routex.invalid/v1',
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } }))
  })
  return client.chat.completions.create({ model: 'my-model', messages: [{ role: 'user', content: 'hi' }] })
}

describe('a whole answer for a chat client', () => {
  test('is OpenAI’s own, as its SDK reads it', async () => {
    const reasoning: AnswerPart = { type: 'reasoning', text: 'hm', signature: null }
    const read = await sdkReads(
      answer([reasoning, text('Hi'), text(' there'), call('a'), call('b')], { reason: 'tool_calls' })
    )
    expect(read).toEqual({
      id: 'chatcmpl-01AbC',
      object: 'chat.completion',
      created: 1_760_000_000,
      model: 'my-model',
      choices: [
        {
          index: 0,
          logprobs: null,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hi there',
            refusal: null,
            reasoning_content: 'hm',
            tool_calls: ['a', 'b'].map((id) => ({
              id,
              type: 'function',
              function: { name: 'f', arguments: '{"a":1}' }
            }))
          }
        }
      ],
      usage: {
        prompt_tokens: 35,
        completion_tokens: 30,
        total_tokens: 65,
        prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 12 }
      }
    })
  })

  test('that refuses says so', async () => {
    const { choices } = await sdkReads(answer([{ type: 'refusal', text: 'no' }], { reason: 'refusal', usage: null }))
    expect(choices).toMatchObject([{ finish_reason: 'stop', message: { content: null, refusal: 'no' } }])
    const { choices: filtered, usage } = await sdkReads(answer([], { reason: 'refusal', usage: null }))
    expect(filtered).toMatchObject([{ finish_reason: 'content_filter' }])
    expect(usage).toBeUndefined()
  })

  test('cites its sources where they belong', async () => {
    const { choices } = await sdkReads(answer([text('Well. '), text('It rains.', ['https://a.test/'])]))
    expect(choices[0]?.message.annotations).toEqual([
      { type: 'url_citation', url_citation: { url: 'https://a.test/', title: '', start_index: 6, end_index: 15 } }
    ])
  })

  test('gives a custom tool its text', async () => {
    const { choices } = await sdkReads(answer([call('a', 'sql', '{"input":"SELECT 1"}')], { reason: 'tool_calls' }), {
      tools: [custom]
    })
    expect(choices[0]?.message.tool_calls).toEqual([
      { id: 'a', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } }
    ])
  })

  test('of a legacy client has one function_call', async () => {
    const body = { functions: [{ name: 'f' }] }
    const { choices } = await sdkReads(answer([call('a'), call('b')], { reason: 'tool_calls' }), { body })
    expect(choices).toMatchObject([
      { finish_reason: 'function_call', message: { function_call: { name: 'f', arguments: '{"a":1}' } } }
    ])
    expect(choices[0]?.message.tool_calls).toBeUndefined()
  })

  test('shows pictures; what a vendor’s own tool did it can not tell', () => {
    const image: AnswerPart = {
      type: 'media',
      media: 'image',
      mimeType: 'image/png',
      source: { kind: 'base64', data: 'AA' },
      name: null,
      detail: null,
      cache: null
    }
    const search: AnswerPart = {
      type: 'hosted-call',
      id: 's',
      tool: 'web_search',
      input: 'q',
      sources: [],
      output: null
    }
    const encoded = encodeAnswer(answer([search, image]), asked())
    expect(encoded).toMatchObject({
      choices: [{ message: { content: null, images: [{ image_url: { url: 'data:image/png;base64,AA' } }] } }]
    })
  })

  test('B14 hands signatures out with the call or the message that follows them', () => {
    const signed = (said: string, maker: 'anthropic' | 'gemini' | 'openai-chat', value: string): AnswerPart => ({
      type: 'reasoning',
      text: said,
      signature: { maker, value }
    })
    const parts = [signed('one', 'anthropic', 'A1'), text('Hi'), signed('', 'gemini', 'G1'), call('a')]
    expect(encodeAnswer(answer(parts), asked())).toMatchObject({
      choices: [
        {
          message: {
            reasoning_content: 'one',
            extra_content: { routex: { signature: 'routex:anthropic+["A1","one"]', reasoning: [[0, 3]] } },
            tool_calls: [{ extra_content: { google: { thought_signature: 'G1' } } }]
          }
        }
      ]
    })
    expect(decodeAnswer(encodeAnswer(answer(parts), asked())).parts).toEqual(parts)
    const routed = [signed('one', 'openai-chat', '{"type":"reasoning.text","signature":"S"}'), text('Hi')]
    expect(decodeAnswer(encodeAnswer(answer(routed), asked())).parts).toMatchObject(routed)
  })

  test('B14 comes back whole with the message that a client sends back', async () => {
    const thought = (said: string, value: string): AnswerPart => ({
      type: 'reasoning',
      text: said,
      signature: { maker: 'anthropic', value }
    })
    const parts = [thought('one', 'A1'), text('Hi'), thought('two', 'A2'), thought('', 'A3'), call('a'), call('b')]
    const { choices } = await sdkReads(answer(parts, { reason: 'tool_calls' }))
    const history = { messages: [{ role: 'user', content: 'hi' }, choices[0]?.message] }
    expect(decodeRequest(history, new Losses()).turns.at(-1)).toEqual({ role: 'assistant', parts })
  })

  test.each([
    ['chatcmpl-x', 'chatcmpl-x'],
    ['msg_01', 'chatcmpl-01'],
    ['resp_01', 'chatcmpl-01'],
    ['gen-1', 'chatcmpl-1'],
    ['a b/c', 'chatcmpl-abc']
  ])('has an id made from %s', (id, expected) => {
    expect(completionId(id)).toBe(expected)
    expect(completionId('')).toMatch(/^chatcmpl-[0-9a-f]{32}$/)
  })
})
