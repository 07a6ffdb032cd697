import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  STREAMS,
  callDelta,
  decodeChunks,
  decodeStream,
  delta,
  finishOf,
  fixtureBytes,
  inputsOf,
  isWhole,
  sse,
  stopped
} from '../../../../test/support/translation/chat-fixtures'

describe('B02 a stream that lost something is never whole', () => {
  const first = callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })
  const text = `data: ${JSON.stringify(delta({ content: 'x' }))}\n\n`

  test.each<[string, readonly object[]]>([
    ['a call that stops in the middle', [first, stopped('tool_calls')]],
    ['a call that stops in the middle, without a reason', [first]],
    [
      'a call that stops in the middle before the next',
      [first, callDelta({ index: 1, id: 'b', function: { name: 'g' } }), stopped()]
    ],
    ['a call that stops in the middle before text', [first, delta({ content: 'x' }), stopped()]],
    [
      'a piece of a call that has ended',
      [
        callDelta({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
        callDelta({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }),
        callDelta({ index: 0, function: { arguments: '}' } }),
        stopped()
      ]
    ],
    [
      'arguments of a call without a name',
      [callDelta({ index: 0, id: 'a', function: { arguments: '{}' } }), stopped()]
    ],
    ['an error', [delta({ content: 'x' }), { error: { message: 'gone' } }, stopped()]]
  ])('%s', (_name, chunks) => {
    expect(isWhole(decodeChunks(...chunks))).toBe(false)
  })

  test('a line that is no JSON', () => {
    expect(isWhole(decodeStream(`${text}data: {"id":"c1","choi\n\n${sse([stopped()])}`))).toBe(false)
    expect(isWhole(decodeStream(`${text}data: \n\n${sse([stopped()])}`))).toBe(true)
  })

  test('a stream cut at any event', () => {
    for (const name of STREAMS) {
      const blocks = fixtureBytes(name).toString().split('\n\n').slice(0, -1)
      const stop = blocks.findIndex((block) => /"finish_reason":"/.test(block))
      for (let count = 0; count < blocks.length; count++) {
        const bytes = blocks
          .slice(0, count)
          .map((block) => `${block}\n\n`)
          .join('')
        expect(isWhole(decodeStream(bytes)), `${name} ${count}`).toBe(count > stop)
      }
    }
  })

  test('a stream cut at any byte before its reason to stop', () => {
    for (const name of STREAMS) {
      const bytes = fixtureBytes(name)
      const stop = bytes.indexOf('"finish_reason":"')
      for (let length = 0; length < stop; length += 7) {
        expect(isWhole(decodeStream(bytes.subarray(0, length)))).toBe(false)
      }
    }
  })

  test('bytes that were changed never leave a call that looks whole and is not', () => {
    const mutation = fc.record({
      name: fc.constantFrom(...STREAMS),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('{}[]":,\\0n\n'))),
      drop: fc.integer({ min: 0, max: 40 })
    })
    fc.assert(
      fc.property(mutation, ({ name, at, byte, drop }) => {
        const bytes = fixtureBytes(name)
        const place = Math.floor(at * (bytes.length - 1))
        const changed = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + 1 + drop)])
        const events = decodeStream(changed)
        if (!isWhole(events) || finishOf(events).reason !== 'tool_calls') return
        for (const [, input = ''] of inputsOf(events)) expect(() => void JSON.parse(input)).not.toThrow()
      }),
      { numRuns: 2000 }
    )
  })

  test('nonsense never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.json(),
            fc.anything().map((one) => JSON.stringify({ choices: [{ delta: one }] }))
          )
        ),
        (lines) => {
          decodeStream(lines.map((json) => `data: ${json}\n\n`).join(''))
        }
      )
    )
  })
})
