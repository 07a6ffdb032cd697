import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  builtOf,
  eventsOfBytes,
  eventsOfText,
  fixture,
  withoutNewIds
} from '../../../../test/support/translation/gemini'
import type { AnswerEvent } from '../canonical-answer'
import { decodeAnswer } from './decode-answer'

const STREAMS = [
  'stream-text',
  'stream-length',
  'stream-tool',
  'stream-parallel',
  'stream-thinking',
  'stream-blocked',
  'stream-safety',
  'stream-search',
  'stream-code'
] as const
const read = (name: (typeof STREAMS)[number]) => fixture(`${name}.sse`)

const types = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)
/** Ids that are made anew are the same in no two readings. */
const withoutIds = (events: readonly AnswerEvent[]): string =>
  JSON.stringify(events).replaceAll(/call_[0-9a-f]{24}/g, 'new')

const chunk = (parts: readonly unknown[], more: Record<string, unknown> = {}): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts }, ...more }] })}\n\n`

describe('a stream of Gemini', () => {
  test.each([
    ['{"city":"Bern"}', '{"city":"Bern"}'],
    [{ city: 'Bern' }, '{"city":"Bern"}'],
    ['', '{}'],
    [undefined, '{}']
  ])('a call’s arguments %j may be JSON text', (args, json) => {
    const events = eventsOfText(chunk([{ functionCall: { name: 'f', args } }], { finishReason: 'STOP' }))
    expect(events).toContainEqual({ type: 'tool-input', json })
  })

  test('hands text on with the event it came in, and ends with the last stop reason and usage', () => {
    expect(eventsOfText(read('stream-text'))).toEqual([
      { type: 'start', id: 'vQRpaqzAPN2M9MoPxPq2uQ4', usage: null },
      { type: 'text', text: '渠道 ' },
      { type: 'text', text: '"ok" ' },
      { type: 'text', text: '🎉' },
      {
        type: 'finish',
        finish: {
          reason: 'stop',
          stopSequence: null,
          usage: { input: 5, cacheRead: 4, cacheWrite: 0, cacheWrite1h: 0, output: 5, reasoning: 0 }
        }
      },
      { type: 'end' }
    ])
    expect(eventsOfText(read('stream-length')).at(-2)).toMatchObject({ finish: { reason: 'length' } })
  })

  test('has calls one after the other, each whole, with the signature before the first', () => {
    const events = eventsOfText(read('stream-parallel'))
    expect(types(events)).toEqual([
      'start',
      'text',
      'signature',
      ...['tool-start', 'tool-input', 'tool-end'],
      ...['tool-start', 'tool-input', 'tool-end'],
      ...['tool-start', 'tool-input', 'tool-end'],
      'finish',
      'end'
    ])
    expect(builtOf(events).parts).toMatchObject([
      { text: 'Two calls.' },
      { signature: { value: 'RXBFZ0NvNGc=' } },
      { id: 'fc_1', input: '{"city":"Paris"}' },
      { id: 'fc_2', input: '{"city":"Tokyo","days":[1,2]}' },
      { name: 'now', input: '{}' }
    ])
    expect(events.at(-2)).toMatchObject({ finish: { reason: 'tool_calls' } })
  })

  test('has thoughts first, and the signature of an empty last text behind the text', () => {
    expect(types(eventsOfText(read('stream-thinking')))).toEqual([
      'start',
      'reasoning',
      'reasoning',
      'text',
      'signature',
      'finish',
      'end'
    ])
    expect(eventsOfText(read('stream-thinking')).at(-2)).toMatchObject({
      finish: { usage: { output: 53, reasoning: 52 } }
    })
  })

  test('keeps text in one piece when a signature comes with its middle', () => {
    const events = eventsOfText(
      chunk([{ text: 'a' }]) + chunk([{ text: 'b', thoughtSignature: 'A' }], { finishReason: 'STOP' })
    )
    expect(types(events)).toEqual(['start', 'text', 'text', 'signature', 'finish', 'end'])
  })

  test('that was declined, before or in the middle, ends as a refusal', () => {
    expect(eventsOfText(read('stream-blocked'))).toMatchObject([
      { type: 'start' },
      { type: 'finish', finish: { reason: 'refusal', usage: { input: 9, output: 0 } } },
      { type: 'end' }
    ])
    expect(builtOf(eventsOfText(read('stream-safety')))).toMatchObject({
      parts: [{ text: 'First, ' }, { type: 'refusal', text: 'The answer was stopped by a filter.' }],
      finish: { reason: 'refusal' }
    })
  })

  test('cites while the text is open, and tells of code and of searches', () => {
    expect(types(eventsOfText(read('stream-search')))).toEqual([
      'start',
      'text',
      'citation',
      'citation',
      'text',
      'hosted-call',
      'finish',
      'end'
    ])
    expect(builtOf(eventsOfText(read('stream-code'))).parts).toMatchObject([
      { type: 'hosted-call', tool: 'code_execution', input: 'print(6*7)', output: '42\n' },
      { type: 'text', text: '42' }
    ])
  })

  test.each(STREAMS)('says what the same answer says whole: %s', (name) => {
    const chunks = read(name)
      .split('\r\n\r\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text.slice('data: '.length)) as Record<string, unknown>)
    const streamed = builtOf(eventsOfText(read(name)))
    expect(withoutNewIds(streamed)).toEqual(withoutNewIds(decodeAnswer(joined(chunks))))
  })

  test('that was to be a call and came to nothing has no end', () => {
    expect(types(eventsOfText(fixture('stream-malformed.sse')))).toEqual(['start'])
  })

  test('with a stop reason in every chunk, or with OpenAI’s end, ends once', () => {
    const stop = { finishReason: 'STOP' }
    const events = eventsOfText(`${chunk([{ text: 'a' }], stop)}${chunk([{ text: 'b' }], stop)}data: [DONE]\n\n`)
    expect(types(events)).toEqual(['start', 'text', 'text', 'finish', 'end'])
  })

  test('B02 with what can’t be read right goes on no further and has no end', () => {
    for (const broken of [{ functionCall: { args: {} } }, { functionCall: { name: 'f', willContinue: true } }]) {
      const events = eventsOfText(chunk([{ text: 'a' }, broken, { text: 'b' }]) + chunk([], { finishReason: 'STOP' }))
      expect(types(events)).toEqual(['start', 'text'])
    }
  })
})

/** The chunks of a stream as the one response of an unstreamed call. */
function joined(chunks: readonly Record<string, unknown>[]): Record<string, unknown> {
  const candidates = chunks.flatMap(({ candidates: list }) => (list ?? []) as Record<string, unknown>[])
  const parts = candidates.flatMap(({ content }) => (content as { parts: unknown[] } | undefined)?.parts ?? [])
  return { ...together(chunks), candidates: [{ ...together(candidates), content: { parts } }] }
}

const together = (objects: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(objects.flatMap(Object.entries))

describe('B21 a stream of Gemini', () => {
  const positions = fc.array(fc.nat(), { maxLength: 40 })
  const name = fc.constantFrom(...STREAMS)

  function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
    const sorted = [0, ...at.map((position) => position % bytes.length), bytes.length].sort((a, b) => a - b)
    return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
  }

  test('cut at any bytes, in either framing, tells the same', () => {
    fc.assert(
      fc.property(name, positions, (stream, at) => {
        const text = read(stream)
        const whole = withoutIds(eventsOfText(text))
        expect(withoutIds(eventsOfBytes(cut(Buffer.from(text), at)))).toBe(whole)
        const elements = text
          .trim()
          .split('\r\n\r\n')
          .map((one) => one.slice('data: '.length))
        const array = Buffer.from(`[${elements.join(',\r\n')}\n]`)
        expect(withoutIds(eventsOfBytes(cut(array, at), 'json-array'))).toBe(whole)
      }),
      { numRuns: 150 }
    )
  })

  test('B02 that is cut off before its stop reason never ends', () => {
    for (const stream of STREAMS) {
      const events = read(stream).split(/(?<=\r\n\r\n)/)
      for (let count = 0; count < events.length; count++) {
        const told = types(eventsOfText(events.slice(0, count).join('')))
        expect(told, `${stream} after ${count}`).not.toContain('end')
        expect(told.filter((type) => type === 'tool-start')).toHaveLength(
          told.filter((type) => type === 'tool-end').length
        )
      }
    }
  })

  test('B02 with damaged bytes never throws, and calls have whole input', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom('"', '{', '}', '\n\n', 'null', ',', '\0')), {
      maxLength: 5
    })
    fc.assert(
      fc.property(name, damage, fc.nat(), (stream, wounds, end) => {
        let text = read(stream)
        for (const [place, what] of wounds) {
          const at = place % text.length
          text = text.slice(0, at) + what + text.slice(at + 1)
        }
        const events = eventsOfText(text.slice(0, end % 3 === 0 ? undefined : end % text.length))
        for (const event of events) if (event.type === 'tool-input') expect(JSON.parse(event.json)).toBeTypeOf('object')
        expect(types(events).filter((type) => type === 'end').length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 400 }
    )
  })
})
