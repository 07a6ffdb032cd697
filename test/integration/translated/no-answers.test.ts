import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { json, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { unnamed } from '../../support/vendors/content'
import {
  anthropic,
  gemini,
  openaiChat,
  openaiResponses,
  says,
  VENDORS,
  type Vendor
} from '../../support/vendors/vendors'

/** A channel that answers so, asked first, and one of the same protocol behind it that says "from second". */
async function start(channel: Vendor, script: Script, only = false) {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(script)
  second.always(says(channel, { text: 'from second' }))
  const gateway = await startGateway({
    config: withChannels([
      channelOf(channel, first, { name: 'first', priority: 1 }),
      channelOf(channel, second, { name: 'second', priority: 2, enabled: !only })
    ])
  })
  const { id } = await gateway.health('first')
  /** Asks once more, whatever was held against the channel; `next`: what it says this time. */
  const ask = async (client: Vendor, streamed: boolean, next: Script = script) => {
    first.always(next)
    const answer = await gateway.ask(client, { stream: streamed }).done
    await gateway.call('channels.clearHealth', { id })
    return answer
  }
  return { gateway, ask }
}

/** What relays answer with a 200, and the words that must reach the client. */
const NO_ANSWERS = [
  { body: {}, words: '{}' },
  { body: { code: 1001, msg: 'no more tokens today', success: false }, words: 'no more tokens today' },
  {
    body: { id: 'x', choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
    words: 'insufficient balance'
  },
  { body: { message: 'Forbidden' }, words: 'Forbidden' },
  { body: { detail: 'Not found' }, words: 'Not found' },
  { body: { choices: [], content: null, output: null, candidates: [] }, words: '"choices":[]' }
] as const

const otherThan = (channel: Vendor): Vendor => (channel === anthropic ? openaiChat : anthropic)

describe.each(VENDORS)('a channel of $protocol', (channel) => {
  test.each([true, false])('B01 that answers 200 without an answer is failed over, streamed: %s', async (streamed) => {
    const { ask } = await start(channel, json(200, { code: 1001, msg: 'no more tokens today' }))
    for (const client of [channel, otherThan(channel)]) {
      const answer = await ask(client, streamed)
      expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'second'])
    }
  })

  test('B03 and where nobody is left its words are an error of the client’s protocol', async () => {
    const { ask, gateway } = await start(channel, json(200, {}), true)
    for (const { body, words } of NO_ANSWERS) {
      for (const client of [channel, otherThan(channel)]) {
        const answer = await ask(client, false, json(200, body))
        expect(answer.status).toBe(words === 'insufficient balance' ? 402 : 502)
        const { error } = answer.json() as { readonly error: { readonly message: string } }
        expect(error.message).toContain(words)
      }
    }
    expect((await gateway.rows()).every(({ outcome }) => outcome === 'upstream_error')).toBe(true)
  })
})

test('B01 a choice without a message is no answer', async () => {
  const { gateway } = await start(openaiChat, json(200, { choices: [{ message: null, finish_reason: 'stop' }] }))
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
})

describe.each([openaiChat, anthropic])('a $protocol client, streamed by a chat channel', (client) => {
  const complaint = unnamed({ code: 1001, msg: 'no more tokens today' })
  const done = 'data: [DONE]\n\n'

  test.each([{ events: [complaint, done] }, { events: [complaint] }, { events: [done] }])(
    'B01 is answered by the next one where the stream says nothing: $events',
    async ({ events }) => {
      const { gateway } = await start(openaiChat, stream(events))
      const answer = await gateway.ask(client, { stream: true }).done
      expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'second'])
    }
  )

  test('B03 gets its words where nobody is left', async () => {
    const { gateway } = await start(openaiChat, stream([complaint, done]), true)
    const answer = await gateway.ask(client, { stream: true }).done
    expect(answer.status).toBe(502)
    expect(answer.text).toContain('no more tokens today')
  })

  test('B02 sees a broken stream where the words come in its middle', async () => {
    const begun = openaiChat.events({ text: 'one two three' }).slice(0, openaiChat.firstContent + 1)
    const { gateway } = await start(openaiChat, stream([...begun, complaint, done]))
    const answer = await gateway.ask(client, { stream: true }).done
    expect(answer.complete).toBe(false)
    expect(answer.text).not.toMatch(/message_stop|\[DONE\]|"finish_reason":"/)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
  })
})

describe('an error in a 200 has the status of its kind for a client of another protocol', () => {
  const ERRORS = [
    { channel: openaiChat, status: 500, body: { error: { message: 'inner failure', code: 500 } } },
    { channel: anthropic, status: 529, body: { type: 'error', error: { type: 'overloaded_error', message: 'inner' } } },
    { channel: gemini, status: 503, body: { error: { code: 503, message: 'inner', status: 'UNAVAILABLE' } } },
    {
      channel: openaiResponses,
      status: 500,
      body: { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'inner' }, output: [] }
    }
  ] as const

  test.each(ERRORS)('$channel.protocol: $status', async ({ channel, status, body }) => {
    const client = otherThan(channel)
    const { ask } = await start(channel, json(200, body), true)
    for (const streamed of [false, true]) {
      const answer = await ask(client, streamed)
      expect(answer.status).toBe(status === 529 && client !== anthropic ? 503 : status)
      expect(answer.json()).toMatchObject({ error: { message: expect.stringContaining('inner') as string } })
    }
  })
})
