import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../shared/quirks'
import { anthropic } from './anthropic'
import { encodeHostedCall } from './claude-hosted-calls'
import { gemini } from './gemini'
import { STAND_IN } from './gemini/request'
import { Losses } from './losses'
import { openaiChat } from './openai-chat'
import { openaiResponses } from './openai-responses'

/** What each client got from channels of other protocols, on its way to a channel of its own. */

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('B14 to Anthropic', () => {
  const strip = (content: readonly object[], more: object = {}, model = 'claude-sonnet-4-5'): unknown =>
    anthropic.stripForeign(
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content }
        ],
        ...more
      },
      model,
      new Losses()
    )
  const said = { type: 'text', text: 'Hello' }
  const own = { type: 'thinking', thinking: 'Hm', signature: 'c2lnbmVk' }
  const wrapped = { type: 'thinking', thinking: 'Hm', signature: 'routex:gemini:abc' }
  const unsigned = { type: 'thinking', thinking: 'Hm', signature: '' }
  const contentOf = (stripped: unknown): unknown =>
    (stripped as { messages: readonly { content: unknown }[] }).messages[1]?.content

  test('what it signed itself stays, so that nothing changes', () => {
    expect(strip([own, said])).toBeNull()
    expect(strip([own, { type: 'text', text: 'routex:gemini:abc' }])).toBeNull()
  })

  test('thinking that another signed goes, and its own beside it stays', () => {
    expect(contentOf(strip([own, wrapped, said]))).toEqual([own, said])
  })

  test('thinking that nobody signed goes to Claude without it, and stays for others, who may want it back', () => {
    expect(contentOf(strip([unsigned, said]))).toEqual([said])
    expect(strip([unsigned, said], {}, 'deepseek-chat')).toBeNull()
  })

  test('a message that was nothing else goes', () => {
    expect(strip([wrapped])).toEqual({ messages: [{ role: 'user', content: 'Hi' }] })
  })

  test('a search that another vendor made goes, one of its own stays', () => {
    const call = { type: 'hosted-call', id: 'ws_1', tool: 'web_search', input: 'q', sources: [], output: null } as const
    const ownSearch = { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: { query: 'q' } }
    expect(contentOf(strip([...encodeHostedCall(call), ownSearch, said]))).toEqual([ownSearch, said])
  })

  test('a citation that it did not encrypt goes, and its text stays', () => {
    const made = { type: 'web_search_result_location', url: 'https://a.test', encrypted_index: '' }
    const real = { ...made, encrypted_index: 'abc' }
    expect(
      contentOf(
        strip([
          { ...said, citations: [made, real] },
          { ...said, citations: [made] }
        ])
      )
    ).toEqual([{ ...said, citations: [real] }, said])
  })

  const loop = (first: object): readonly object[] => [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [first, { type: 'tool_use', id: 'toolu_1', name: 'clock', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Noon' }] }
  ]
  const manual = { thinking: { type: 'enabled', budget_tokens: 1024 } }
  const goOn = (messages: readonly object[], model = 'claude-sonnet-4-5') => {
    const losses = new Losses()
    const stripped = anthropic.stripForeign({ ...manual, messages }, model, losses)
    return { stripped, losses: losses.toString() }
  }
  const OFF = 'reasoning (off in a tool loop without signed thinking)'

  test('a tool loop that is left without thinking goes on without it, which is told', () => {
    const { stripped, losses } = goOn(loop(wrapped))
    expect(stripped).not.toHaveProperty('thinking')
    expect(losses).toBe(OFF)
  })

  test('a tool loop with its own thinking goes on with it, whatever stood before', () => {
    const before = [
      { role: 'user', content: 'Before' },
      { role: 'assistant', content: [wrapped, said] }
    ]
    const { stripped, losses } = goOn([...before, ...loop(own)])
    expect(stripped).toMatchObject(manual)
    expect(losses).toBe('')
  })

  test('a tool loop that another vendor began without any thinking goes on without it at once', () => {
    const foreign = loop({ type: 'tool_use', id: 'call_1', name: 'clock', input: {} })
    const { stripped, losses } = goOn(foreign)
    expect(stripped).toEqual({ messages: foreign })
    expect(losses).toBe(OFF)
    expect(goOn(loop(said)).stripped).toBeNull()
    expect(goOn(foreign, 'kimi-k2').stripped).toBeNull()
    expect(goOn([...foreign, { role: 'user', content: 'And now?' }]).stripped).toBeNull()
  })
})

describe('B14 to Responses', () => {
  const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }
  const strip = (...input: readonly object[]): unknown => openaiResponses.stripForeign({ input })

  test('its own items stay, so that nothing changes', () => {
    expect(
      strip({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }, { ...said, id: 'msg_1' })
    ).toBeNull()
  })

  test('reasoning and searches of others go, messages and calls lose their ids', () => {
    const call = { type: 'function_call', call_id: 'call_1', name: 'clock', arguments: '{}' }
    const kept = strip(
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'routex:anthropic:abc' },
      { type: 'reasoning', id: 'rs_routex_a0', summary: [] },
      { type: 'reasoning', summary: [], encrypted_content: 'routex:unsigned' },
      { type: 'web_search_call', id: 'ws_routex_a1', status: 'completed' },
      { ...said, id: 'msg_routex_a2' },
      { ...call, id: 'fc_routex_a3' }
    )
    expect(kept).toEqual({ input: [said, call] })
  })

  test('a call of a shell stays, since its output follows', () => {
    const call = { type: 'local_shell_call', id: 'lsh_routex_a0', call_id: 'call_1', action: {} }
    expect(strip({ type: 'reasoning', id: 'rs_routex_a0', summary: [] }, call)).toEqual({ input: [call] })
  })
})

describe('B14 to Chat', () => {
  const message = { role: 'assistant', content: 'Hello' }
  const routex = { signature: 'routex:anthropic:abc', reasoning: [[0, 2]] }
  const google = { thought_signature: 'abc' }
  const strip = (messages: readonly object[], model: string, quirks: Quirks = {}): unknown =>
    openaiChat.stripForeign({ messages }, model, new Losses(), quirks)

  test('what others signed goes, on messages and calls', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'clock', arguments: '{}' } }
    const signed = { ...message, extra_content: { routex }, tool_calls: [{ ...call, extra_content: { google } }, call] }
    expect(strip([signed], 'gpt-5')).toEqual({ messages: [{ ...message, tool_calls: [call, call] }] })
  })

  test('reasoning goes where it is refused, and stays for all that may want it back', () => {
    const reasoned = { ...message, reasoning_content: 'Hm' }
    for (const model of ['gpt-5', 'openai/o3']) expect(strip([reasoned], model)).toEqual({ messages: [message] })
    for (const model of ['my-alias', 'openai/gpt-oss-120b']) expect(strip([reasoned], model)).toBeNull()
    expect(strip([reasoned], 'my-alias', { dropsReasoning: true })).toEqual({ messages: [message] })
    expect(strip([reasoned], 'gpt-5', { reasoningField: 'reasoning_content' })).toBeNull()
  })

  test('what Google may have signed itself stays for all models but OpenAI’s', () => {
    expect(strip([{ ...message, extra_content: { google } }], 'gemini-3-pro')).toBeNull()
    expect(strip([{ ...message, extra_content: { google, routex } }], 'my-alias')).toEqual({
      messages: [{ ...message, extra_content: { google } }]
    })
  })
})

describe('B14 to Gemini', () => {
  const call = { functionCall: { name: 'clock', args: {} } }
  const foreign = base64('routex:anthropic:abc')
  const strip = (parts: readonly object[], model: string): unknown =>
    gemini.stripForeign({ contents: [{ role: 'model', parts }, { role: 'user' }] }, model)

  test('its own signatures stay, so that nothing changes', () => {
    expect(strip([{ ...call, thoughtSignature: base64('its own') }], 'gemini-3-pro')).toBeNull()
  })

  test('another’s goes; from 3 on Google’s stand-in takes its place on a call', () => {
    const parts = [
      { text: '', thoughtSignature: foreign },
      { ...call, thoughtSignature: foreign }
    ]
    expect(strip(parts, 'gemini-2.5-flash')).toEqual({ contents: [{ role: 'model', parts: [call] }, { role: 'user' }] })
    expect(strip(parts, 'gemini-3-pro')).toEqual({
      contents: [{ role: 'model', parts: [{ ...call, thoughtSignature: STAND_IN }] }, { role: 'user' }]
    })
  })
})
