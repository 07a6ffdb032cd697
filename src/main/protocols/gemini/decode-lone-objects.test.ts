import { describe, expect, test } from 'vitest'
import { Losses } from '../losses'
import { decodeRequest } from './decode-request'

describe('one object stands for a list of itself, as Google reads it', () => {
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
})
