import { describe, expect, test } from 'vitest'
import { Losses } from '../losses'
import { decodeRequest } from './decode-request'

describe('one value stands for a list of itself, as Google reads it', () => {
  const decode = (more: object) => decodeRequest({ contents: [{ parts: [{ text: 'hi' }] }], ...more }, new Losses())

  test.each([
    ['a part of the system instruction', { parts: { text: 'Be brief.' } }],
    ['a text alone', 'Be brief.'],
    ['a list', { parts: [{ text: 'Be brief.' }] }]
  ])('%s', (_name, systemInstruction) => {
    expect(decode({ systemInstruction }).system).toMatchObject([{ text: 'Be brief.' }])
    expect(decode({ system_instruction: systemInstruction }).system).toMatchObject([{ text: 'Be brief.' }])
  })

  test('a content, its part and a tool', () => {
    expect(decode({ contents: { role: 'user', parts: { text: 'hi' } } }).turns).toMatchObject([
      { role: 'user', parts: [{ text: 'hi' }] }
    ])
    expect(decode({ tools: { functionDeclarations: { name: 'f' } } }).tools).toMatchObject([{ name: 'f' }])
  })

  test('a picture that a function gave', () => {
    const parts = { inlineData: { mimeType: 'image/png', data: 'QUJD' } }
    const functionResponse = { name: 'f', response: { output: 'see' }, parts }
    expect(decode({ contents: [{ parts: [{ functionResponse }] }] }).turns).toMatchObject([
      { parts: [{ type: 'tool-result', content: [{ text: 'see' }, { media: 'image', source: { data: 'QUJD' } }] }] }
    ])
  })

  test('a stop sequence and the name of a function', () => {
    expect(decode({ generationConfig: { stopSequences: 'END' } }).sampling.stop).toEqual(['END'])
    expect(
      decode({
        tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }],
        toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: 'f' } }
      }).toolChoice
    ).toEqual({ kind: 'tool', name: 'f' })
  })
})
