import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asked, builtOf, eventsOfText, fixture, THOUGHTS } from '../../../../test/support/translation/gemini'
import type { AnswerEvent, Finish } from '../canonical-answer'
import { createStreamEncoder } from './encode-stream'

const usage = { input: 5, cacheRead: 4, cacheWrite: 0, cacheWrite1h: 0, output: 5, reasoning: 2 }
const finish: Finish = { reason: 'tool_calls', stopSequence: null, usage }

const EVENTS: readonly AnswerEvent[] = [
  { type: 'start', id: 'msg_1', usage: null },
  { type: 'reasoning', text: 'think' },
  { type: 'signature', signature: { maker: 'anthropic', value: 'Er' } },
  { type: 'reasoning-end' },
  { type: 'text', text: 'Hel' },
  { type: 'text', text: 'lo' },
  { type: 'text-end' },
  { type: 'tool-start', id: 'toolu_1', name: 'f' },
  { type: 'tool-input', json: '{"a":' },
  { type: 'tool-input', json: '[1]}' },
  { type: 'tool-end' },
  { type: 'tool-start', id: 'toolu_2', name: 'g' },
  { type: 'tool-end' },
  { type: 'finish', finish },
  { type: 'end' }
]

function written(events: readonly AnswerEvent[], framing: 'sse' | 'json-array' = 'sse', body = {}): readonly string[] {
  const encoder = createStreamEncoder(asked(body), framing)
  return events.map((event) => encoder.push(event))
}

const words = fc.string({ minLength: 1, unit: 'grapheme' })
const part: fc.Arbitrary<readonly AnswerEvent[]> = fc.oneof(
  fc
    .array(words, { minLength: 1, maxLength: 3 })
    .map((texts) => texts.map((text) => ({ type: 'text' as const, text }))),
  words.map((text) => [{ type: 'reasoning' as const, text }]),
  fc.constantFrom('anthropic' as const, 'gemini' as const).map((maker) => [
    { type: 'reasoning' as const, text: 'think' },
    { type: 'signature' as const, signature: { maker, value: 'RXBF' } }
  ]),
  fc
    .tuple(fc.uuid(), fc.dictionary(fc.string(), fc.jsonValue()))
    .map(([id, input]) => [
      { type: 'tool-start' as const, id, name: 'f' },
      { type: 'tool-input' as const, json: JSON.stringify(input) },
      { type: 'tool-end' as const }
    ])
)

/** Neighbouring texts are one in Gemini, and so are neighbouring thoughts without a signature between them. */
const apart = (parts: readonly (readonly AnswerEvent[])[]): readonly (readonly AnswerEvent[])[] =>
  parts.filter((events, index) => index === 0 || events[0]?.type !== parts[index - 1]?.at(-1)?.type)

const json = (text: string): unknown => JSON.parse(text.slice('data: '.length))

describe('a stream for a client of Gemini', () => {
  test('is data alone, text with its event, a call whole at its end, and the stop reason at the very end', () => {
    const pieces = written(EVENTS, 'sse', THOUGHTS)
    for (const piece of pieces) expect(piece).toMatch(/^(?:data: .*\r\n\r\n)*$/)
    expect(pieces.map((piece) => piece !== '')).toEqual(
      EVENTS.map(({ type }, index) => ['reasoning', 'text', 'tool-end', 'end'].includes(type) && index > 0)
    )
    expect(pieces.filter((piece) => piece !== '').map(json)).toMatchObject([
      { candidates: [{ content: { parts: [{ text: 'think', thought: true }] } }], responseId: 'msg_1' },
      { candidates: [{ content: { role: 'model', parts: [{ text: 'Hel' }] } }] },
      { candidates: [{ content: { parts: [{ text: 'lo' }] } }], modelVersion: 'gemini-client' },
      { candidates: [{ content: { parts: [{ functionCall: { id: 'toolu_1', name: 'f', args: { a: [1] } } }] } }] },
      { candidates: [{ content: { parts: [{ functionCall: { id: 'toolu_2', name: 'g', args: {} } }] } }] },
      {
        candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 2 }
      }
    ])
    expect(pieces.slice(0, -1).join('')).not.toMatch(/finishReason|usageMetadata|\[DONE\]/)
  })

  test('read back tells the same', () => {
    expect(builtOf(eventsOfText(written(EVENTS, 'sse', THOUGHTS).join('')))).toEqual(builtOf(EVENTS))
    for (const name of ['text', 'tool', 'thinking', 'length', 'search']) {
      const events = eventsOfText(fixture(`stream-${name}.sse`))
      const again = eventsOfText(written(events, 'sse', THOUGHTS).join(''))
      const plain = (told: readonly AnswerEvent[]): string =>
        JSON.stringify(builtOf(told)).replaceAll(/call_[0-9a-f]{24}/g, 'new')
      expect(plain(again), name).toBe(plain(events))
    }
  })

  test('of any parts, read back in any framing, tells the same', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom('sse', 'json-array'), (parts, framing) => {
        const events: AnswerEvent[] = [
          { type: 'start', id: 'x', usage: null },
          ...apart(parts).flat(),
          ...EVENTS.slice(-2)
        ]
        const again = eventsOfText(written(events, framing, THOUGHTS).join(''), framing)
        expect(builtOf(again)).toEqual({ ...builtOf(events), finish: builtOf(again).finish })
        expect(again.at(-1)).toEqual({ type: 'end' })
      }),
      { numRuns: 300 }
    )
  })

  test('as an array is one JSON text in pieces, and says the same', () => {
    const whole = written(EVENTS, 'json-array', THOUGHTS).join('')
    expect(JSON.parse(whole)).toHaveLength(6)
    expect(builtOf(eventsOfText(whole, 'json-array'))).toEqual(builtOf(EVENTS))
    expect(JSON.parse(written([{ type: 'end' }], 'json-array').join(''))).toHaveLength(1)
  })

  test('has no thoughts for a client that did not ask for any', () => {
    const whole = written(EVENTS).join('')
    expect(whole).not.toContain('think')
    expect(eventsOfText(whole)[1]).toMatchObject({ signature: { maker: 'anthropic', value: 'Er' } })
  })

  test('B25 is kept alive by a bare blank line, between the elements of an array too', () => {
    const encoder = createStreamEncoder(asked(), 'json-array')
    const pieces = EVENTS.flatMap((event) => [encoder.keepAlive(), encoder.push(event)])
    expect(encoder.keepAlive()).toBe('\n')
    expect(JSON.parse(pieces.join(''))).toHaveLength(5)
  })

  test('B02 that breaks ends cleanly without a stop reason, its array closed', () => {
    for (let count = 0; count < EVENTS.length; count++) {
      const encoders = (['sse', 'json-array'] as const).map((framing) => createStreamEncoder(asked(), framing))
      const [sse = '', array = ''] = encoders.map((encoder) => {
        const pieces = EVENTS.slice(0, count).map((event) => encoder.push(event))
        const ending = encoder.broken({ message: 'gone', code: null, type: null })
        expect(ending.kind).toBe('end')
        return pieces.join('') + (ending.kind === 'end' ? ending.bytes.toString() : '')
      })
      expect(sse, `after ${count}`).not.toContain('finishReason')
      expect(JSON.parse(array), `after ${count}`).toBeInstanceOf(Array)
      const begun = EVENTS.slice(0, count).filter(({ type }) => type === 'tool-end').length
      expect(sse.split('functionCall').length - 1).toBe(begun)
    }
  })

  test('B02 has no call whose arguments were cut, and says so', () => {
    const cut: readonly AnswerEvent[] = [
      ...EVENTS.slice(0, 9),
      { type: 'finish', finish: { ...finish, reason: 'stop' } },
      { type: 'end' }
    ]
    const whole = written(cut).join('')
    expect(whole).not.toContain('"functionCall"')
    expect(whole).toContain('"finishReason":"MALFORMED_FUNCTION_CALL"')
  })

  test('ends a call with the next part where nothing else does', () => {
    const parts = written([...EVENTS.slice(0, 1), ...EVENTS.slice(7, 10), { type: 'text', text: 'x' }])
    expect(json(parts.at(-1) ?? '')).toMatchObject({
      candidates: [{ content: { parts: [{ functionCall: { args: { a: [1] } } }, { text: 'x' }] } }]
    })
  })
})
