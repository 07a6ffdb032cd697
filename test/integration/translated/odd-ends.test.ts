import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { bytes, json, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import * as messages from '../../support/translation/messages-events'
import { unnamed } from '../../support/vendors/content'
import { anthropic, gemini, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

const DONE = 'data: [DONE]\n\n'

async function start(channel: Vendor, script: Script, hasSecond = true) {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(script)
  second.always(says(channel, { text: 'from second' }))
  return startGateway({
    config: withChannels([
      channelOf(channel, first, { name: 'first', priority: 1 }),
      channelOf(channel, second, { name: 'second', priority: 2, enabled: hasSecond })
    ])
  })
}

describe('lines that say nothing are passed over', () => {
  const events = openaiChat.events({ text: 'one two three' })
  const middle = openaiChat.firstContent + 1
  const odd = ['data: null\n\n', 'data: []\n\n', 'event: ping\ndata: ping\n\n', 'data: 1\n\n']

  test('in the middle of a chat stream', async () => {
    const gateway = await start(openaiChat, stream([...events.slice(0, middle), ...odd, ...events.slice(middle)]))
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(answer.complete).toBe(true)
    expect(answer.text).toContain('message_stop')
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', channelName: 'first' })
  })

  test('behind its finish_reason, whatever they are', async () => {
    const more = [...odd, 'data: {"half\n\n', 'data: end of stream\n\n']
    const gateway = await start(openaiChat, stream([...events.slice(0, -1), ...more, DONE]))
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(answer.text).toContain('message_stop')
    expect(answer.complete).toBe(true)
  })

  test('Gemini’s last line may be OpenAI’s', async () => {
    const gateway = await start(gemini, stream([...gemini.events({ text: 'one two three' }), DONE]))
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(answer.text).toContain('message_stop')
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', channelName: 'first' })
  })
})

const chunk = (choice: object) => unnamed({ id: 'c', choices: [{ index: 0, ...choice }] })

describe.each(['error', 'insufficient_system_resource'])('finish_reason %s is a failed answer', (reason) => {
  test.each([openaiChat, anthropic])('B01 and is failed over for a $protocol client', async (client) => {
    const failed = { delta: {}, finish_reason: reason, error: { message: 'the provider fell over', code: 502 } }
    const streamed = await start(openaiChat, stream([chunk(failed), DONE]))
    expect((await streamed.ask(client, { stream: true }).done).header('x-routex-channel')).toBe('second')
    const whole = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hal' }, finish_reason: reason }] }
    const unstreamed = await start(openaiChat, json(200, whole))
    expect((await unstreamed.ask(client).done).header('x-routex-channel')).toBe('second')
  })

  test('B02 and a broken one when something was sent', async () => {
    const gateway = await start(
      openaiChat,
      stream([chunk({ delta: { content: 'one t' } }), chunk({ delta: {}, finish_reason: reason }), DONE])
    )
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(answer.text).toContain('one t')
    expect(answer.text).not.toMatch(/message_stop|max_tokens/)
    expect(answer.complete).toBe(false)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
  })
})

describe.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'])('Gemini’s %s', (finishReason) => {
  const body = (parts: readonly object[]) => ({
    candidates: [{ content: { role: 'model', parts }, finishReason, finishMessage: 'Malformed: print(x)' }],
    usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 }
  })

  test.each([true, false])('B01 with nothing said is failed over, streamed: %s', async (streamed) => {
    const script = streamed ? stream([unnamed(body([]))]) : json(200, body([]))
    const gateway = await start(gemini, script)
    expect((await gateway.ask(anthropic, { stream: streamed }).done).header('x-routex-channel')).toBe('second')
    const alone = await start(gemini, script, false)
    const answer = await alone.ask(anthropic, { stream: streamed }).done
    expect(answer.status).toBe(502)
    expect(answer.text).toContain('Malformed: print(x)')
  })

  test.each([true, false])('with something said is no plain end, streamed: %s', async (streamed) => {
    const script = streamed ? stream([unnamed(body([{ text: 'Well' }]))]) : json(200, body([{ text: 'Well' }]))
    const gateway = await start(gemini, script)
    const answer = await gateway.ask(anthropic, { stream: streamed }).done
    expect(answer.text).toContain('Well')
    expect(answer.text).not.toContain('end_turn')
  })
})

describe('a call whose arguments are no JSON', () => {
  const cutCall = { name: 'get_weather', arguments: '{"place":"Be' }
  const chat = {
    choices: [
      { message: { tool_calls: [{ id: 'q', type: 'function', function: cutCall }] }, finish_reason: 'tool_calls' }
    ]
  }
  const responses = { status: 'completed', output: [{ type: 'function_call', call_id: 'q', ...cutCall }] }
  test.each([
    { channel: openaiChat, body: chat },
    { channel: openaiResponses, body: responses }
  ])('B01 breaks a whole answer of $channel.protocol as it breaks a stream', async ({ channel, body }) => {
    const gateway = await start(channel, json(200, body))
    expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
  })
})

describe('a whole chat answer that ends in the middle of a call', () => {
  const call = { id: 'q', type: 'function', function: { name: 'get_weather', arguments: '{"place":"Be' } }
  const body = (finish_reason: string) => ({
    choices: [{ message: { content: 'I look.', tool_calls: [call] }, finish_reason }],
    usage: { prompt_tokens: 11, completion_tokens: 7 }
  })

  test.each([
    { client: anthropic, reason: 'length', told: '"stop_reason":"max_tokens"' },
    { client: openaiResponses, reason: 'length', told: '"status":"incomplete"' },
    { client: gemini, reason: 'length', told: '"finishReason":"MAX_TOKENS"' },
    { client: anthropic, reason: 'content_filter', told: '"stop_reason":"refusal"' },
    { client: openaiResponses, reason: 'content_filter', told: '"reason":"content_filter"' },
    { client: gemini, reason: 'content_filter', told: '"finishReason":"SAFETY"' }
  ])('is told once as cut, for $reason to a client of $client.protocol', async ({ client, reason, told }) => {
    for (const streamed of [false, true]) {
      const gateway = await start(openaiChat, json(200, body(reason)))
      const answer = await gateway.ask(client, { stream: streamed }).done
      expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'first'])
      expect(answer.text).toContain('I look.')
      expect(answer.text).toContain(told)
      expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { output: 7 } })
    }
  })
})

describe('an Anthropic answer whose limit cut a call before its input', () => {
  const call = { type: 'tool_use', id: 'toolu_9', name: 'delete_files', input: {} }
  const whole = {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', stop_reason: 'max_tokens', stop_sequence: null },
    ...{ content: [{ type: 'text', text: 'I clean.' }, call], usage: { input_tokens: 3, output_tokens: 9 } }
  }
  const { begin, delta, stop } = messages
  const cut = messages.sse(
    messages.start,
    ...[begin(0, { type: 'text', text: '' }), delta(0, messages.text('I clean.')), stop(0)],
    ...[begin(1, call), delta(1, messages.json('')), stop(1)],
    ...[messages.finish('max_tokens', { output_tokens: 9 }), messages.end]
  )

  test.each([
    { client: openaiChat, told: '"finish_reason":"length"' },
    { client: openaiResponses, told: '"status":"incomplete"' },
    { client: gemini, told: '"finishReason":"MAX_TOKENS"' }
  ])('offers a client of $client.protocol no call that it could make', async ({ client, told }) => {
    for (const streamed of [false, true]) {
      const gateway = await start(anthropic, streamed ? stream([cut]) : json(200, whole))
      const answer = await gateway.ask(client, { stream: streamed }).done
      expect(answer.text).toContain('I clean.')
      expect(answer.text).toContain(told)
      expect(answer.text).not.toContain('delete_files')
    }
  })
})

test('a redirect is told as a bad gateway', async () => {
  const script = bytes(302, Buffer.alloc(0), { location: 'https://login.example/' })
  const gateway = await start(openaiChat, script, false)
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(502)
  expect(answer.text).toContain('redirects (302)')
})

test('B01 a stream of which nothing could be told fails over', async () => {
  const gateway = await start(
    openaiChat,
    stream(['data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}\n\n', DONE])
  )
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'second'])
})
