import { describe, expect, test } from 'vitest'
import type { ReasoningPart, Signature } from '../canonical'
import { Losses } from '../losses'
import { textPart } from './content'
import { decodeRequest } from './decode-request'
import { encodeSignature } from './reasoning'

const anthropic: Signature = { maker: 'anthropic', value: 'ErUB' }
const thoughtSignature = encodeSignature(anthropic, 'Two cities.')
const older = Buffer.from('routex:anthropic:ErUB').toString('base64')
const thought = (text: string) => ({ text, thought: true })
const said = (text: string, signature: string) => ({ text, thoughtSignature: signature })
const reasoning = (text: string, signature: Signature | null = anthropic): ReasoningPart => ({
  type: 'reasoning',
  text,
  signature
})

/** What the model said by a history of one content for each list of parts. */
const modelParts = (...contents: readonly (readonly object[])[]) => {
  const { turns } = decodeRequest({ contents: contents.map((parts) => ({ role: 'model', parts })) }, new Losses())
  return turns.map(({ parts }) => parts)
}

describe('B14 another vendor’s signature on the part behind the thoughts', () => {
  test.each([
    ['that the client kept', [[thought('Two '), thought('cities.'), said('Ok', thoughtSignature)]]],
    ['that the client left out', [[said('Ok', thoughtSignature)]]],
    ['that the client kept a part of', [[thought('Two '), said('Ok', thoughtSignature)]]],
    ['in contents of their own', [[thought('Two '), thought('cities.')], [said('Ok', thoughtSignature)]]]
  ])('stands with the text that it is of, once, beside thoughts %s', (_name, contents) => {
    expect(modelParts(...contents)).toEqual([[reasoning('Two cities.'), textPart('Ok')]])
  })

  test('leaves other thoughts as they are', () => {
    const before = [thought('Hm. '), thought('Two cities.')]
    expect(modelParts([...before, said('Ok', thoughtSignature)])).toEqual([
      [reasoning('Hm. ', null), reasoning('Two cities.'), textPart('Ok')]
    ])
    const hidden = encodeSignature(anthropic, '')
    expect(modelParts([said('Ok', thoughtSignature), thought('Hm.'), said('', hidden)])).toEqual([
      [reasoning('Two cities.'), textPart('Ok'), reasoning('Hm.', null), reasoning('')]
    ])
  })

  test('of an older history, which brings no text, takes the thoughts before it', () => {
    expect(modelParts([thought('Two '), thought('cities.'), said('Ok', older)])).toEqual([
      [reasoning('Two cities.'), textPart('Ok')]
    ])
  })

  test('of Gemini itself stands alone', () => {
    const own: Signature = { maker: 'gemini', value: 'RXBF' }
    expect(modelParts([thought('Hm'), said('Ok', 'RXBF')])).toEqual([
      [reasoning('Hm', null), reasoning('', own), textPart('Ok')]
    ])
  })
})

test('contents of a model one after the other are one turn, whose calls have ids of their own', () => {
  const call = { functionCall: { name: 'clock', args: {} } }
  const [parts = [], ...more] = modelParts([{ text: 'Ok' }], [call], [call])
  expect(more).toEqual([])
  const ids = parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
  expect(new Set(ids).size).toBe(2)
})
