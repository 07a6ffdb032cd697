import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryConversation } from '../../../../test/support/translation/arbitrary-conversation'
import { EMPTY } from '../../../../test/support/translation/conversations'
import { decoded } from '../../../../test/support/translation/responses-exchange'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, Part, TextPart, Turn } from '../canonical'
import { listIn, textIn } from '../foreign-json'
import { Losses } from '../losses'
import { decodeRequest } from './decode-request'
import { encodeRequest } from './encode-request'

const text = (value: string): TextPart => ({ type: 'text', text: value, cache: null, citations: [] })
const user = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })

const PLAIN: Conversation = { ...EMPTY, turns: [user(text('Hi'))] }

function encoded(conversation: Partial<Conversation>, model = 'grok-4', quirks: Quirks = {}) {
  const losses = new Losses()
  const body = encodeRequest({ ...PLAIN, ...conversation }, { model, stream: true, quirks }, losses)
  return { body, losses: losses.toString() }
}

/** What this protocol can't say of a conversation, written down. */
const said = (conversation: Conversation): Conversation => ({
  ...conversation,
  // Blocks of a system prompt are one text.
  system: conversation.system.length === 0 ? [] : [text(conversation.system.map((one) => one.text).join('\n\n'))],
  // Whether parameters are strict is always said.
  tools: conversation.tools.map((tool) => (tool.kind === 'function' ? { ...tool, strict: false } : tool)),
  // Less than 16 can't be asked for.
  maxTokens: conversation.maxTokens === null ? null : Math.max(16, conversation.maxTokens)
})

test('a conversation that is encoded and decoded again is the same, but for the written list', () => {
  fc.assert(
    fc.property(arbitraryConversation, (conversation) => {
      const { body } = encoded(conversation)
      const losses = new Losses()
      expect(decodeRequest(body, losses)).toEqual(said(conversation))
      expect(losses.toString()).toBe('')
    })
  )
})

test('reasoning goes with what it led to, and not where the answer ended with it', () => {
  const thought = {
    type: 'reasoning',
    text: 'hm',
    signature: { maker: 'openai-responses', value: 'rs_1:gAAA' }
  } as const
  const inputOf = (...turns: Turn[]): unknown => encoded({ turns }).body['input']
  const cut: Turn = { role: 'assistant', parts: [thought] }
  const message = { type: 'message', role: 'user' }
  expect(inputOf(user(text('a')), cut, user(text('Continue.')))).toMatchObject([message, message])
  expect(inputOf(user(text('a')), cut)).toMatchObject([message])
  const said: Turn = { role: 'assistant', parts: [thought, thought, text('b')] }
  expect(inputOf(user(text('a')), said)).toMatchObject([
    ...[message, { type: 'reasoning' }, { type: 'reasoning' }],
    { type: 'message', role: 'assistant' }
  ])
})

test('nothing is stored, and what is encrypted is asked for', () => {
  expect(encoded({}, 'gpt-5.2').body).toEqual({
    model: 'gpt-5.2',
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }]
  })
  expect(encoded({}, 'openai/gpt-4.1').body).not.toHaveProperty('include')
})

test('instructions without any turn are the input, since there must be one', () => {
  expect(encoded({ system: [text('Say hello.')], turns: [] }).body).toMatchObject({
    input: [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Say hello.' }] }]
  })
})

describe('turns', () => {
  test('of a tool loop are items in their order, with ids that the API takes', () => {
    const { body } = encoded({
      turns: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'hm', signature: { maker: 'openai-responses', value: 'rs_1:gAAA:x' } },
            { type: 'reasoning', text: 'foreign', signature: { maker: 'anthropic', value: 'sig' } },
            text('Look:'),
            text('there.'),
            { type: 'tool-call', id: 'toolu_01', name: 'f', input: '{"a":1}', cache: null },
            { type: 'tool-call', id: 'an id with spaces', name: 'f', input: '{}', cache: null },
            { type: 'refusal', text: 'No.' }
          ]
        },
        user(
          { type: 'tool-result', callId: 'toolu_01', name: 'f', content: [text('1')], isError: false, cache: null },
          { type: 'tool-result', callId: 'an id with spaces', name: 'f', content: [], isError: true, cache: null },
          text('Go on')
        ),
        { role: 'system', parts: [text('Hurry.')] }
      ]
    })
    expect(body['input']).toEqual([
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAA:x' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Look:', annotations: [] },
          { type: 'output_text', text: 'there.', annotations: [] }
        ]
      },
      { type: 'function_call', call_id: 'toolu_01', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call', call_id: expect.stringMatching(/^call_\w+$/) as string, name: 'f', arguments: '{}' },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
      { type: 'function_call_output', call_id: 'toolu_01', output: '1' },
      { type: 'function_call_output', call_id: expect.stringMatching(/^call_\w+$/) as string, output: 'Error: ' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go on' }] },
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Hurry.' }] }
    ])
  })

  test('of a model that knows phases say which texts are no final answer', () => {
    const call: Part = { type: 'tool-call', id: 'call_1', name: 'f', input: '{}', cache: null }
    const turns: readonly Turn[] = [
      { role: 'assistant', parts: [text('I look.'), call] },
      { role: 'assistant', parts: [text('Done.')] },
      user(text('Thanks'))
    ]
    const phases = (model: string) =>
      listIn(encoded({ turns }, model).body, 'input').flatMap((item) =>
        textIn(item, 'type') === 'message' ? [textIn(item, 'phase')] : []
      )
    for (const model of ['gpt-5.3-codex', 'gpt-5.4-mini', 'openai/gpt-5.5', 'gpt-6']) {
      expect(phases(model), model).toEqual(['commentary', 'final_answer', null])
    }
    for (const model of ['gpt-5.3', 'gpt-5-mini', 'gpt-4.1', 'o3', 'grok-4']) {
      expect(phases(model), model).toEqual([null, null, null])
    }
  })

  test('that say nothing are left out', () => {
    expect(encoded({ turns: [user(text('')), user(text('x'))] }).body['input']).toHaveLength(1)
  })

  test('of a model’s own pictures say that there was one', () => {
    const image: Part = {
      type: 'media',
      media: 'image',
      mimeType: 'image/png',
      source: { kind: 'base64', data: 'aaaa' },
      name: null,
      detail: null,
      cache: null
    }
    expect(encoded({ turns: [{ role: 'assistant', parts: [image] }] })).toMatchObject({
      body: {
        input: [{ role: 'assistant', content: [{ text: '[image left out: this channel can not be shown it]' }] }]
      },
      losses: 'image (of an assistant)'
    })
  })
})

describe('sampling', () => {
  test('that the API has no parameter for is lost', () => {
    const sampling = { ...EMPTY.sampling, topK: 4, seed: 1, frequencyPenalty: 0.5, presencePenalty: 0, stop: ['x'] }
    const { body, losses } = encoded({ sampling })
    expect(losses).toBe('top_k, seed, stop, penalties')
    expect(body).not.toHaveProperty('stop')
  })

  test('is left to reasoning models themselves, which refuse it', () => {
    const sampling = { ...EMPTY.sampling, temperature: 0.2, topP: 0.9 }
    expect(encoded({ sampling }, 'gpt-5')).toMatchObject({ losses: 'temperature, top_p' })
    expect(encoded({ sampling }, 'gpt-5').body).not.toHaveProperty('temperature')
    expect(encoded({ sampling: { ...EMPTY.sampling, temperature: 1, topP: 1 } }, 'o3')).toMatchObject({ losses: '' })
    for (const model of ['gpt-4.1', 'gpt-5-chat-latest', 'gpt-oss-120b', 'grok-4']) {
      expect(encoded({ sampling }, model)).toMatchObject({ body: { temperature: 0.2, top_p: 0.9 }, losses: '' })
    }
    expect(encoded({ sampling, reasoning: { kind: 'off' } }, 'gpt-5.2')).toMatchObject({
      body: { temperature: 0.2, reasoning: { effort: 'none' } },
      losses: ''
    })
  })

  test('is cut to what the vendor takes', () => {
    const sampling = { ...EMPTY.sampling, temperature: 1.7 }
    expect(encoded({ sampling }, 'm', { maxTemperature: 1 })).toMatchObject({
      body: { temperature: 1 },
      losses: 'temperature (1.7 -> 1)'
    })
  })
})

describe('limits', () => {
  test.each([
    [1, 16],
    [16, 16],
    [4096, 4096]
  ])('of %i tokens are sent as %i, the least that is taken being 16', (maxTokens, sent) => {
    expect(encoded({ maxTokens }).body).toMatchObject({ max_output_tokens: sent })
    expect(encoded({ maxTokens }).losses === '').toBe(maxTokens === sent)
  })
})

test.each([
  ['gpt-4.1', undefined, 'verbosity (low)'],
  ['o4-mini', undefined, 'verbosity (low)'],
  ['gpt-5.2-codex-2026-01-14', undefined, 'verbosity (low)'],
  ['gpt-5-mini', { verbosity: 'low' }, ''],
  ['gpt-5.3-codex', { verbosity: 'low' }, '']
])('%s that is to be brief is sent %j', (model, text, losses) => {
  const sent = encoded({ verbosity: 'low' }, model)
  expect(sent.body['text']).toEqual(text)
  expect(sent.losses).toBe(losses)
})

describe('an output format', () => {
  const closed = { type: 'object', properties: {}, required: [], additionalProperties: false }
  const schema = { kind: 'schema', name: 'a b', description: 'd', schema: closed, strict: true } as const

  test('of a schema is strict only where that was asked for and can be', () => {
    expect(encoded({ format: schema, verbosity: 'low' }).body['text']).toEqual({
      format: { type: 'json_schema', name: 'a_b', description: 'd', schema: closed, strict: true },
      verbosity: 'low'
    })
    const open = { ...schema, schema: { type: 'object' } }
    expect(encoded({ format: open })).toMatchObject({
      body: { text: { format: { strict: false } } },
      losses: 'strict (a b)'
    })
    expect(encoded({ format: { ...open, strict: null } }).losses).toBe('')
  })

  test('that is no object is asked for in words', () => {
    const list = { ...schema, schema: { type: 'array' } }
    expect(encoded({ format: list })).toMatchObject({
      body: { instructions: expect.stringContaining('{"description":"d","type":"array"}') as string },
      losses: 'json_schema (asked for in words)'
    })
    expect(encoded({ format: list }).body).not.toHaveProperty('text')
  })

  test('of some JSON object needs the word JSON in what is said', () => {
    const { body } = encoded({ format: { kind: 'json' } })
    expect(body).toMatchObject({
      text: { format: { type: 'json_object' } },
      input: [{ role: 'developer', content: [{ text: 'Answer in JSON.' }] }, { role: 'user' }]
    })
    expect(encoded({ format: { kind: 'json' }, turns: [user(text('As Json'))] }).body['input']).toHaveLength(1)
  })

  test('is what the vendor can be held to', () => {
    expect(encoded({ format: schema }, 'm', { jsonFormat: 'object' })).toMatchObject({
      body: { text: { format: { type: 'json_object' } } },
      losses: 'json_schema (asked for in words)'
    })
    expect(encoded({ format: schema }, 'm', { jsonFormat: 'none' })).toMatchObject({
      body: { instructions: expect.stringContaining('Answer with JSON') as string },
      losses: 'json_schema (asked for in words)'
    })
  })
})

test('who asks is told by an id of at most 64 characters, the same for the same', () => {
  const claude = JSON.stringify({ device_id: 'd'.repeat(64), session_id: 's' })
  const { body } = encoded({ userId: claude, cacheKey: 'thread', serviceTier: 'priority' })
  expect(body).toMatchObject({ prompt_cache_key: 'thread', service_tier: 'priority' })
  expect(body['safety_identifier']).toMatch(/^[0-9a-f]{64}$/)
  expect(encoded({ userId: claude }).body['safety_identifier']).toBe(body['safety_identifier'])
})

describe('tools', () => {
  const tool = {
    kind: 'function',
    name: 'f',
    description: '',
    parameters: { type: 'object', properties: {} },
    strict: null,
    cache: null,
    origin: { kind: 'function' }
  } as const

  test('are switched to one at a time where the vendor can', () => {
    expect(encoded({ tools: [tool], parallelTools: false }).body).toMatchObject({ parallel_tool_calls: false })
    const dropped = encoded({ tools: [tool], parallelTools: false }, 'm', { dropsParallelTools: true })
    expect(dropped.losses).toBe('parallel_tools')
    expect(dropped.body).not.toHaveProperty('parallel_tool_calls')
  })

  test('are not chosen where there are none, which the API refuses', () => {
    expect(encoded({ toolChoice: { kind: 'auto' }, parallelTools: true }).body).not.toHaveProperty('tool_choice')
    expect(encoded({ tools: [tool], toolChoice: { kind: 'tool', name: 'f' } }).body).toMatchObject({
      tool_choice: { type: 'function', name: 'f' }
    })
  })
})

// How many milliseconds is for `npm run bench:translate`: a machine that does other work too takes several times as long.
test('a request of 1 MB and 1,500 turns takes no longer than its size asks for', () => {
  const turns = Array.from({ length: 500 }, (_, index): readonly Turn[] => [
    user(text('x"\n'.repeat(330))),
    {
      role: 'assistant',
      parts: [text('Look'), { type: 'tool-call', id: `c${index}`, name: 'f', input: '{"a":"b"}', cache: null }]
    },
    user({
      type: 'tool-result',
      callId: `c${index}`,
      name: 'f',
      content: [text('y'.repeat(1000))],
      isError: false,
      cache: null
    })
  ]).flat()
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    const { body } = encoded({ turns })
    expect(decoded(body).conversation.turns).toHaveLength(1500)
    return performance.now() - started
  })
  expect(Math.min(...times)).toBeLessThan(600)
})
