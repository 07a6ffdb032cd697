import { describe, expect, test } from 'vitest'
import { conversation, media } from '../../../../test/support/translation/gemini'
import type { Conversation, Part, Signature, Target, ToolResultPart, Turn } from '../canonical'
import { Losses } from '../losses'
import { textPart } from './content'
import { argsOf, encodeRequest } from './encode-request'
import { STAND_IN } from './request'

function encoded(said: Partial<Conversation>, model = 'gemini-3.8-flash', quirks: Target['quirks'] = {}) {
  const losses = new Losses()
  const body = encodeRequest(conversation(said), { model, stream: true, quirks }, losses)
  // As it goes on the wire: members that are undefined are none.
  const wire = JSON.parse(JSON.stringify(body)) as Record<string, unknown>
  return { ...wire, contents: wire['contents'], lost: losses.toString() }
}

/** What goes for these turns; what the user says before a model's that is the first is another test's (nothing-said.test.ts). */
function contents(turns: readonly Turn[], name?: string) {
  const { contents: sent, ...rest } = encoded({ turns }, name)
  const list: readonly unknown[] = Array.isArray(sent) ? sent : []
  return { ...rest, contents: turns[0]?.role === 'assistant' ? list.slice(1) : list }
}

const user = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })
const model = (...parts: readonly Part[]): Turn => ({ role: 'assistant', parts })
const call = (id: string, input = '{}', name = 'look'): Part => ({ type: 'tool-call', id, name, input, cache: null })
const result = (callId: string, more: Partial<ToolResultPart> = {}): Part => ({
  type: 'tool-result',
  callId,
  name: 'look',
  content: [textPart('seen')],
  isError: false,
  cache: null,
  ...more
})
const thought = (text: string, signature: Signature | null): Part => ({ type: 'reasoning', text, signature })
const gemini = (value: string): Signature => ({ maker: 'gemini', value })
const inline = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }

describe('a conversation for Gemini', () => {
  test('has its system prompt apart, and neighbours of one role together', () => {
    expect(
      encoded({
        system: [textPart('One.'), textPart('Two.')],
        turns: [
          user(textPart('a'), media()),
          user(textPart('b')),
          model(textPart('c')),
          user(textPart(''), textPart('d'))
        ]
      })
    ).toEqual({
      systemInstruction: { parts: [{ text: 'One.' }, { text: 'Two.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'a' }, inline, { text: 'b' }] },
        { role: 'model', parts: [{ text: 'c' }] },
        { role: 'user', parts: [{ text: 'd' }] }
      ],
      generationConfig: {},
      lost: ''
    })
  })

  test('tells an instruction in its middle as the user’s words, marked', () => {
    expect(contents([user(textPart('a')), { role: 'system', parts: [textPart('Be brief')] }])).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'a' }, { text: '<system>\nBe brief\n</system>' }] }]
    })
  })

  test('has no turn for what says nothing there', () => {
    expect(contents([user(textPart('a')), model(thought('x', null)), user(textPart('b'))])).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }] }]
    })
    expect(contents([user(textPart('a')), model({ type: 'refusal', text: 'No.' })])).toMatchObject({
      contents: [{ role: 'user' }, { role: 'model', parts: [{ text: 'No.' }] }]
    })
  })

  test('loses images for a channel that can see none', () => {
    const { lost } = encoded({ turns: [user(media(), textPart('a'))] }, 'x', { dropsImages: true })
    expect(lost).toBe('image')
  })
})

describe('calls and results for Gemini', () => {
  test('find each other by an id that Gemini takes', () => {
    const body = contents([model(call('a:b/c', '{"a":[1]}')), user(result('a:b/c'))])
    expect(body).toMatchObject({
      contents: [
        { role: 'model', parts: [{ functionCall: { name: 'look', args: { a: [1] } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'look', response: { output: 'seen' } } }] }
      ]
    })
    const ids = JSON.stringify(body).match(/call_[0-9a-f]{24}/g)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('have input that is no object as text', () => {
    expect(argsOf('{"a":1}')).toEqual({ a: 1 })
    expect(argsOf('')).toEqual({})
    expect(argsOf('[1]')).toEqual({ input: '[1]' })
    expect(argsOf('*** Begin Patch')).toEqual({ input: '*** Begin Patch' })
  })

  test('tell a failure as an error, and several texts as one', () => {
    expect(
      contents([model(call('a')), user(result('a', { isError: true, content: [textPart('x'), textPart('y')] }))])
    ).toMatchObject({ contents: [{}, { parts: [{ functionResponse: { response: { error: 'x\ny' } } }] }] })
  })

  test('come first in the turn that answers the calls', () => {
    expect(
      contents([
        model(call('a'), call('b')),
        { role: 'system', parts: [textPart('s')] },
        user(result('a'), textPart('t'), result('b'))
      ])
    ).toMatchObject({
      contents: [
        {},
        {
          parts: [
            { functionResponse: { id: 'a' } },
            { functionResponse: { id: 'b' } },
            { text: '<system>\ns\n</system>' },
            { text: 't' }
          ]
        }
      ]
    })
  })

  test('hold images from Gemini 3 on, and are followed by them before', () => {
    const turns = [model(call('a')), user(result('a', { content: [textPart('see'), media()] }))]
    expect(contents(turns)).toMatchObject({
      contents: [{}, { parts: [{ functionResponse: { response: { output: 'see' }, parts: [inline] } }] }]
    })
    expect(contents(turns, 'gemini-2.5-flash')).toMatchObject({
      contents: [
        {},
        { parts: [{ functionResponse: { response: { output: 'see' } } }, { text: 'Returned by look:' }, inline] }
      ]
    })
  })

  test('name their files, as a user’s turn does', () => {
    const pdf = media({ media: 'document', mimeType: 'application/pdf', name: 'B.pdf' })
    const inlinePdf = { inlineData: { mimeType: 'application/pdf', data: 'iVBORw0KGgo=' } }
    expect(contents([user(pdf)]).contents).toEqual([{ role: 'user', parts: [{ text: 'B.pdf:' }, inlinePdf] }])
    const turns = [model(call('a')), user(result('a', { content: [textPart('see'), pdf] }))]
    expect(contents(turns)).toMatchObject({
      contents: [{}, { parts: [{ functionResponse: { response: { output: 'see\nB.pdf' }, parts: [inlinePdf] } }] }]
    })
    expect(contents(turns, 'gemini-2.5-flash')).toMatchObject({
      contents: [{}, { parts: [{}, { text: 'Returned by look:' }, { text: 'B.pdf:' }, inlinePdf] }]
    })
  })

  test('are followed by an image that is only an address', () => {
    const image = media({ source: { kind: 'url', url: 'https://example.com/a.png' }, mimeType: null })
    expect(contents([model(call('a')), user(result('a', { content: [image] }))])).toMatchObject({
      contents: [
        {},
        {
          parts: [
            { functionResponse: { response: { output: '' } } },
            { text: 'Returned by look:' },
            { fileData: { mimeType: 'image/png', fileUri: 'https://example.com/a.png' } }
          ]
        }
      ]
    })
  })

  test('are text where a result’s call is not there', () => {
    expect(contents([user(result('gone'))])).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'Result of a tool call:' }, { text: 'seen' }] }],
      lost: 'history (a tool result without its call)'
    })
  })
})

describe('B14 signatures for Gemini', () => {
  test('hang on the part that follows them, thoughts stay away', () => {
    expect(
      contents([model(thought('think', gemini('A')), textPart('x'), thought('', gemini('B')), call('a'), call('b'))])
    ).toMatchObject({
      contents: [
        {
          parts: [
            { text: 'x', thoughtSignature: 'A' },
            { functionCall: { id: 'a' }, thoughtSignature: 'B' },
            { functionCall: { id: 'b' } }
          ]
        },
        { role: 'user' }
      ]
    })
    expect(JSON.stringify(contents([model(thought('', gemini('B')), call('a'), call('b'))]))).not.toContain(STAND_IN)
  })

  test('that nothing follows stand alone, as Gemini itself sends them', () => {
    expect(contents([model(textPart('x'), thought('', gemini('A')))])).toMatchObject({
      contents: [{ parts: [{ text: 'x' }, { text: '', thoughtSignature: 'A' }] }]
    })
    expect(contents([model(thought('', gemini('A')), thought('', gemini('B')), textPart('x'))])).toMatchObject({
      contents: [
        {
          parts: [
            { text: '', thoughtSignature: 'A' },
            { text: 'x', thoughtSignature: 'B' }
          ]
        }
      ]
    })
  })

  test('of others stay away, and calls without one get Google’s stand-in from Gemini 3 on', () => {
    const turns = [model(thought('t', { maker: 'anthropic', value: 'E' }), call('a'), call('b')), user(result('a'))]
    const signed = (name: string) => JSON.stringify(contents(turns, name)).split(STAND_IN).length - 1
    expect(signed('gemini-3.8-flash')).toBe(2)
    expect(signed('my-model')).toBe(2)
    expect(signed('gemini-2.5-pro')).toBe(0)
    expect(JSON.stringify(contents(turns))).not.toContain('"E"')
  })

  test('are for all calls of a step, and for no later one', () => {
    expect(
      contents([
        model(thought('', gemini('A')), call('a')),
        model(call('b')),
        user(result('a'), result('b')),
        model(call('c'))
      ])
    ).toMatchObject({
      contents: [
        { parts: [{ thoughtSignature: 'A' }, { functionCall: { id: 'b' } }] },
        {},
        { parts: [{ thoughtSignature: STAND_IN }] },
        {}
      ]
    })
  })
})
