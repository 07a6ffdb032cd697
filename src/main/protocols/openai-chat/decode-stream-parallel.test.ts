import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerOf,
  callDelta,
  decodeChunks,
  decodeStream,
  delta,
  finishOf,
  inputsOf,
  isWhole,
  sse,
  stopped,
  typesOf
} from '../../../../test/support/translation/chat-fixtures'
import type { AnswerEvent } from '../canonical-answer'

const start = (index: number, name: string, json = '') => ({
  index,
  id: `c${index}`,
  type: 'function',
  function: { name, arguments: json }
})
const piece = (index: number, json: string) => ({ index, function: { arguments: json } })
const calls = (...entries: readonly object[]): object => delta({ tool_calls: entries })
const BASH = ['Bash', '{"command":"ls"}'] as const
const TWO = ['Two', '{"n":1}'] as const

describe('parallel calls whose pieces are mixed', () => {
  test.each<[string, readonly object[]]>([
    ['begun in one delta', [calls(start(0, 'Bash'), start(1, 'Two'))]],
    ['begun in two deltas', [calls(start(0, 'Bash')), calls(start(1, 'Two'))]]
  ])('%s are whole, and in order', (_name, begun) => {
    const events = decodeChunks(...begun, calls(piece(0, BASH[1])), calls(piece(1, TWO[1])), stopped('tool_calls'))
    expect(inputsOf(events)).toEqual([BASH, TWO])
    expect(typesOf(events).slice(-4)).toEqual(['tool-input', 'tool-end', 'finish', 'end'])
  })

  test('are handed on as they come of the first, and of the next when it is in front', () => {
    const events = decodeStream(
      sse(
        [
          calls(start(0, 'Bash', '{"comm'), start(1, 'Two', '{"n"')),
          calls(piece(0, 'and":"ls"}')),
          calls(piece(1, ':')),
          calls(piece(1, '1'))
        ],
        false
      )
    )
    expect(events.slice(1)).toEqual([
      { type: 'tool-start', id: 'c0', name: 'Bash' },
      { type: 'tool-input', json: '{"comm' },
      { type: 'tool-input', json: 'and":"ls"}' },
      { type: 'tool-end' },
      { type: 'tool-start', id: 'c1', name: 'Two' },
      { type: 'tool-input', json: '{"n"' },
      { type: 'tool-input', json: ':' },
      { type: 'tool-input', json: '1' }
    ])
  })

  test('have no arguments only where the answer is whole', () => {
    const begun = [calls(start(0, 'Bash')), calls(start(1, 'Two'))]
    expect(inputsOf(decodeChunks(...begun, stopped('tool_calls')))).toEqual([
      ['Bash', '{}'],
      ['Two', '{}']
    ])
    expect(isWhole(decodeChunks(...begun))).toBe(false)
    expect(typesOf(decodeStream(sse(begun, false)))).not.toContain('tool-end')
  })

  test('that tokens ran out in are told up to the one that was cut', () => {
    const events = decodeChunks(
      calls(start(0, 'Bash', '{}'), start(1, 'Two', '{"n"'), start(2, 'Three', '{}')),
      stopped('length')
    )
    expect(inputsOf(events)).toEqual([
      ['Bash', '{}'],
      ['Two', '{"n"']
    ])
    expect(finishOf(events).reason).toBe('length')
    expect(inputsOf(decodeChunks(calls(start(0, 'Bash')), stopped('length')))).toEqual([])
  })

  test('without an index, or all with 0, are told apart by their ids', () => {
    for (const index of [undefined, 0]) {
      const of = (entry: object, id: string) => callDelta({ ...entry, id, index })
      const events = decodeChunks(
        of(start(0, 'Bash'), 'a'),
        of(start(0, 'Two'), 'b'),
        of(piece(0, BASH[1]), 'a'),
        of(piece(0, TWO[1]), 'b'),
        stopped('tool_calls')
      )
      expect(inputsOf(events)).toEqual([BASH, TWO])
    }
  })

  test('B21 are too much where more than 32 MiB of them wait', () => {
    const json = `{"x":"${'x'.repeat(17 * 1_048_576)}"}`
    const events = decodeChunks(
      calls(start(0, 'Bash')),
      calls(start(1, 'Two', json)),
      calls(start(2, 'Three', json)),
      calls(piece(0, '{}')),
      stopped('tool_calls')
    )
    expect(typesOf(events)).toEqual(['start'])
  }, 60_000)
})

describe('what is said between two pieces of a call', () => {
  test.each([
    ['reasoning', { reasoning_content: 'hm' }, 'reasoning'],
    ['text', { content: 'hm' }, 'text'],
    ['a refusal', { refusal: 'hm' }, 'refusal']
  ])('%s follows the call', (_name, said, type) => {
    const events = decodeChunks(
      calls(start(0, 'Bash', '{"comm')),
      delta(said),
      calls(piece(0, 'and":"ls"}')),
      stopped('tool_calls')
    )
    expect(inputsOf(events)).toEqual([BASH])
    expect(typesOf(events).slice(3)).toEqual(['tool-input', 'tool-end', type, 'finish', 'end'])
  })
})

describe('a name in pieces', () => {
  test.each<[string, readonly object[]]>([
    ['without the id', [callDelta(start(0, 'Ba')), callDelta({ index: 0, function: { name: 'sh' } })]],
    ['with the id', [callDelta(start(0, 'Ba')), callDelta(start(0, 'sh'))]],
    ['and once more whole', [callDelta(start(0, 'Bash')), callDelta(start(0, 'Bash'))]]
  ])('%s is one', (_name, begun) => {
    const events = decodeChunks(...begun, callDelta(piece(0, BASH[1])), stopped('tool_calls'))
    expect(inputsOf(events)).toEqual([BASH])
  })

  test('goes on in the delta that brings the arguments', () => {
    const last = { index: 0, function: { name: 'sh', arguments: BASH[1] } }
    expect(inputsOf(decodeChunks(callDelta(start(0, 'Ba')), callDelta(last), stopped('tool_calls')))).toEqual([BASH])
  })
})

describe('a call that is sent once more', () => {
  test('is one call, also behind others', () => {
    const [bash, two] = [start(0, ...BASH), start(1, ...TWO)]
    const events = decodeChunks(
      calls(bash),
      calls(two),
      calls(bash, two),
      delta({ content: 'x' }),
      stopped('tool_calls')
    )
    expect(inputsOf(events)).toEqual([BASH, TWO])
    expect(isWhole(events)).toBe(true)
  })

  test('with other arguments breaks the answer', () => {
    const events = decodeChunks(calls(start(0, ...BASH)), calls(start(0, 'Bash', '{"command":"rm"}')), stopped())
    expect(isWhole(events)).toBe(false)
  })
})

/** A call as it is meant, and the pieces that its arguments come in. */
interface Meant {
  readonly name: string
  readonly pieces: readonly string[]
}

const meant: fc.Arbitrary<Meant> = fc
  .record({
    name: fc.constantFrom('Bash', 'Read', 'Two'),
    input: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    cuts: fc.array(fc.nat(), { maxLength: 4 })
  })
  .map(({ name, input, cuts }) => {
    const json = JSON.stringify(input)
    const places = [...new Set(cuts.map((cut) => cut % json.length))].sort((a, b) => a - b)
    return { name, pieces: [0, ...places].map((from, at) => json.slice(from, places[at] ?? json.length)) }
  })

/** Each call's own chunks, in their order. `nameAt`: where its name is cut. */
const chunksOf = ({ name, pieces }: Meant, index: number, nameAt: number): readonly object[] => [
  callDelta(start(index, name.slice(0, nameAt))),
  ...(nameAt < name.length ? [callDelta({ index, function: { name: name.slice(nameAt) } })] : []),
  ...pieces.map((json) => callDelta(piece(index, json)))
]

/** Deals lanes of chunks into one stream; each lane keeps its order, and calls begin in theirs. */
function deal(lanes: readonly (readonly object[])[], turns: readonly number[]): readonly object[] {
  const rest = lanes.map((lane) => [...lane])
  const dealt: object[] = []
  for (const turn of turns) {
    const open = rest.filter(
      (lane, at) => lane.length > 0 && rest.slice(0, at).every((one, of) => one.length < (lanes[of]?.length ?? 0))
    )
    const next = open[turn % Math.max(open.length, 1)]?.shift()
    if (next !== undefined) dealt.push(next)
  }
  return [...dealt, ...rest.flat()]
}

const mixture = fc.record({
  wanted: fc.array(meant, { minLength: 1, maxLength: 4 }),
  nameAt: fc.integer({ min: 1, max: 4 }),
  said: fc.array(fc.constantFrom({ content: 'text' }, { reasoning_content: 'hm' }), { maxLength: 6 }),
  turns: fc.array(fc.nat(), { maxLength: 60 }),
  kept: fc.nat()
})

const saidIn = (events: readonly AnswerEvent[], type: 'text' | 'reasoning'): number =>
  events.filter((event) => event.type === type).length

describe('however the pieces of calls, text and reasoning are mixed', () => {
  test('the calls are the same as one after the other, and nothing is lost', () => {
    fc.assert(
      fc.property(mixture, ({ wanted, nameAt, said, turns }) => {
        const lanes = wanted.map((one, index) => chunksOf(one, index, nameAt))
        const chunks = deal(
          [said.map((one) => delta(one)), ...lanes].filter((lane) => lane.length > 0),
          turns
        )
        const events = decodeChunks(...chunks, stopped('tool_calls'))
        expect(inputsOf(events)).toEqual(wanted.map(({ name, pieces }) => [name, pieces.join('')]))
        expect(saidIn(events, 'text')).toBe(said.filter((one) => 'content' in one).length)
        expect(saidIn(events, 'reasoning')).toBe(said.filter((one) => 'reasoning_content' in one).length)
        expect(isWhole(events)).toBe(true)
        for (const part of answerOf(events).parts) if (part.type === 'tool-call') expect(part.id).toMatch(/^c\d$/)
      }),
      { numRuns: 300 }
    )
  })

  test('B02 no call ends that lacks a piece, wherever the stream is cut', () => {
    fc.assert(
      fc.property(mixture, ({ wanted, nameAt, said, turns, kept }) => {
        const lanes = [said.map((one) => delta(one)), ...wanted.map((one, index) => chunksOf(one, index, nameAt))]
        const chunks = deal(
          lanes.filter((lane) => lane.length > 0),
          turns
        )
        const events = decodeStream(sse(chunks.slice(0, kept % chunks.length), false))
        expect(typesOf(events)).not.toContain('end')
        const ended = typesOf(events).filter((type) => type === 'tool-end').length
        expect(inputsOf(events).slice(0, ended)).toEqual(
          wanted.slice(0, ended).map(({ name, pieces }) => [name, pieces.join('')])
        )
      }),
      { numRuns: 300 }
    )
  })
})
