import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFixture } from '../../../../test/support/translation/gemini'
import type { Conversation, OutputFormat, Part } from '../canonical'
import { isObject, type JsonObject } from '../foreign-json'
import { Losses } from '../losses'
import { callIdOf } from '../tool-ids'
import { UnreadableRequest } from '../translator'
import { textPart } from './content'
import { decodeRequest } from './decode-request'
import { STAND_IN } from './request'

function decoded(body: JsonObject): Conversation & { readonly lost: string } {
  const losses = new Losses()
  return { ...decodeRequest(body, losses), lost: losses.toString() }
}

const HELLO = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }

const call = (id: string, name: string, input: string): Part => ({ type: 'tool-call', id, name, input, cache: null })
const result = (callId: string, name: string, text: string, isError = false): Part => ({
  type: 'tool-result',
  callId,
  name,
  content: [textPart(text)],
  isError,
  cache: null
})

describe('a whole request of Gemini', () => {
  const whole = decoded(jsonFixture('request.json'))

  test('has its system prompt in order', () => {
    expect(whole.system).toEqual([textPart('You are terse.'), textPart('Answer in English.')])
  })

  test('has its turns: text, media, thoughts, calls with made ids, and results by id or in order', () => {
    const zurich = callIdOf(1, 2, 'weather')
    const paris = callIdOf(1, 3, 'weather')
    expect(whole.turns).toMatchObject([
      { role: 'user', parts: [textPart('What is on these?'), { type: 'media' }, { type: 'media', media: 'document' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'I should look.', signature: null },
          { type: 'reasoning', text: '', signature: { maker: 'gemini', value: 'RXBFZ0NvNGc=' } },
          call('call_a', 'look', '{"at":"report","pages":[1,2]}'),
          call(zurich, 'weather', '{"city":"Zürich"}'),
          call(paris, 'weather', '{"city":"Paris"}')
        ]
      },
      {
        role: 'user',
        parts: [
          result(zurich, 'weather', '7 °C'),
          {
            type: 'tool-result',
            callId: 'call_a',
            content: [textPart('{"text":"a chart","pages":2}'), { type: 'media', media: 'image' }]
          },
          result(paris, 'weather', 'no such city', true)
        ]
      },
      {
        role: 'assistant',
        parts: [{ type: 'reasoning', text: '', signature: { value: 'QmVmb3Jl' } }, textPart('A chart.')]
      },
      { role: 'user', parts: [textPart('Thanks.')] }
    ])
  })

  test('has its tools, limits, sampling and wishes', () => {
    expect(whole.tools).toMatchObject([
      { name: 'look', parameters: { required: ['at'] } },
      { name: 'weather', parameters: { properties: { days: { type: 'integer', enum: [1, 7] } } } },
      { name: 'now' },
      { kind: 'hosted', tool: 'web_search' }
    ])
    expect(whole).toMatchObject({
      toolChoice: { kind: 'auto' },
      parallelTools: null,
      maxTokens: 1024,
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        seed: 7,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        stop: ['END']
      },
      reasoning: { kind: 'budget', tokens: 8192, shown: true },
      format: null,
      serviceTier: 'default'
    })
  })

  test('tells what only Gemini can do', () => {
    expect(whole.lost.split(/, (?![^(]*\))/)).toEqual([
      'safety (safetySettings)',
      'metadata (labels)',
      'modalities (2: speechConfig, IMAGE)',
      'parameter (futureOption)',
      'choices',
      'logprobs',
      'hosted_tool (googleMaps)'
    ])
  })
})

describe('a request of Gemini', () => {
  test('in proto names says the same', () => {
    const read = decoded(jsonFixture('request-snake.json'))
    const id = callIdOf(1, 0, 'look')
    expect(read).toMatchObject({
      system: [textPart('You are terse.')],
      turns: [
        {
          role: 'user',
          parts: [textPart('Look.'), { type: 'media', mimeType: 'image/png', source: { data: 'iVBORw0KGgo/+A==' } }]
        },
        {
          role: 'assistant',
          parts: [{ type: 'reasoning', signature: { value: 'RXBFZ0NvNGc=' } }, call(id, 'look', '{}')]
        },
        { role: 'user', parts: [result(id, 'look', 'a chart')] }
      ],
      tools: [
        {
          name: 'look',
          parameters: {
            properties: {
              a_list: { type: 'array', items: { type: 'string' }, minItems: 1 },
              either: { anyOf: [{ type: 'string' }, { type: 'number' }] }
            }
          }
        },
        { name: 'other' },
        { kind: 'hosted', blockedDomains: ['example.com'] }
      ],
      toolChoice: { kind: 'tool', name: 'look' },
      maxTokens: 100,
      sampling: { topK: 3, stop: ['END'] },
      reasoning: { kind: 'effort', effort: 'low', shown: false },
      format: { kind: 'json' },
      serviceTier: 'flex',
      lost: ''
    })
  })

  test('of Gemini CLI’s router asks for JSON of its schema', () => {
    expect(decoded(jsonFixture('request-gemini-cli.json'))).toMatchObject({
      system: [textPart('You are a task router.')],
      maxTokens: 1024,
      sampling: { temperature: 0, topP: 1 },
      reasoning: { kind: 'budget', tokens: 512, shown: null },
      format: { kind: 'schema', name: 'response', schema: { required: ['reasoning', 'model_choice'] }, strict: null },
      lost: ''
    })
  })

  test('can be the one whose tokens are counted', () => {
    expect(decoded({ generateContentRequest: { model: 'models/x', ...HELLO } }).turns).toHaveLength(1)
  })

  test('without contents is the client’s fault', () => {
    for (const body of [{}, { contents: [] }, { contents: 'x' }, { contents: [{ parts: [] }] }]) {
      expect(() => decoded(body)).toThrow(UnreadableRequest)
    }
  })

  test('may speak in the middle as system, and as function', () => {
    const { turns } = decoded({
      contents: [
        ...HELLO.contents,
        { role: 'system', parts: [{ text: 'Be brief' }] },
        { role: 'function', parts: [{ text: 'x' }] }
      ]
    })
    expect(turns.map(({ role }) => role)).toEqual(['user', 'system', 'user'])
  })

  test.each<[string, JsonObject, OutputFormat['kind'] | undefined, string]>([
    ['JSON', { responseMimeType: 'application/json' }, 'json', ''],
    ['text', { responseMimeType: 'text/plain' }, undefined, ''],
    [
      'one of a list',
      { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING' } },
      undefined,
      'json_schema (text/x.enum)'
    ],
    ['a schema of OpenAPI', { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } }, 'schema', ''],
    [
      'the newer form',
      { responseFormat: [{ text: { mimeType: 'APPLICATION_JSON', schema: { type: 'object' } } }] },
      'schema',
      ''
    ],
    ['the newer form without a schema', { responseFormat: { text: { mimeType: 'application/json' } } }, 'json', '']
  ])('can want %s', (_name, generationConfig, kind, lost) => {
    const read = decoded({ ...HELLO, generationConfig })
    expect(read.format?.kind).toBe(kind)
    expect(read.lost).toBe(lost)
  })

  test('asks in words for one of a list, since no other vendor can be held to it', () => {
    const responseSchema = { type: 'STRING', enum: ['red', 'blue'] }
    const read = decoded({ ...HELLO, generationConfig: { responseMimeType: 'text/x.enum', responseSchema } })
    expect(read.system.at(-1)?.text).toMatch(/exactly one[^]*red\nblue$/)
  })

  test('B14 has no signature where Google’s stand-in is', () => {
    const { turns } = decoded({
      contents: [{ role: 'model', parts: [{ functionCall: { name: 'f' }, thoughtSignature: STAND_IN }] }]
    })
    expect(turns[0]?.parts).toEqual([call(callIdOf(0, 0, 'f'), 'f', '{}')])
  })

  test('has results that find no call keep their own id and name', () => {
    const { turns } = decoded({
      contents: [
        { role: 'model', parts: [{ functionCall: { id: 'old', name: 'f' } }] },
        ...HELLO.contents,
        { role: 'model', parts: [{ functionCall: { id: 'new', name: 'g' } }] },
        {
          parts: [
            { functionResponse: { id: 'other', name: 'f', response: { output: 'a' } } },
            { functionResponse: { name: 'f', response: { output: 'b' } } },
            { functionResponse: { id: 'unknown', name: 'g', response: { output: 'c' } } }
          ]
        }
      ]
    })
    expect(turns.at(-1)?.parts).toEqual([
      result('other', 'f', 'a'),
      result(callIdOf(3, 1, 'f'), 'f', 'b'),
      result('new', 'g', 'c')
    ])
  })

  test('has calls of the model and responses of the user only', () => {
    const misplaced = decoded({
      contents: [
        { parts: [{ text: 'x' }, { functionCall: { name: 'f' } }] },
        { role: 'model', parts: [{ functionResponse: { name: 'f', response: {} } }] }
      ]
    })
    expect(misplaced.turns).toEqual([{ role: 'user', parts: [textPart('x')] }])
    expect(misplaced.lost).toBe('history (2: functionCall, functionResponse)')
  })

  test('tells what of its history nobody else can be told', () => {
    const { turns, lost } = decoded({
      contents: [
        { parts: [{ text: 'x' }, { fileData: { fileUri: 'gs://b/a.png' } }, { futurePart: {} }, { text: '' }] },
        {
          role: 'model',
          parts: [
            { executableCode: { code: '1' }, thoughtSignature: 'UA==' },
            { codeExecutionResult: { output: '1' } },
            { toolCall: { toolType: 'GOOGLE_SEARCH_WEB' } }
          ]
        },
        { parts: [{ inlineData: { mimeType: 'video/mp4', data: 'AA' }, videoMetadata: { fps: 1 } }] }
      ],
      systemInstruction: { parts: [{ inlineData: {} }] },
      toolConfig: { retrievalConfig: { latLng: { latitude: 52.5, longitude: 13.4 }, languageCode: 'de' } },
      cachedContent: 'cachedContents/1'
    })
    expect(turns.map(({ parts }) => parts.map(({ type }) => type))).toEqual([['text', 'text'], ['media']])
    expect(lost.split(/, (?![^(]*\))/)).toEqual([
      'file_id (2: gs://b/a.png, cachedContent)',
      'history (2: futurePart, a system instruction that is no text)',
      'hosted_history (3: executableCode, codeExecutionResult, toolCall)',
      'parameter (3: videoMetadata, retrievalConfig.latLng, retrievalConfig.languageCode)'
    ])
  })

  test('of any shape is read or refused, and nothing else happens', () => {
    const whole: unknown = jsonFixture('request.json')
    const odd = fc.constantFrom<unknown>(null, 7, 'x', [], {}, [null], [[]], { parts: 1 }, true)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), odd), { maxLength: 8 }), (wounds) => {
        const body = wounded(whole, wounds)
        if (!isObject(body)) return
        try {
          decodeRequest(body, new Losses())
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableRequest)
        }
      }),
      { numRuns: 500 }
    )
  })
})

/** The same JSON with other values in some places. */
function wounded(json: unknown, wounds: readonly (readonly [number, unknown])[]): unknown {
  return wounds.reduce<unknown>((left, [place, value]) => {
    const text = JSON.stringify({ left })
    const places = text.match(/[:,[]/g)?.length ?? 1
    let count = 0
    const made = JSON.parse(text, (_key, member: unknown) => (count++ === place % places ? value : member))
    return isObject(made) ? made['left'] : made
  }, json)
}
