import { describe, expect, test } from 'vitest'
import {
  asked,
  builtOf,
  eventsOfText,
  fixture,
  jsonFixture,
  THOUGHTS
} from '../../../../test/support/translation/gemini'
import type { Answer, AnswerPart, Finish } from '../canonical-answer'
import { textPart } from './content'
import { decodeAnswer } from './decode-answer'
import { encodeAnswer } from './encode-answer'

const finish = (more: Partial<Finish> = {}): Finish => ({ reason: 'stop', stopSequence: null, usage: null, ...more })

function encoded(parts: readonly AnswerPart[], more: Partial<Finish> = {}, body: Record<string, unknown> = THOUGHTS) {
  const answer: Answer = { id: 'msg_1', parts, finish: finish(more) }
  return JSON.parse(JSON.stringify(encodeAnswer(answer, asked(body)))) as Record<string, unknown>
}

const call = (id: string, input: string): AnswerPart => ({ type: 'tool-call', id, name: 'f', input, cache: null })

describe('a whole answer for a client of Gemini', () => {
  test('has its parts, stop reason and usage, and names the model as it was asked for', () => {
    const usage = { input: 20, cacheRead: 100, cacheWrite: 0, cacheWrite1h: 0, output: 42, reasoning: 12 }
    const parts: AnswerPart[] = [
      { type: 'reasoning', text: 'think', signature: null },
      textPart('Hello'),
      call('toolu_1', '{"a":1}'),
      call('toolu_2', '')
    ]
    expect(encoded(parts, { reason: 'tool_calls', usage })).toEqual({
      candidates: [
        {
          index: 0,
          content: {
            role: 'model',
            parts: [
              { text: 'think', thought: true },
              { text: 'Hello' },
              { functionCall: { id: 'toolu_1', name: 'f', args: { a: 1 } } },
              { functionCall: { id: 'toolu_2', name: 'f', args: {} } }
            ]
          },
          finishReason: 'STOP'
        }
      ],
      usageMetadata: {
        promptTokenCount: 120,
        cachedContentTokenCount: 100,
        candidatesTokenCount: 30,
        thoughtsTokenCount: 12,
        totalTokenCount: 162
      },
      modelVersion: 'gemini-client',
      responseId: 'msg_1'
    })
  })

  test('shows thoughts only to a client that asked for them, and signs all the same', () => {
    const parts: AnswerPart[] = [
      { type: 'reasoning', text: 'think', signature: { maker: 'anthropic', value: 'Er' } },
      call('1', '{}')
    ]
    const shown = encoded(parts)
    expect(JSON.stringify(shown)).toContain('"thought":true')
    const hidden = encoded(parts, {}, {})
    expect(JSON.stringify(hidden)).not.toContain('think')
    for (const body of [shown, hidden]) {
      expect(decodeAnswer(body).parts).toMatchObject([
        { type: 'reasoning', signature: { maker: 'anthropic', value: 'Er' } },
        { type: 'tool-call', id: '1' }
      ])
    }
  })

  test('has a signature that nothing follows, and two in a row, in empty texts', () => {
    const sign = (value: string): AnswerPart => ({ type: 'reasoning', text: '', signature: { maker: 'gemini', value } })
    expect(encoded([sign('A'), sign('B'), textPart('x'), sign('C')])).toMatchObject({
      candidates: [
        {
          content: {
            parts: [
              { text: '', thoughtSignature: 'A' },
              { text: 'x', thoughtSignature: 'B' },
              { text: '', thoughtSignature: 'C' }
            ]
          }
        }
      ]
    })
  })

  test('that says nothing has an empty text, as Gemini’s last chunk has', () => {
    expect(encoded([])).toMatchObject({ candidates: [{ content: { role: 'model', parts: [{ text: '' }] } }] })
  })

  test('that was declined says why', () => {
    expect(encoded([{ type: 'refusal', text: 'I can’t.' }], { reason: 'refusal' })).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'I can’t.' }] }, finishReason: 'SAFETY' }]
    })
  })

  test('has no call whose input is no JSON object: its model did not make it', () => {
    expect(encoded([textPart('x'), call('1', '{"a":')], { reason: 'tool_calls' })).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'MALFORMED_FUNCTION_CALL' }]
    })
    expect(encoded([call('1', '{"a":')], { reason: 'length' })).toMatchObject({
      candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'MAX_TOKENS' }]
    })
  })

  test('tells what was cited, searched, fetched and run', () => {
    const cited = { url: 'https://a.example', title: 'a', quote: 'words' }
    const hosted = { type: 'hosted-call', id: '1', sources: [], output: null } as const
    expect(
      encoded([
        { ...hosted, tool: 'web_search', input: 'q', sources: [cited] },
        textPart('Zürich: '),
        { ...textPart('7 °C'), citations: [cited] },
        { ...hosted, tool: 'web_fetch', input: 'https://b.example' },
        { ...hosted, tool: 'code_execution', input: 'print(1)', output: '1' }
      ])
    ).toMatchObject({
      candidates: [
        {
          content: {
            parts: [
              { text: 'Zürich: ' },
              { text: '7 °C' },
              { executableCode: { language: 'PYTHON', code: 'print(1)' } },
              { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }
            ]
          },
          groundingMetadata: {
            webSearchQueries: ['q'],
            groundingChunks: [{ web: { uri: 'https://a.example', title: 'a' } }],
            groundingSupports: [{ segment: { startIndex: 9, endIndex: 14 }, groundingChunkIndices: [0] }]
          },
          urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'https://b.example' }] }
        }
      ]
    })
  })

  test('has an id of its own where the upstream has none', () => {
    const body = encodeAnswer({ id: '', parts: [], finish: finish() }, asked())
    expect(body['responseId']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('read back is the same', () => {
    const whole = decodeAnswer(jsonFixture('answer.json'))
    expect(decodeAnswer(encodeAnswer(whole, asked(THOUGHTS)))).toEqual(whole)
    for (const name of ['text', 'tool', 'thinking', 'length']) {
      const built = builtOf(eventsOfText(fixture(`stream-${name}.sse`)))
      expect(decodeAnswer(encodeAnswer(built, asked(THOUGHTS))), name).toEqual(built)
    }
  })
})
