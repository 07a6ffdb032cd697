import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryConversation } from '../../../../test/support/translation/arbitrary-conversation'
import {
  callPart,
  encodeChat,
  messagesOf,
  NOTHING_SAID,
  PICTURE,
  resultPart
} from '../../../../test/support/translation/chat-conversation'
import type { Conversation, Part, ReasoningWish, TextPart, Turn } from '../canonical'
import { Losses } from '../losses'
import { textPart } from './content'
import { decodeRequest } from './decode-request'
import { encodeRequest } from './encode-request'

describe('a request for a chat channel', () => {
  test('names the model, and asks a stream for its usage', () => {
    expect(encodeChat({}).body).toEqual({ model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: false })
    expect(encodeChat({}, {}, { stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true }
    })
  })

  test('does not ask for usage where it may not (dropsStreamOptions)', () => {
    expect(encodeChat({}, { dropsStreamOptions: true }, { stream: true }).body).not.toHaveProperty('stream_options')
  })

  test('says what else the client said', () => {
    const { body, losses } = encodeChat({
      verbosity: 'low',
      userId: 'user-1',
      serviceTier: 'flex',
      cacheKey: 'k',
      sampling: {
        temperature: 1.5,
        topP: 0.5,
        topK: 4,
        seed: 1,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        stop: ['a']
      },
      reasoning: { kind: 'effort', effort: 'low', shown: null }
    })
    expect(body).toMatchObject({
      verbosity: 'low',
      user: 'user-1',
      service_tier: 'flex',
      prompt_cache_key: 'k',
      temperature: 1.5,
      top_p: 0.5,
      seed: 1,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      stop: ['a'],
      reasoning_effort: 'low'
    })
    expect(losses).toBe('top_k')
  })

  test('makes one short id of a user’s long one, the same each time', () => {
    const long = JSON.stringify({ device_id: 'd'.repeat(64), session_id: 's' })
    expect(encodeChat({ userId: long }).body['user']).toMatch(/^[0-9a-f]{64}$/)
    expect(encodeChat({ userId: long }).body['user']).toBe(encodeChat({ userId: long }).body['user'])
  })
})

describe('messages', () => {
  test('of an answer that its client keeps in pieces are one, whose calls are all answered behind it', () => {
    const turns: readonly Turn[] = [
      { role: 'user', parts: [textPart('Time?')] },
      { role: 'assistant', parts: [textPart('I look.')] },
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'assistant', parts: [callPart('b')] },
      { role: 'user', parts: [resultPart('a')] },
      { role: 'user', parts: [resultPart('b')] }
    ]
    expect(messagesOf(turns)).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a' },
      { role: 'tool', tool_call_id: 'b' }
    ])
  })

  test('of results come right behind their calls, pictures after all of them', () => {
    const turns: readonly Turn[] = [
      { role: 'assistant', parts: [callPart('a'), callPart('b')] },
      { role: 'user', parts: [resultPart('a', { content: [textPart('see'), PICTURE] })] },
      { role: 'user', parts: [textPart('well?'), resultPart('b', { content: [PICTURE] })] }
    ]
    const shown = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }
    expect(messagesOf(turns)).toMatchObject([
      { role: 'assistant', content: null, tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a', content: 'see' },
      { role: 'tool', tool_call_id: 'b', content: 'See the next user message.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'From the result of f (a):' },
          shown,
          { type: 'text', text: 'From the result of f (b):' },
          shown,
          { type: 'text', text: 'well?' }
        ]
      }
    ])
  })

  test('of results say what could not be shown (dropsImages)', () => {
    const turns: readonly Turn[] = [
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a', { content: [PICTURE] })] }
    ]
    expect(messagesOf(turns, { dropsImages: true })).toMatchObject([
      {},
      { role: 'tool', tool_call_id: 'a', content: '[image left out: this channel can not be shown it]' }
    ])
  })

  test('of a failed result say so', () => {
    const turns: readonly Turn[] = [
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a', { isError: true })] }
    ]
    expect(messagesOf(turns)).toMatchObject([{}, { role: 'tool', content: 'Error: done' }])
  })

  test('of call and result keep finding each other by an id that fits', () => {
    const long = `toolu:${'x'.repeat(80)}`
    const messages = JSON.stringify(
      messagesOf([
        { role: 'assistant', parts: [callPart(long)] },
        { role: 'user', parts: [resultPart(long)] }
      ])
    )
    const ids = [...messages.matchAll(/call_[0-9a-f]{24}/g)].map(([id]) => id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('of nothing are left out; a refusal goes as text, and so does that there was a picture of an assistant’s', () => {
    const { body, losses } = encodeChat({
      turns: [
        { role: 'user', parts: [textPart('')] },
        { role: 'assistant', parts: [PICTURE] },
        { role: 'assistant', parts: [{ type: 'reasoning', text: 'hm', signature: null }] },
        { role: 'system', parts: [textPart('')] },
        { role: 'assistant', parts: [textPart('a'), { type: 'refusal', text: 'no' }] }
      ]
    })
    expect(body['messages']).toEqual([
      { role: 'assistant', content: '[image left out: this channel can not be shown it]' },
      { role: 'assistant', content: 'a\n\nno' }
    ])
    expect(losses).toBe('image (of an assistant)')
  })

  test('carry reasoning where it is wanted (reasoningField)', () => {
    const parts: readonly Part[] = [{ type: 'reasoning', text: 'hm', signature: null }, callPart('a')]
    expect(messagesOf([{ role: 'assistant', parts }], { reasoningField: 'reasoning_content' })).toMatchObject([
      { role: 'assistant', reasoning_content: 'hm', tool_calls: [{ id: 'a' }] },
      { role: 'tool' }
    ])
  })
})

/**
 * What a chat message can't keep apart: blocks of text next to each other are one text, with a blank line between them, where
 * no picture stands among them.
 */
function joined(conversation: Conversation): Conversation {
  const { system, turns } = conversation
  return {
    ...conversation,
    system: joinTexts(system),
    turns: turns.map((turn) =>
      turn.parts.some(({ type }) => type === 'media') ? turn : { ...turn, parts: joinTexts(turn.parts) }
    )
  }
}

function joinTexts<T extends Part>(parts: readonly T[]): (T | TextPart)[] {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const rest = parts.filter(({ type }) => type !== 'text')
  return texts.length === 0 ? rest : [textPart(texts.join('\n\n')), ...rest]
}

const wishes: readonly (ReasoningWish | null)[] = [
  null,
  { kind: 'off' },
  { kind: 'effort', effort: 'high', shown: null }
]
const parameters = fc.record({
  toolChoice: fc.constantFrom(
    null,
    { kind: 'auto' } as const,
    { kind: 'required' } as const,
    { kind: 'none' } as const
  ),
  parallelTools: fc.constantFrom(null, true, false),
  reasoning: fc.constantFrom(...wishes),
  verbosity: fc.constantFrom(null, 'low' as const),
  userId: fc.constantFrom(null, 'user-1'),
  serviceTier: fc.constantFrom(null, 'priority' as const),
  cacheKey: fc.constantFrom(null, 'k')
})

describe('any conversation', () => {
  test('is the same after it was written and read, up to what a chat message can not keep apart', () => {
    fc.assert(
      fc.property(arbitraryConversation, parameters, (conversation, said) => {
        const tools = conversation.tools.length > 0 ? said : { ...said, toolChoice: null, parallelTools: null }
        const whole: Conversation = { ...conversation, ...tools }
        const losses = new Losses()
        const body = encodeRequest(whole, { model: 'm', stream: true, quirks: { takesEffortNone: true } }, losses)
        const read = decodeRequest(JSON.parse(JSON.stringify(body)) as typeof body, losses)
        expect(read).toEqual(joined(whole))
        expect(String(losses)).toBe('')
      })
    )
  })

  // How many milliseconds is for `npm run bench:translate`: a machine that does other work too takes several times as long.
  test('of a megabyte and 750 turns takes no longer than its size asks for', () => {
    const turns: Turn[] = []
    for (let number = 0; number < 250; number++) {
      turns.push({ role: 'user', parts: [textPart('x'.repeat(1500))] })
      turns.push({ role: 'assistant', parts: [textPart('y'.repeat(500)), callPart(`call_${number}`)] })
      turns.push({ role: 'user', parts: [resultPart(`call_${number}`, { content: [textPart('z'.repeat(2000))] })] })
    }
    const translate = (): number => {
      const from = performance.now()
      const body = encodeRequest({ ...NOTHING_SAID, turns }, { model: 'm', stream: true, quirks: {} }, new Losses())
      decodeRequest(body, new Losses())
      return performance.now() - from
    }
    expect(JSON.stringify(encodeChat({ turns }).body).length).toBeGreaterThan(1_000_000)
    expect(Math.min(...Array.from({ length: 5 }, translate))).toBeLessThan(600)
  })
})
