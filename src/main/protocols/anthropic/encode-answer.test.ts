import { describe, expect, test } from 'vitest'
import { asked, jsonFixture, sdkMessage } from '../../../../test/support/translation/anthropic-exchanges'
import { finishOf } from '../../../../test/support/translation/canonical-events'
import { textOf } from '../../../../test/support/translation/conversations'
import type { Answer, AnswerPart } from '../canonical-answer'
import { decodeAnswer } from './decode-answer'
import { encodeAnswer } from './encode-answer'

const answerOf = (parts: readonly AnswerPart[], more: Partial<Answer> = {}): Answer => ({
  id: 'chatcmpl-1',
  parts,
  finish: finishOf('stop'),
  ...more
})
const encode = (answer: Answer) => encodeAnswer(answer, asked)

describe('a whole answer', () => {
  test('is a message to the vendor’s client, with everything in it', async () => {
    const message = await sdkMessage(
      encode(
        answerOf([
          { type: 'reasoning', text: 'Let me see.', signature: { maker: 'gemini', value: 'c2ln' } },
          textOf('Hello', { citations: [{ url: 'https://example.com', title: null, quote: null }] }),
          { type: 'tool-call', id: 'call_1', name: 'f', input: '{"a":1}', cache: null },
          { type: 'tool-call', id: 'call_2', name: 'g', input: '', cache: null }
        ])
      )
    )
    expect(message).toMatchObject({
      id: 'msg_chatcmpl-1',
      type: 'message',
      role: 'assistant',
      model: 'asked-model',
      content: [
        { type: 'thinking', thinking: 'Let me see.', signature: 'routex:gemini:c2ln' },
        { type: 'text', text: 'Hello', citations: [{ url: 'https://example.com', title: null, cited_text: '' }] },
        { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
        { type: 'tool_use', id: 'call_2', name: 'g', input: {} }
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 12,
        cache_read_input_tokens: 2000,
        cache_creation_input_tokens: 300,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 80,
        output_tokens_details: { thinking_tokens: 30 }
      }
    })
  })

  test.each(['length', 'refusal'] as const)(
    'that was cut in the middle of a call tells no input of it: %s',
    (reason) => {
      const call = (input: string) => ({ type: 'tool-call', id: 'a', name: 'f', input, cache: null }) as const
      const cut = answerOf([call('{"a":1}'), call('{"path":"/etc/x","text":"ab')], { finish: finishOf(reason) })
      expect(encode(cut)['content']).toEqual([
        expect.objectContaining({ input: { a: 1 } }),
        expect.objectContaining({ input: {} })
      ])
      // A model's slip is told as it is.
      expect(encode(answerOf([call('a b')]))).toMatchObject({ content: [{ input: { input: 'a b' } }] })
    }
  )

  test('comes back as it went', () => {
    const answer = decodeAnswer(jsonFixture('answer.json'))
    expect(decodeAnswer(encode(answer))).toEqual(answer)
  })

  test('that declined is a refusal with its text', () => {
    expect(encode(answerOf([{ type: 'refusal', text: 'No.' }]))).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' }
    })
  })

  test('names pictures, since a message can’t hold them', () => {
    const media = {
      type: 'media',
      media: 'image',
      mimeType: 'image/png',
      name: null,
      detail: null,
      cache: null
    } as const
    const parts: readonly AnswerPart[] = [
      { ...media, source: { kind: 'url', url: 'https://example.com/a.png' } },
      { ...media, source: { kind: 'base64', data: 'QUJD' } }
    ]
    expect(encode(answerOf(parts))).toMatchObject({
      content: [{ text: '[image](https://example.com/a.png)' }, { text: '[image: image/png]' }]
    })
  })

  test('leaves out empty texts, and has numbers where its usage is not known', () => {
    const parts: readonly AnswerPart[] = [textOf(''), { type: 'refusal', text: '' }]
    expect(encode(answerOf(parts, { finish: finishOf('length', { usage: null }) }))).toMatchObject({
      content: [],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 0, output_tokens: 0 }
    })
  })

  test.each([
    ['msg_1', /^msg_1$/],
    ['resp_1', /^msg_resp_1$/],
    ['', /^msg_\w{32}$/],
    ['odd id', /^msg_\w{32}$/]
  ])('has an id in the vendor’s form for “%s”', (id, form) => {
    expect(encode(answerOf([], { id }))['id']).toMatch(form)
  })
})
