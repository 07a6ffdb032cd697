import fc from 'fast-check'
import type { Answer, AnswerEvent, AnswerPart } from '../../../src/main/protocols/canonical-answer'
import { PROTOCOLS } from '../../../src/shared/protocol'

/** Answers that every client can be told. */

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
const count = fc.nat({ max: 1000 })
const base64 = fc.base64String({ minLength: 4, maxLength: 40 })

const citation = fc.record({ url: fc.webUrl(), title: fc.option(text), quote: fc.option(text) })

const part: fc.Arbitrary<AnswerPart> = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    text,
    cache: fc.constant(null),
    citations: fc.array(citation, { maxLength: 2 })
  }),
  fc.record({
    type: fc.constant('reasoning' as const),
    text,
    signature: fc.option(fc.record({ maker: fc.constantFrom(...PROTOCOLS), value: base64 }))
  }),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: fc.stringMatching(/^call_[a-z0-9]{8}$/),
    name: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
    input: fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.integer()))
      .map((input) => JSON.stringify(input)),
    cache: fc.constant(null)
  })
)

export const arbitraryAnswer: fc.Arbitrary<Answer> = fc
  .record({
    id: fc.stringMatching(/^msg_[a-z0-9]{8}$/),
    parts: fc.array(part, { maxLength: 6 }),
    usage: fc.record({ input: count, cacheRead: count, output: count, cacheWrite: count })
  })
  .map(({ id, parts, usage }) => ({
    id,
    parts,
    finish: {
      reason: parts.some(({ type }) => type === 'tool-call') ? ('tool_calls' as const) : ('stop' as const),
      stopSequence: null,
      usage: { ...usage, cacheWrite1h: 0, reasoning: 0 }
    }
  }))

/** The answer as a stream tells it, texts and inputs in pieces of so many characters. */
export function eventsOfAnswer({ id, parts, finish }: Answer, pieceLength: number): readonly AnswerEvent[] {
  return [
    { type: 'start', id, usage: null },
    ...parts.flatMap((one) => eventsOfPart(one, pieceLength)),
    { type: 'finish', finish },
    { type: 'end' }
  ]
}

function eventsOfPart(one: AnswerPart, length: number): readonly AnswerEvent[] {
  switch (one.type) {
    case 'text':
      return [
        ...pieces(one.text, length).map((piece) => ({ type: 'text', text: piece }) as const),
        ...one.citations.map((source) => ({ type: 'citation', citation: source }) as const),
        { type: 'text-end' }
      ]
    case 'reasoning':
      return [
        ...pieces(one.text, length).map((piece) => ({ type: 'reasoning', text: piece }) as const),
        one.signature === null ? { type: 'reasoning-end' } : { type: 'signature', signature: one.signature }
      ]
    case 'tool-call':
      return [
        { type: 'tool-start', id: one.id, name: one.name },
        ...pieces(one.input, length).map((json) => ({ type: 'tool-input', json }) as const),
        { type: 'tool-end' }
      ]
    case 'refusal':
      return [one]
    case 'media':
      return [{ type: 'media', media: one }]
    case 'hosted-call':
      return [{ type: 'hosted-call', call: one }]
  }
}

function pieces(whole: string, length: number): readonly string[] {
  const characters = Array.from(whole)
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, number) =>
    characters.slice(number * length, (number + 1) * length).join('')
  )
}
