import { describe, expect, test } from 'vitest'
import type { AnswerEvent } from './canonical-answer'
import { PartsInOrder } from './parts-in-order'

const text = (said: string): AnswerEvent => ({ type: 'text', text: said })

function line() {
  const said: string[] = []
  const emit = (event: AnswerEvent): void => void said.push(event.type === 'text' ? event.text : event.type)
  return { parts: new PartsInOrder(), said, emit }
}

describe('parts that are told at the same time', () => {
  test('follow one another in the order in which they began', () => {
    const { parts, said, emit } = line()
    const first = parts.begin()
    const second = parts.begin()
    parts.add(second, text('b1'), emit)
    parts.say(text('c'), emit)
    parts.add(first, text('a1'), emit)
    const last = parts.begin()
    parts.end(last, emit)
    parts.add(second, text('b2'), emit)
    parts.end(second, emit)
    expect(said).toEqual(['a1'])
    parts.add(first, text('a2'), emit)
    parts.end(first, emit)
    expect(said).toEqual(['a1', 'a2', 'b1', 'b2', 'c'])
    parts.say(text('d'), emit)
    expect(said.at(-1)).toBe('d')
  })

  test('are handed on at once by the one that comes to the front', () => {
    const { parts, said, emit } = line()
    const first = parts.begin()
    const second = parts.begin()
    parts.add(second, text('b1'), emit)
    parts.end(first, emit)
    parts.add(second, text('b2'), emit)
    expect(said).toEqual(['b1', 'b2'])
  })

  test('B21 are too much where more than 32 MiB wait, counted anew when they have gone', () => {
    const { parts, emit } = line()
    const first = parts.begin()
    const half = text('x'.repeat(17 * 1_048_576))
    parts.add(first, half, emit)
    parts.add(first, half, emit)
    expect(parts.isTooMuch).toBe(false)
    parts.say(half, emit)
    parts.end(first, emit)
    const second = parts.begin()
    parts.say(half, emit)
    expect(parts.isTooMuch).toBe(false)
    parts.say(half, emit)
    expect(parts.isTooMuch).toBe(true)
    parts.end(second, emit)
    expect(parts.isTooMuch).toBe(false)
  })

  test('B21 count for something where they say next to nothing', () => {
    const { parts, emit } = line()
    parts.begin()
    for (let count = 0; count < 600_000; count++) parts.say(text('x'), emit)
    expect(parts.isTooMuch).toBe(true)
  })

  test('are forgotten when nothing more shall be said', () => {
    const { parts, said, emit } = line()
    const first = parts.begin()
    parts.say(text('b'), emit)
    parts.drop()
    parts.end(first, emit)
    expect(said).toEqual([])
  })
})
