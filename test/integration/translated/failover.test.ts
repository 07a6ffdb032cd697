import { describe, expect, test } from 'vitest'
import { channelOf, withChannels, type ChannelConfig } from '../../support/config'
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream'
import { json, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, fails, gemini, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

/** Routex before channels of these protocols, asked in this order; each says who it is. */
async function start(...vendors: readonly Vendor[]) {
  const channels: ChannelConfig[] = []
  const upstreams: FakeUpstream[] = []
  for (const [at, vendor] of vendors.entries()) {
    const upstream = await startFakeUpstream()
    upstream.always(says(vendor, { text: `from ${vendor.protocol}` }))
    upstreams.push(upstream)
    channels.push(channelOf(vendor, upstream, { name: vendor.protocol, priority: at + 1, apiKey: `sk-${at}-secret` }))
  }
  const gateway = await startGateway({ config: withChannels(channels) })
  const [first, second] = upstreams
  if (first === undefined || second === undefined) throw new Error('two vendors are needed')
  return { first, second, gateway }
}

describe.each([true, false])('streamed: %s', (streamed) => {
  test('B01 from the client’s own protocol to another', async () => {
    const { first, second, gateway } = await start(anthropic, openaiChat)
    first.next(fails(anthropic, 529, 'overloaded'))
    const answer = await gateway.ask(anthropic, { stream: streamed }).done
    expect([answer.status, answer.header('x-routex-attempts'), answer.header('x-routex-channel')]).toEqual([
      200,
      '2',
      'openai-chat'
    ])
    expect(textIn(answer.text)).toContain('from openai-chat')
    expect(answer.text).toContain(streamed ? 'message_stop' : '"stop_reason":"end_turn"')
    expect(JSON.parse(String(second.requests[0]?.body))).toMatchObject({ messages: [{ role: 'user' }] })
  })

  test('B01 and from another back to its own, whose bytes go as they came (B13)', async () => {
    const { first, second, gateway } = await start(gemini, anthropic)
    first.next(fails(gemini, 503, 'overloaded'))
    const answer = await gateway.ask(anthropic, { stream: streamed, body: { top_k: 7, unheard_of: true } }).done
    expect(answer.header('x-routex-channel')).toBe('anthropic')
    expect(answer.header('x-routex-warnings')).toBeUndefined()
    expect(JSON.parse(String(second.requests[0]?.body))).toMatchObject({ top_k: 7, unheard_of: true })
    const expected = streamed
      ? anthropic.events({ text: 'from anthropic' }).join('')
      : JSON.stringify(anthropic.answer({ text: 'from anthropic' }))
    expect(answer.text).toBe(expected)
  })

  test('B01 an error that begins a translated stream is failed over', async () => {
    const { first, gateway } = await start(openaiResponses, gemini)
    const error = { type: 'error', sequence_number: 0, code: 'server_error', message: 'down', param: null }
    first.next(streamed ? stream([`event: error\ndata: ${JSON.stringify(error)}\n\n`]) : json(500, { error }))
    const answer = await gateway.ask(openaiChat, { stream: streamed }).done
    expect(answer.header('x-routex-channel')).toBe('gemini')
    expect(textIn(answer.text)).toContain('from gemini')
  })
})

test('what a translated request is refused for may be taken by a channel of its own protocol', async () => {
  const { first, gateway } = await start(openaiChat, anthropic)
  first.next(fails(openaiChat, 400, 'tools.0: this schema is not taken'))
  const answer = await gateway.ask(anthropic).done
  expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'anthropic'])
})

test('the last refusal comes in the client’s shape, whosever it was', async () => {
  const { first, second, gateway } = await start(anthropic, openaiChat)
  first.next(fails(anthropic, 529, 'overloaded'))
  second.next(fails(openaiChat, 429, 'slow down, chat'))
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(429)
  expect(answer.json()).toMatchObject({
    type: 'error',
    error: { type: 'rate_limit_error', message: expect.stringContaining('slow down, chat') as string }
  })
})

/** All texts of an answer, one after the other. */
const textIn = (body: string): string =>
  [...body.matchAll(/"(?:text|content)":"([^"]*)"/g)].map(([, text]) => text).join('')
