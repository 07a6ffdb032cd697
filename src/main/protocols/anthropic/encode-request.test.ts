import { describe, expect, test } from 'vitest'
import {
  assistantSays,
  callOf,
  conversationOf,
  functionTool,
  resultOf,
  samplingOf,
  textOf,
  userSays
} from '../../../../test/support/translation/conversations'
import type { Quirks } from '../../../shared/quirks'
import type { Conversation, Part } from '../canonical'
import { listIn, memberOf, textIn } from '../foreign-json'
import { Losses } from '../losses'
import { encodeRequest } from './encode-request'

/** Without marks of its own making, so that a test sees what it is about. */
const noCache: Quirks = { dropsCacheControl: true }

function encode(more: Partial<Conversation>, { model = 'claude-sonnet-4-5', quirks = noCache, stream = false } = {}) {
  const losses = new Losses()
  const request = encodeRequest(conversationOf(more), { model, stream, quirks }, losses)
  return { request, messages: request['messages'], losses: losses.toString() }
}

const block = (text: string) => ({ type: 'text', text })
const thinking: Part = { type: 'reasoning', text: 't', signature: { maker: 'anthropic', value: 's' } }

describe('a request', () => {
  test('says no more than it must', () => {
    expect(encode({}).request).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 64_000,
      messages: [{ role: 'user', content: [block('hi')] }]
    })
  })

  test('says all that the protocol has a member for', () => {
    const { request, losses } = encode(
      {
        system: [textOf('a'), textOf(' '), textOf('b')],
        tools: [functionTool('f')],
        toolChoice: { kind: 'auto' },
        maxTokens: 100,
        sampling: samplingOf({ temperature: 0.5, topK: 4, stop: ['END', '\n'] }),
        format: { kind: 'schema', name: 'n', description: null, schema: { type: 'string' }, strict: true },
        userId: 'u',
        serviceTier: 'default',
        cacheKey: 'k'
      },
      { stream: true }
    )
    expect(request).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 100,
      stream: true,
      output_config: {
        format: { type: 'json_schema', schema: { type: 'string' } }
      },
      temperature: 0.5,
      top_k: 4,
      stop_sequences: ['END'],
      metadata: { user_id: 'u' },
      service_tier: 'standard_only',
      system: [block('a'), block('b')],
      tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
      tool_choice: { type: 'auto' },
      messages: [{ role: 'user', content: [block('hi')] }]
    })
    expect(losses).toBe('stop')
  })

  test('tells what the protocol has no member for', () => {
    const { losses } = encode({
      sampling: samplingOf({ seed: 1, frequencyPenalty: 1, stop: ['a', 'b'] }),
      verbosity: 'low',
      serviceTier: 'flex'
    })
    expect(losses.split(', ').sort()).toEqual(['penalties', 'seed', 'service_tier (flex)', 'verbosity (low)'])
    const few = encode({ sampling: samplingOf({ stop: ['a', 'b'] }) }, { quirks: { maxStopSequences: 1 } })
    expect(few).toMatchObject({ request: { stop_sequences: ['a'] }, losses: 'stop' })
  })

  test('names its user by nothing that tells who it is, or is too long', () => {
    const sent = (userId: string) => encode({ userId }).request['metadata']
    for (const userId of ['user_13ab', 'u'.repeat(256)]) expect(sent(userId)).toEqual({ user_id: userId })
    for (const userId of ['ann@example.com', '+49 (30) 12345', 'u'.repeat(257)]) {
      expect(sent(userId)).toEqual({ user_id: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
      expect(sent(userId)).toEqual(sent(userId))
    }
  })

  test('of a system prompt alone has it said by the user', () => {
    expect(encode({ system: [textOf('Say hi.')], turns: [] }).request).toMatchObject({
      messages: [{ role: 'user', content: [block('Say hi.')] }]
    })
    expect(encode({ system: [textOf('Say hi.')], turns: [] }).request).not.toHaveProperty('system')
  })
})

describe('turns', () => {
  test('of one role are one message, and empty ones are none', () => {
    const turns = [
      userSays(textOf('a')),
      userSays(textOf('b')),
      assistantSays(textOf('')),
      { role: 'system' as const, parts: [textOf('be brief')] },
      userSays(textOf('c'))
    ]
    expect(encode({ turns }).messages).toEqual([
      { role: 'user', content: [block('a'), block('b'), block('<system>\nbe brief\n</system>'), block('c')] }
    ])
  })

  test('put results first, whatever came between a call and its result', () => {
    const turns = [
      userSays(textOf('a')),
      assistantSays(callOf('1', 'f', '{"x":1}'), callOf('2', 'f')),
      userSays(textOf('b')),
      userSays(resultOf('1', 'r1')),
      userSays(resultOf('2', 'r2'), textOf('c'))
    ]
    expect(encode({ turns, tools: [functionTool('f')] }).messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: '1', input: { x: 1 } },
          { type: 'tool_use', id: '2' }
        ]
      },
      {
        role: 'user',
        content: [{ tool_use_id: '1' }, { tool_use_id: '2', content: [block('r2')] }, block('b'), block('c')]
      }
    ])
  })

  test('of an assistant never end with thinking, nor the last one with space', () => {
    const turns = [
      userSays(textOf('a')),
      assistantSays(thinking),
      userSays(textOf('b')),
      assistantSays(textOf('So: \n'))
    ]
    expect(encode({ turns }).messages).toEqual([
      { role: 'user', content: [block('a'), block('b')] },
      { role: 'assistant', content: [block('So:')] }
    ])
    expect(encode({ turns: [userSays(textOf('a')), assistantSays(thinking)] }).messages).toHaveLength(1)
  })

  test('carry a refusal as text, and lose pictures that an assistant made', () => {
    const media: Part = {
      type: 'media',
      media: 'image',
      mimeType: 'image/png',
      source: { kind: 'base64', data: 'QUJD' },
      name: null,
      detail: null,
      cache: null
    }
    const { messages, losses } = encode({
      turns: [userSays(textOf('a')), assistantSays(media, { type: 'refusal', text: 'No.' }), userSays(textOf('b'))]
    })
    expect(messages).toMatchObject([
      {},
      { role: 'assistant', content: [block('[image left out: this channel can not be shown it]'), block('No.')] },
      {}
    ])
    expect(losses).toBe('image (of an assistant)')
  })

  test('of 100,000 parts are joined in one pass', () => {
    const many = Array.from({ length: 100_000 }, () => userSays(textOf('x')))
    const content = encode({ turns: many }).messages
    expect(content).toMatchObject([{ role: 'user' }])
  })
})

describe('sampling', () => {
  const sample = (sampling: Parameters<typeof samplingOf>[0], options: Parameters<typeof encode>[1] = {}) => {
    const { request, losses } = encode({ sampling: samplingOf(sampling) }, { quirks: noCache, ...options })
    return [request['temperature'], request['top_p'], request['top_k'], losses]
  }

  test('is cut to what the vendor takes', () => {
    expect(sample({ temperature: 1.7 })).toEqual([1, undefined, undefined, 'temperature (1.7 to 1)'])
    const other = { model: 'kimi-k2', quirks: { ...noCache, maxTemperature: 2 } }
    expect(sample({ temperature: 1.7, topP: 0.5 }, other)).toEqual([1.7, 0.5, undefined, ''])
  })

  test('by temperature and top_p at once is one of them since Claude 4.1', () => {
    expect(sample({ temperature: 0.5, topP: 0.9 })).toEqual([0.5, undefined, undefined, 'top_p (0.9)'])
    expect(sample({ topP: 0.9 })).toEqual([undefined, 0.9, undefined, ''])
    expect(sample({ temperature: 0.5, topP: 0.9 }, { model: 'claude-sonnet-4-0' })).toEqual([0.5, 0.9, undefined, ''])
  })

  test('is nothing that the newest models take; what is their default is not missed', () => {
    const model = 'claude-opus-5'
    expect(sample({ temperature: 0, topP: 0.9, topK: 4 }, { model })).toEqual([
      undefined,
      undefined,
      undefined,
      'temperature (0), top_p (0.9), top_k'
    ])
    expect(sample({ temperature: 1, topP: 1 }, { model })).toEqual([undefined, undefined, undefined, ''])
  })

  test('is almost nothing beside thinking', () => {
    const wish = { reasoning: { kind: 'budget', tokens: 2000, shown: null } } as const
    const { request, losses } = encode({ ...wish, sampling: samplingOf({ temperature: 0.2, topP: 0.96, topK: 4 }) })
    expect(request).toMatchObject({ thinking: { type: 'enabled' }, top_p: 0.96 })
    expect(losses).toBe('temperature (0.2), top_k')
    expect(encode({ ...wish, sampling: samplingOf({ topP: 0.5 }) }).losses).toBe('top_p (0.5)')
  })
})

describe('a format', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } } }
  const format = { kind: 'schema', name: 'n', description: null, schema, strict: null } as const

  test('is asked for in words where its schema has more optional parameters than are taken', () => {
    const names = Array.from({ length: 25 }, (_, number) => `p${number}`)
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
    const asked = { ...format, schema: { type: 'object', properties } }
    const { request, losses } = encode({ system: [textOf('a')], format: asked })
    expect(request).not.toHaveProperty('output_config')
    expect(request['system']).toHaveLength(2)
    expect(losses).toBe('json_schema (asked for in words)')
    const required = { ...asked, schema: { ...asked.schema, required: names } }
    expect(encode({ format: required })).toMatchObject({ request: { output_config: {} }, losses: '' })
  })

  test('names what of its schema is lost', () => {
    expect(encode({ format }).losses).toBe('json_schema (minimum)')
    const described = encode({ format: { ...format, description: 'One city' } }).request
    expect(described).toMatchObject({ output_config: { format: { schema: { description: 'One city' } } } })
  })

  test.each<[string, Partial<Conversation>, Parameters<typeof encode>[1]]>([
    ['any JSON', { format: { kind: 'json' } }, {}],
    ['a map of any names', { format: { ...format, schema: { type: 'object' } } }, {}],
    ['an older model', { format }, { model: 'claude-opus-4-1' }],
    ['another vendor', { format }, { model: 'kimi-k2' }],
    ['a channel without formats', { format }, { quirks: { ...noCache, jsonFormat: 'none' } }]
  ])('is asked for in words: %s', (_name, more, options) => {
    const { request, losses } = encode({ system: [textOf('a')], ...more }, options)
    expect(request['system']).toHaveLength(2)
    expect(JSON.stringify(request['system'])).toMatch(/Answer with (one )?JSON/)
    expect(request).not.toHaveProperty('output_config')
    expect(losses).toBe('json_schema (asked for in words)')
  })

  test('goes to another vendor that has it', () => {
    const { request } = encode({ format }, { model: 'kimi-k2', quirks: { ...noCache, jsonFormat: 'schema' } })
    expect(request).toHaveProperty('output_config.format.type', 'json_schema')
  })
})

test('a begun answer is gone on with by its model alone up to Claude 4.5, later ones and a schema want it asked for', () => {
  const turns = [userSays(textOf('a')), assistantSays(textOf('{"b":'))]
  const begun = { role: 'assistant', content: [block('{"b":')] }
  expect(encode({ turns })).toMatchObject({ messages: [{}, begun], losses: '' })
  const later = encode({ turns }, { model: 'claude-opus-4-6' })
  expect(later.messages).toMatchObject([{}, begun, { role: 'user', content: [{ text: expect.any(String) as string }] }])
  expect(later.losses).toMatch(/^history \(a begun answer/)
  const schema = { type: 'object', properties: {}, required: [], additionalProperties: false }
  const held = encode({ turns, format: { kind: 'schema', name: 'n', description: null, schema, strict: true } })
  expect(held).toMatchObject({ messages: [{}, begun, { role: 'user' }], losses: later.losses })
})

describe('marks for the prompt cache', () => {
  const marks = (more: Partial<Conversation>, quirks: Quirks = {}): readonly string[] => {
    const { request } = encode(more, { quirks })
    const blocks = [
      request['tools'],
      request['system'],
      ...listIn(request, 'messages').map((one) => memberOf(one, 'content'))
    ]
    return blocks
      .flatMap((list) => listIn({ list }, 'list'))
      .filter((one) => memberOf(one, 'cache_control') !== undefined)
      .map((one) => textIn(one, 'text') ?? textIn(one, 'name') ?? textIn(one, 'tool_use_id') ?? '')
  }
  const turns = ['a', 'b', 'c'].flatMap((name) => [userSays(textOf(name)), assistantSays(textOf(`${name}!`))])
  const unmarked = {
    system: [textOf('s1'), textOf('s2')],
    tools: [functionTool('f'), functionTool('g')],
    turns: turns.slice(0, 5)
  }

  test('are put for a client that has none: behind tools, system and the last two of the user', () => {
    expect(marks(unmarked)).toEqual(['g', 's2', 'b', 'c'])
  })

  test('are the client’s where it has any, the last four', () => {
    const cache = '5m' as const
    expect(marks({ ...unmarked, system: [textOf('s1', { cache }), textOf('s2')] })).toEqual(['s1'])
    const many = ['1', '2', '3', '4', '5'].map((name) => textOf(name, { cache }))
    expect(marks({ turns: [userSays(...many)] })).toEqual(['2', '3', '4', '5'])
  })

  test('of an hour are not behind shorter ones, which the vendor refuses', () => {
    const said = (['5m', null, '1h', '5m'] as const).map((cache, at) => textOf(String(at), { cache }))
    const { messages } = encode({ turns: [userSays(...said)] }, { quirks: {} })
    const long = { type: 'ephemeral', ttl: '1h' }
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { ...block('0'), cache_control: long },
          block('1'),
          { ...block('2'), cache_control: long },
          { ...block('3'), cache_control: { type: 'ephemeral' } }
        ]
      }
    ])
  })

  test('are none where the vendor refuses them', () => {
    expect(marks(unmarked, noCache)).toEqual([])
    expect(marks({ system: [textOf('s1', { cache: '1h' })] }, noCache)).toEqual([])
  })

  test('never stand on thinking', () => {
    const last = [userSays(textOf('a')), assistantSays(thinking, callOf('1', 'f')), userSays(resultOf('1', 'r'))]
    expect(marks({ turns: last, tools: [functionTool('f')] })).toEqual(['f', 'a', '1'])
  })
})
