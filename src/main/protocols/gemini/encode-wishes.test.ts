import { describe, expect, test } from 'vitest'
import { conversation } from '../../../../test/support/translation/gemini'
import type { Conversation, FunctionTool, Part, Target, Turn } from '../canonical'
import { Losses } from '../losses'
import { textPart } from './content'
import { encodeRequest } from './encode-request'

function encoded(said: Partial<Conversation>, model = 'gemini-3.8-flash', quirks: Target['quirks'] = {}) {
  const losses = new Losses()
  const body = encodeRequest(conversation(said), { model, stream: true, quirks }, losses)
  // As it goes on the wire: members that are undefined are none.
  const wire = JSON.parse(JSON.stringify(body)) as Record<string, unknown>
  return { ...wire, contents: wire['contents'], lost: losses.toString() }
}

const user = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })
const tool: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: '',
  parameters: { type: 'object' },
  strict: null,
  cache: null,
  origin: { kind: 'function' }
}

describe('wishes for Gemini', () => {
  const sampling = { ...conversation({}).sampling, temperature: 2.5, topP: 0.9, topK: 40, seed: 7, stop: ['a', 'b'] }

  test('are in its config', () => {
    expect(
      encoded({
        maxTokens: 100,
        sampling: { ...sampling, temperature: 1.5 },
        reasoning: { kind: 'effort', effort: 'low', shown: true },
        format: { kind: 'json' },
        serviceTier: 'default',
        userId: 'u',
        cacheKey: 'k'
      })
    ).toMatchObject({
      generationConfig: {
        maxOutputTokens: 100,
        temperature: 1.5,
        topP: 0.9,
        topK: 40,
        seed: 7,
        stopSequences: ['a', 'b'],
        responseMimeType: 'application/json',
        thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true }
      },
      serviceTier: 'standard',
      lost: ''
    })
    expect(encoded({ serviceTier: 'auto' })).not.toHaveProperty('serviceTier')
  })

  test('limit an answer to what the model can say, which it refuses to be asked beyond', () => {
    const most = (name: string) => encoded({ maxTokens: 128_000 }, name)
    expect(most('gemini-3.8-flash')).toMatchObject({
      generationConfig: { maxOutputTokens: 65_536 },
      lost: 'max_tokens (128000 -> 65536)'
    })
    expect(most('gemini-2.0-flash')).toMatchObject({ generationConfig: { maxOutputTokens: 8192 } })
    expect(most('gemini-4-argon')).toMatchObject({ generationConfig: { maxOutputTokens: 128_000 } })
  })

  test('that it can’t be told are lost, each with what became of it', () => {
    const stop = ['a', 'b', 'c', 'd', 'e', 'f']
    const { lost, ...body } = encoded({
      sampling: { ...sampling, seed: 2 ** 40, frequencyPenalty: 1, stop },
      verbosity: 'low'
    })
    expect(lost.split(', ')).toEqual([
      'verbosity (low)',
      'stop (6 -> 5)',
      'penalties',
      'temperature (2.5 -> 2)',
      `seed (${2 ** 40})`
    ])
    expect(body).toMatchObject({ generationConfig: { temperature: 2, stopSequences: stop.slice(0, 5) } })
    expect(encoded({ sampling: { ...sampling, temperature: 0.5, presencePenalty: 0 } }).lost).toBe('')
  })

  test('for a format are held to what the channel knows', () => {
    const format = {
      kind: 'schema',
      name: 'response',
      description: null,
      schema: { type: 'object', properties: { a: { const: 'x' } } },
      strict: true
    } as const
    expect(encoded({ format, tools: [tool] })).toMatchObject({
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object', properties: { a: { enum: ['x'] } } }
      },
      lost: ''
    })
    expect(encoded({ format: { ...format, description: 'One city' } })).toMatchObject({
      generationConfig: { responseJsonSchema: { description: 'One city' } }
    })
    const turns = [user(textPart('Look'))]
    expect(encoded({ format, turns, tools: [tool] }, 'gemini-2.5-pro')).toMatchObject({
      generationConfig: {},
      systemInstruction: { parts: [{ text: expect.stringContaining('{"const":"x"}') as string }] },
      lost: 'json_schema (asked for in words)'
    })
    expect(encoded({ format: { kind: 'json' }, turns, tools: [tool] }, 'gemini-2.5-pro')).toMatchObject({
      systemInstruction: { parts: [{ text: expect.stringContaining('JSON') as string }] },
      lost: 'json_schema (asked for in words)'
    })
    expect(encoded({ format }, 'gemini-2.5-pro').lost).toBe('')
    expect(encoded({ format, turns }, 'x', { jsonFormat: 'object' })).toMatchObject({
      generationConfig: { responseMimeType: 'application/json' },
      systemInstruction: { parts: [{ text: expect.stringContaining('{"const":"x"}') as string }] },
      lost: 'json_schema (asked for in words)'
    })
    expect(encoded({ format }, 'x', { jsonFormat: 'none' }).lost).toBe('json_schema (asked for in words)')
  })

  test.each([{ kind: 'required' }, { kind: 'tool', name: tool.name }] as const)(
    'for a format are told in words where a call is demanded, which excludes it: %j',
    (toolChoice) => {
      for (const model of ['gemini-3-pro-preview', 'x']) {
        const forced = encoded({ format: { kind: 'json' }, tools: [tool], toolChoice }, model)
        expect(forced).toMatchObject({
          toolConfig: { functionCallingConfig: { mode: 'ANY' } },
          lost: 'json_schema (asked for in words)'
        })
        expect(forced).not.toHaveProperty('generationConfig.responseMimeType')
      }
      expect(encoded({ format: { kind: 'json' }, toolChoice })).toMatchObject({
        generationConfig: { responseMimeType: 'application/json' }
      })
    }
  )

  test.each(['web_search', 'code_execution', 'web_fetch'] as const)(
    'for a format are told in words beside %s before Gemini 3',
    (name) => {
      const tools = [{ kind: 'hosted', tool: name, allowedDomains: [], blockedDomains: [] }] as const
      const older = encoded({ format: { kind: 'json' }, tools }, 'gemini-2.5-flash')
      expect(older).toMatchObject({ lost: 'json_schema (asked for in words)' })
      expect(older).not.toHaveProperty('generationConfig.responseMimeType')
      expect(encoded({ format: { kind: 'json' }, tools })).toMatchObject({
        generationConfig: { responseMimeType: 'application/json' },
        lost: ''
      })
    }
  )
})
