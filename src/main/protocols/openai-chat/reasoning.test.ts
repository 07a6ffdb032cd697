import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../../shared/quirks'
import type { Part, ReasoningPart, Signature, ToolCallPart } from '../canonical'
import { claimsIn, decodeHistory, detailsOf, encodeHistory, SignatureTrail } from './reasoning'

const signed = (text: string, maker: Signature['maker'], value: string): ReasoningPart => ({
  type: 'reasoning',
  text,
  signature: { maker, value }
})
const call = (id: string): ToolCallPart => ({ type: 'tool-call', id, name: 'f', input: '{}', cache: null })

/** What a client gets of these parts, and would send back. */
function handedOut(parts: readonly (ReasoningPart | ToolCallPart)[]) {
  const trail = new SignatureTrail()
  const reasoning: string[] = []
  const calls: object[] = []
  for (const part of parts) {
    if (part.type === 'tool-call') {
      trail.close()
      calls.push(trail.forCall())
      continue
    }
    reasoning.push(part.text)
    trail.text(part.text)
    if (part.signature !== null) trail.sign(part.signature)
    trail.close()
  }
  return { message: { reasoning_content: reasoning.join(''), ...trail.forMessage() }, calls }
}

describe('B14 signatures for chat clients', () => {
  const several = [
    signed('one', 'anthropic', 'A1'),
    signed('', 'anthropic', 'redacted'),
    call('a'),
    signed('two', 'openai-responses', 'R1'),
    call('b')
  ] as const

  test('come back with the reasoning that they sign, before the calls that they came with', () => {
    const { message, calls } = handedOut(several)
    expect(decodeHistory(message, calls)).toEqual({
      first: [],
      before: [[several[0], several[1]], [several[3]]]
    })
  })

  test('of a message without calls come back before its text', () => {
    const { message } = handedOut([signed('one', 'anthropic', 'A1')])
    expect(decodeHistory(message, []).first).toEqual([signed('one', 'anthropic', 'A1')])
  })

  const lost = [undefined, 'on', 'two', 'wo'] as const

  test.each(lost)('bring their reasoning where the client lost it, as OpenAI’s SDK does of a stream: %s', (left) => {
    const { calls } = handedOut(several)
    const before = [[several[0], several[1]], [several[3]]]
    expect(decodeHistory({ reasoning_content: left }, calls)).toEqual({ first: [], before })
  })

  test('leave a text that is not theirs where it is', () => {
    const { calls } = handedOut(several)
    expect(decodeHistory({ reasoning_content: 'Hm!' }, calls)).toEqual({
      first: [{ type: 'reasoning', text: 'Hm!', signature: null }],
      before: [[several[0], several[1]], [several[3]]]
    })
  })

  const older = (signature: string, ...reasoning: readonly (readonly [number, number])[]) => ({
    extra_content: { routex: { signature, reasoning } }
  })

  test('of older histories, which bring none, are left out where the client lost or changed it', () => {
    const calls = [older('routex:anthropic:A1\nolder', [0, 3], [3, 3]), older('routex:openai-responses:R1', [3, 6])]
    const first = (text: string) => [{ type: 'reasoning', text, signature: null }]
    const lone = signed('', 'openai-chat', 'older')
    expect(decodeHistory({ reasoning_content: 'onetwo' }, calls)).toEqual({
      first: [],
      before: [[several[0], lone], [several[3]]]
    })
    expect(decodeHistory({ reasoning_content: 'on' }, calls)).toEqual({ first: first('on'), before: [[lone], []] })
  })

  test('of Gemini stand in Google’s own place, alone or beside others', () => {
    const { calls } = handedOut([signed('one', 'anthropic', 'A1'), signed('', 'gemini', 'G1'), call('a')])
    expect(calls).toEqual([
      {
        extra_content: {
          google: { thought_signature: 'G1' },
          routex: { signature: 'routex:anthropic+["A1","one"]', reasoning: [[0, 3]] }
        }
      }
    ])
    expect(claimsIn({ extra_content: { google: { thought_signature: 'G1' } } })).toEqual([
      { signature: { maker: 'gemini', value: 'G1' }, text: '', start: 0, end: 0 }
    ])
  })

  test('that are nonsense are passed over', () => {
    expect(claimsIn({ extra_content: 7 })).toEqual([])
    expect(claimsIn({ extra_content: { routex: { signature: 7 } } })).toEqual([])
    const odd = { extra_content: { routex: { signature: 'routex:anthropic:A', reasoning: [['x', -1], 3] } } }
    expect(decodeHistory({ reasoning_content: 'abc', ...odd }, []).first.length).toBeGreaterThan(0)
  })
})

describe('reasoning that goes back to a channel', () => {
  const parts: readonly Part[] = [signed('hm', 'anthropic', 'A1'), call('a')]
  const sent = (said: readonly Part[], quirks: Quirks = {}, model = 'm') =>
    encodeHistory(said, { model, stream: false, quirks })

  test('goes nowhere unless it is wanted', () => {
    expect(sent(parts)).toEqual({ message: {}, calls: [] })
  })

  test.each(['reasoning_content', 'reasoning'] as const)('goes into %s (reasoningField)', (reasoningField) => {
    expect(sent(parts, { reasoningField }).message).toEqual({ [reasoningField]: 'hm' })
    expect(sent([call('a')], { reasoningField }).message).toEqual({ [reasoningField]: ' ' })
    // Each of an assistant's messages must have it, not only those with calls.
    expect(sent([{ type: 'refusal', text: 'no' }], { reasoningField }).message).toEqual({ [reasoningField]: ' ' })
  })

  test('of OpenRouter goes back to it as it came', () => {
    const text = signed('hm', 'openai-chat', '{"type":"reasoning.text","signature":"S","index":0}')
    const secret = signed('sum', 'openai-chat', '{"type":"reasoning.encrypted","data":"D"}')
    const details = [
      { type: 'reasoning.text', signature: 'S', index: 0, text: 'hm' },
      { type: 'reasoning.summary', summary: 'sum' },
      { type: 'reasoning.encrypted', data: 'D' }
    ]
    expect(sent([text, secret], { reasoningControl: 'reasoning' }).message).toEqual({ reasoning_details: details })
    expect(sent([text, secret]).message).toEqual({})
    expect(decodeHistory({ reasoning_details: details }, []).first).toMatchObject([
      { text: 'hm', signature: { maker: 'openai-chat' } },
      { text: 'sum', signature: null },
      { text: '', signature: { maker: 'openai-chat' } }
    ])
    expect(detailsOf(signed('hm', 'openai-chat', 'no JSON'))).toEqual([])
    expect(detailsOf(signed('hm', 'anthropic', '{}'))).toEqual([])
  })

  test('B14 of Gemini goes to models of that name, with Google’s stand-in where there is none', () => {
    const google = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } })
    const said = [signed('', 'gemini', 'G1'), call('a'), call('b')]
    expect(sent(said, {}, 'google/gemini-3.1-pro').calls).toEqual([google('G1'), {}])
    expect(sent([call('a'), call('b')], {}, 'gemini-3.1-pro').calls).toEqual([
      google('skip_thought_signature_validator'),
      {}
    ])
    expect(sent([call('a')], {}, 'gemini-2.5-pro').calls).toEqual([{}])
    expect(sent([signed('', 'gemini', 'G1')], {}, 'gemini-2.5-pro').message).toEqual(google('G1'))
    expect(sent(said, {}, 'gpt-5.5').calls).toEqual([])
  })
})
