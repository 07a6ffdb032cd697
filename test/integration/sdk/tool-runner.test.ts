import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import { textIn } from '../../../src/main/protocols/foreign-json'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { QUESTION, TOOL, weatherOf } from '../../support/sdk-loop/loop'
import { historyOf, loopScripts } from '../../support/sdk-loop/upstream'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { anthropic, fails, says, VENDORS, type Vendor } from '../../support/vendors/vendors'

const OTHERS = VENDORS.filter((vendor) => vendor !== anthropic)

async function start(vendor: Vendor) {
  const upstream = await startFakeUpstream()
  const channel = channelOf(vendor, upstream, { modelMap: { '*': vendor.model }, priority: 20 })
  return { upstream, channel }
}

/** The SDK's own loop, which sends each turn into a thread that the server holds. */
async function runTools(gateway: RunningGateway, stream: boolean): Promise<string> {
  const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  const runner = client.beta.messages.toolRunner({
    model: anthropic.model,
    max_tokens: 4096,
    stream,
    messages: [{ role: 'user', content: QUESTION }],
    tools: [
      {
        type: 'custom' as const,
        name: TOOL.name,
        description: TOOL.description,
        input_schema: TOOL.schema,
        run: (input: unknown) => weatherOf(input),
        parse: (input: unknown) => input
      }
    ]
  })
  const last = await runner.runUntilDone()
  return last.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
}

const CASES = OTHERS.flatMap((vendor) => [true, false].map((stream) => ({ vendor, channel: vendor.protocol, stream })))

describe.each(CASES)('the tool runner of the Anthropic SDK on a channel of $channel, stream $stream', (one) => {
  test('goes on without a thread, with the whole conversation in each turn', async () => {
    const { upstream, channel } = await start(one.vendor)
    upstream.next(...loopScripts(one.vendor))
    const gateway = await startGateway({ config: withChannels([channel]) })

    expect(await runTools(gateway, one.stream)).toBe('Both are as warm.')
    const histories = upstream.requests.map((request) => historyOf(one.vendor, request))
    expect(histories.map(({ results }) => results.map(({ text }) => text))).toEqual([
      [],
      ['21 °C in Bern'],
      ['21 °C in Bern', '21 °C in Zürich 🏔']
    ])
  })

  test('fails over from the vendor itself to it', async () => {
    const { upstream, channel } = await start(one.vendor)
    upstream.next(...loopScripts(one.vendor))
    const own = await startFakeUpstream()
    own.always(fails(anthropic, 529, 'Overloaded'))
    const first = channelOf(anthropic, own, { name: 'first', priority: 10 })
    const gateway = await startGateway({ config: withChannels([first, channel]) })

    expect(await runTools(gateway, one.stream)).toBe('Both are as warm.')
    expect(own.requests[0]?.body.toString()).toContain('"thread":{"type":"create"}')
    expect(upstream.requests).toHaveLength(3)
  })
})

describe('a thread', () => {
  const asked = { max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }

  test('that only the vendor can hold is refused in its words where another channel is to answer', async () => {
    const { upstream, channel } = await start(OTHERS[0] ?? anthropic)
    const gateway = await startGateway({ config: withChannels([channel]) })
    const answer = await gateway.ask(anthropic, { body: { ...asked, thread: { type: 'create' } } }).done
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      error: {
        type: 'invalid_request_error',
        details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] }
      }
    })
    expect(upstream.requests).toHaveLength(0)
    expect((await gateway.health('main')).inFlight).toBe(0)
  })

  test('that nobody knows is not found, in the vendor’s words', async () => {
    const { channel } = await start(OTHERS[0] ?? anthropic)
    const gateway = await startGateway({ config: withChannels([channel]) })
    const thread = { type: 'continue', previous_message_id: 'msg_gone' }
    const answer = await gateway.ask(anthropic, { body: { ...asked, thread } }).done
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({
      error: { type: 'not_found_error', details: { error_code: 'thread_not_found' } }
    })
  })

  test('stays with the channel of the vendor that holds it', async () => {
    const own = await startFakeUpstream()
    own.next(...loopScripts(anthropic))
    const { upstream, channel } = await start(OTHERS[0] ?? anthropic)
    const first = channelOf(anthropic, own, { name: 'first', priority: 10 })
    const gateway = await startGateway({ config: withChannels([first, channel]) })

    expect(await runTools(gateway, false)).toBe('Both are as warm.')
    expect(own.requests).toHaveLength(3)
    expect(own.requests[2]?.body.toString()).toContain('"type":"continue"')
    expect(upstream.requests).toHaveLength(0)
  })

  test.each([true, false])('B14 stays with the one of several accounts that made it, stream %s', async (stream) => {
    const { gateway, upstreams } = await startAccounts(2)
    for (const upstream of upstreams) upstream.next(...loopScripts(anthropic))
    expect(await runTools(gateway, stream)).toBe('Both are as warm.')
    expect(upstreams.map(({ requests }) => requests.length)).toEqual([3, 0])
  })
})

describe('a thread whose account has broken down', () => {
  test('is not found where another account could answer, so that its client begins anew there', async () => {
    const { upstreams, turn } = await startAccounts(2)
    const id = await turn({ type: 'create' }).then(({ body }) => textIn(body, 'id'))
    upstreams[0]?.next(overloaded, overloaded)

    const goesOn = { type: 'continue', previous_message_id: id }
    expect((await turn(goesOn)).status).toBe(529)
    const refused = await turn(goesOn)
    expect(refused.status).toBe(404)
    expect(refused.body).toMatchObject({ error: { details: { error_code: 'thread_not_found' } } })
    expect((await turn({ type: 'create' })).status).toBe(200)
    expect(upstreams.map(({ requests }) => requests.length)).toEqual([2, 1])
  })

  test('is asked for there again where no other could', async () => {
    const { upstreams, turn } = await startAccounts(1)
    const id = await turn({ type: 'create' }).then(({ body }) => textIn(body, 'id'))
    upstreams[0]?.next(overloaded, overloaded)

    const goesOn = { type: 'continue', previous_message_id: id }
    expect([(await turn(goesOn)).status, (await turn(goesOn)).status]).toEqual([529, 529])
  })
})

const overloaded = fails(anthropic, 529, 'Overloaded')

/** So many accounts of the vendor's that take turns, and one turn of a thread by hand. */
async function startAccounts(count: number) {
  const upstreams = await Promise.all(Array.from({ length: count }, () => startFakeUpstream()))
  for (const upstream of upstreams) upstream.always(says(anthropic, { text: 'Hello' }))
  const channels = upstreams.map((upstream, index) => channelOf(anthropic, upstream, { name: `account ${index}` }))
  const gateway = await startGateway({ config: withChannels(channels, { strategy: 'round_robin' }) })
  const turn = async (thread: Readonly<Record<string, unknown>>) => {
    const answer = await gateway.ask(anthropic, { body: { thread } }).done
    return { status: answer.status, body: answer.json() }
  }
  return { gateway, upstreams, turn }
}
