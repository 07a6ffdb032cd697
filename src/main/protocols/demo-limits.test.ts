import { describe, expect, test } from 'vitest'
import { countTokens } from '../../../test/support/tokens-here'
import { matchRoute, protocols } from './registry'

/** What the Demo answers to a POST at this path: its status and, of a whole answer, its JSON. */
async function ask(path: string, body: unknown) {
  const route = matchRoute('POST', path, '')
  if ('kind' in route) throw new Error(path)
  const { status, contentType, pieces } = await protocols[route.protocol].demoAnswer(route, body, false, countTokens)
  return { status, contentType, json: JSON.parse(Buffer.concat(pieces).toString()) as unknown }
}

/** The same streamed, as our own reader understands it. */
async function stream(path: string, body: unknown) {
  const route = matchRoute('POST', path, 'alt=sse')
  if ('kind' in route) throw new Error(path)
  const protocol = protocols[route.protocol]
  const { pieces } = await protocol.demoAnswer(route, body, true, countTokens)
  const reader = protocol.createStreamReader({ framing: 'sse', operation: route.operation, dropUsageChunk: false })
  for (const piece of pieces) reader.push(piece, () => undefined)
  reader.end(() => undefined)
  return { facts: reader.facts, text: Buffer.concat(pieces).toString() }
}

const messages = [{ role: 'user', content: 'Hello there' }]
const contents = [{ role: 'user', parts: [{ text: 'Hello there' }] }]
const GEMINI = '/v1beta/models/g:generateContent'
const any = expect.any(String) as string

describe('the Demo stops at the limit that the client sets', () => {
  test('in Messages', async () => {
    const { json } = await ask('/v1/messages', { max_tokens: 5, messages })
    expect(json).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } })
    const { facts, text } = await stream('/v1/messages', { max_tokens: 5, messages })
    expect(facts).toMatchObject({ finished: true, usage: { output: 5 } })
    expect(text).toContain('"stop_reason":"max_tokens"')
  })

  test.each(['max_tokens', 'max_completion_tokens'])('in chats, as %s', async (name) => {
    const body = { messages, [name]: 5, stream_options: { include_usage: true } }
    const { json } = await ask('/v1/chat/completions', body)
    expect(json).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 5 } })
    const { facts, text } = await stream('/v1/chat/completions', body)
    expect(facts).toMatchObject({ finished: true, usage: { output: 5 } })
    expect(text).toContain('"finish_reason":"length"')
  })

  test('in completions', async () => {
    const body = { prompt: 'Once', max_tokens: 5, stream_options: { include_usage: true } }
    const { json } = await ask('/v1/completions', body)
    expect(json).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 5 } })
    expect((await stream('/v1/completions', body)).text).toContain('"finish_reason":"length"')
  })

  test('in responses', async () => {
    const body = { input: 'Hello there', max_output_tokens: 16 }
    const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    const { json } = await ask('/v1/responses', body)
    expect(json).toMatchObject({ ...cut, output: [{ status: 'incomplete' }], usage: { output_tokens: 16 } })
    const { facts, text } = await stream('/v1/responses', body)
    expect(facts).toMatchObject({ finished: true, usage: { output: 16 } })
    expect(text).toContain('event: response.incomplete')
    expect(text).not.toContain('event: response.completed')
  })

  test.each([{ generationConfig: { maxOutputTokens: 5 } }, { generation_config: { max_output_tokens: 5 } }])(
    'in generateContent, as %j',
    async (config) => {
      const { json } = await ask(GEMINI, { contents, ...config })
      const cut = { candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata: { candidatesTokenCount: 5 } }
      expect(json).toMatchObject(cut)
      const { facts, text } = await stream('/v1beta/models/g:streamGenerateContent', { contents, ...config })
      expect(facts).toMatchObject({ finished: true, usage: { output: 5 } })
      expect(text).toContain('"finishReason":"MAX_TOKENS"')
    }
  )

  test('with a text of just so many tokens, and no half of a character at its end', async () => {
    const asked = [{ role: 'user', content: '👩‍🚀'.repeat(20) }]
    for (let limit = 1; limit < 60; limit++) {
      const { json } = await ask('/v1/messages', { max_tokens: limit, messages: asked })
      const { content } = json as { readonly content: readonly { readonly text: string }[] }
      const text = content[0]?.text ?? ''
      expect(text).not.toContain('\uFFFD')
      expect(await countTokens([text])).toBeLessThanOrEqual(limit)
    }
  })

  test('and not before it, where its text is shorter', async () => {
    const { json } = await ask('/v1/messages', { max_tokens: 4000, messages })
    expect(json).toMatchObject({ stop_reason: 'end_turn' })
  })
})

describe('the Demo refuses what the vendor refuses, in the vendor’s shape', () => {
  test.each([
    ['/v1/messages', { messages }, 'max_tokens: Field required'],
    ['/v1/messages', { max_tokens: 0, messages }, 'max_tokens: must be greater than or equal to 1'],
    ['/v1/messages', { max_tokens: 'x', messages }, 'max_tokens: Input should be a valid integer'],
    ['/v1/messages', { max_tokens: 9 }, 'messages: Field required'],
    ['/v1/messages', { max_tokens: 9, messages: [] }, 'messages: at least one message is required'],
    ['/v1/messages/count_tokens', {}, 'messages: Field required']
  ])('%s with %j', async (path, body, message) => {
    const error = { type: 'invalid_request_error', message }
    expect(await ask(path, body)).toMatchObject({ status: 400, json: { type: 'error', error, request_id: any } })
  })

  test.each([
    ['/v1/chat/completions', {}, 'messages', 'missing_required_parameter'],
    ['/v1/chat/completions', { messages: [] }, 'messages', 'empty_array'],
    ['/v1/chat/completions', { messages, max_tokens: 0 }, 'max_tokens', 'integer_below_min_value'],
    ['/v1/embeddings', {}, 'input', 'missing_required_parameter'],
    ['/v1/responses', {}, 'input', 'missing_required_parameter'],
    ['/v1/responses', { input: [] }, 'input', 'missing_required_parameter'],
    ['/v1/responses', { input: 'x', max_output_tokens: 1 }, 'max_output_tokens', 'integer_below_min_value'],
    ['/v1/responses/compact', {}, 'input', 'missing_required_parameter']
  ])('%s with %j', async (path, body, param, code) => {
    const error = { message: expect.stringContaining(param) as string, type: 'invalid_request_error', param, code }
    expect(await ask(path, body)).toMatchObject({ status: 400, json: { error } })
  })

  test.each([{}, { contents: [] }])('generateContent with %j', async (body) => {
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining('contents') as string }
    expect(await ask(GEMINI, body)).toMatchObject({ status: 400, json: { error } })
  })

  test.each([{ previous_response_id: 'resp_1' }, { prompt: { id: 'pmpt_1' } }, { conversation: 'conv_1' }])(
    'but a response may go on from %j without input',
    async (body) => {
      expect((await ask('/v1/responses', body)).status).toBe(200)
    }
  )
})
