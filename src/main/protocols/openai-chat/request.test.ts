import { describe, expect, test } from 'vitest'
import { stripSignatures } from './request'

const extra_content = { google: { thought_signature: 'G1' } }
const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
const user = { role: 'user', content: 'hi' }

describe('B14 a chat request without signatures', () => {
  test('has none left on messages and calls', () => {
    const assistant = {
      role: 'assistant',
      reasoning_content: 'hm',
      tool_calls: [{ ...call, extra_content }, call],
      extra_content
    }
    expect(stripSignatures({ model: 'm', messages: [user, assistant, 7] }, 'gpt-5.5')).toEqual({
      model: 'm',
      messages: [user, { role: 'assistant', reasoning_content: 'hm', tool_calls: [call, call] }, 7]
    })
  })

  test('has Google’s stand-in on calls of Gemini models that had one', () => {
    const body = { messages: [{ role: 'assistant', tool_calls: [{ ...call, extra_content }, call] }] }
    const standIn = { google: { thought_signature: 'skip_thought_signature_validator' } }
    expect(stripSignatures(body, 'gemini-3.1-pro')).toEqual({
      messages: [{ role: 'assistant', tool_calls: [{ ...call, extra_content: standIn }, call] }]
    })
    expect(stripSignatures(body, 'gemini-2.5-pro')).toEqual({
      messages: [{ role: 'assistant', tool_calls: [call, call] }]
    })
  })

  test('is not made where there is nothing to take out', () => {
    const empty = { role: 'assistant', reasoning_details: [], extra_content: null, tool_calls: [call] }
    expect(stripSignatures({ messages: [user, empty] }, null)).toBeNull()
    expect(stripSignatures('x', null)).toBeNull()
  })
})
