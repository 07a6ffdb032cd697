import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import { Losses } from './losses'
import { translators } from './translators'
import { UnreadableRequest } from './translator'

const read = (protocol: ProtocolId, body: object) => translators[protocol].decodeRequest({ ...body }, new Losses())
const said = (content: unknown, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more })
const input = (...items: readonly unknown[]) => ({ input: items })
const parts = (list: unknown, more: object = {}) => ({ contents: [{ role: 'user', parts: list }], ...more })
const limited = (maxOutputTokens: unknown) => parts([{ text: 'x' }], { generationConfig: { maxOutputTokens } })

describe('what is no conversation is refused with the path of what is wrong', () => {
  test.each<[ProtocolId, object, string]>([
    ['anthropic', {}, 'messages: Field required'],
    ['anthropic', { messages: 'x' }, 'messages: Input should be a valid list'],
    ['anthropic', { messages: [7] }, 'messages.0: Input should be a valid dictionary'],
    [
      'anthropic',
      { messages: [{ role: 'alien', content: 'x' }] },
      "messages.0.role: Input should be 'user' or 'assistant'"
    ],
    ['anthropic', said(5), 'messages.0.content: Input should be a valid list'],
    ['anthropic', said(undefined), 'messages.0.content: Field required'],
    ['anthropic', said([null]), 'messages.0.content.0: Input should be a valid dictionary'],
    ['anthropic', said([{ type: 'text', text: 5 }]), 'messages.0.content.0.text.text: Input should be a valid string'],
    ['anthropic', said([{ type: 'image' }]), 'messages.0.content.0.image.source: Field required'],
    ['anthropic', said([{ type: 'tool_result' }]), 'messages.0.content.0.tool_result.tool_use_id: Field required'],
    ['anthropic', said([{ type: 'of the future' }]), 'messages: at least one message with content is required'],
    ['anthropic', said('x', { max_tokens: '50' }), 'max_tokens: Input should be a valid integer'],
    ['anthropic', said('x', { max_tokens: -1 }), 'max_tokens: Input should be greater than or equal to 1'],
    ['anthropic', said('x', { tools: 'x' }), 'tools: Input should be a valid list'],
    ['anthropic', said('x', { system: 5 }), 'system: Input should be a valid list'],
    ['openai-chat', {}, "Missing required parameter: 'messages'."],
    [
      'openai-chat',
      { messages: {} },
      "Invalid type for 'messages': expected an array of objects, but got an object instead."
    ],
    ['openai-chat', { messages: [null] }, "Invalid type for 'messages[0]': expected an object, but got null instead."],
    ['openai-chat', { messages: [{ content: 'x' }] }, "Missing required parameter: 'messages[0].role'."],
    ['openai-chat', { messages: [{ role: 'alien' }] }, "Invalid value: 'alien' of 'messages[0].role'."],
    ['openai-chat', said(5), "Invalid type for 'messages[0].content'"],
    ['openai-chat', said([{ type: 'text', text: true }]), "Invalid type for 'messages[0].content[0].text'"],
    ['openai-chat', said([{ type: 'of the future' }]), "Invalid 'messages'"],
    ['openai-chat', said('x', { max_tokens: 0 }), "Invalid 'max_tokens': integer below minimum value."],
    ['openai-chat', said('x', { max_completion_tokens: 1.5 }), "Invalid type for 'max_completion_tokens'"],
    ['openai-chat', said('x', { tools: {} }), "Invalid type for 'tools'"],
    ['openai-responses', {}, '`input` must be'],
    ['openai-responses', { input: 5 }, "Invalid type for 'input'"],
    ['openai-responses', input(5), "Invalid type for 'input[0]'"],
    ['openai-responses', input({ role: 'alien', content: 'x' }), "Invalid value: 'alien' of 'input[0].role'."],
    ['openai-responses', input({ role: 'user', content: {} }), "Invalid type for 'input[0].content'"],
    ['openai-responses', { ...input({ type: 'of_the_future' }), instructions: 'x' }, '`input` must be'],
    ['openai-responses', { input: 'x', max_output_tokens: '50' }, "Invalid type for 'max_output_tokens'"],
    ['openai-responses', { input: 'x', tools: 'x' }, "Invalid type for 'tools'"],
    ['openai-responses', { input: 'x', instructions: 5 }, "Invalid type for 'instructions'"],
    ['gemini', {}, '* GenerateContentRequest.contents: contents is not specified'],
    ['gemini', { contents: 'x' }, '* GenerateContentRequest.contents: must be a list'],
    ['gemini', { contents: [5] }, '* GenerateContentRequest.contents[0]: must be an object'],
    ['gemini', { contents: [{ role: 'alien', parts: [] }] }, '* GenerateContentRequest.contents[0].role: Please use'],
    ['gemini', parts('x'), '* GenerateContentRequest.contents[0].parts: must be a list'],
    [
      'gemini',
      parts([{ text: 'x' }], { systemInstruction: 7 }),
      '* GenerateContentRequest.system_instruction: must be an object'
    ],
    [
      'gemini',
      parts([{ text: 'x' }], { system_instruction: { parts: 'x' } }),
      '* GenerateContentRequest.system_instruction.parts: must be a list'
    ],
    ['gemini', parts([5]), '* GenerateContentRequest.contents[0].parts[0]: must be an object'],
    ['gemini', parts([{ text: 5 }]), '* GenerateContentRequest.contents[0].parts[0].text: must be a string'],
    ['gemini', parts([{ ofTheFuture: {} }]), '* GenerateContentRequest.contents: contents is not specified'],
    ['gemini', limited(-1), '* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be'],
    ['gemini', parts([{ text: 'x' }], { tools: 'x' }), '* GenerateContentRequest.tools: must be a list']
  ])('%s: %j', (protocol, body, words) => {
    expect(() => read(protocol, body)).toThrow(UnreadableRequest)
    expect(() => read(protocol, body)).toThrow(words)
  })

  test('but what is said of nothing is not', () => {
    const nothing = { max_tokens: null, tools: null, system: null }
    expect(read('anthropic', said('x', nothing)).maxTokens).toBeNull()
    expect(read('openai-chat', said('x', nothing)).maxTokens).toBeNull()
    expect(read('gemini', limited('50')).maxTokens).toBe(50)
  })

  test('and a part of an unknown kind beside a known one is lost only', () => {
    const losses = new Losses()
    const content = [{ type: 'of the future' }, { type: 'image_url' }, { type: 'text', text: 'x' }]
    expect(translators['openai-chat'].decodeRequest(said(content), losses).turns).toHaveLength(1)
    expect(losses.toString()).toBe('history (of the future), image')
  })
})
