import { describe, expect, test } from 'vitest'
import { channelOf, withChannels, type ChannelConfig } from '../../support/config'
import { FakeClock } from '../../support/fake-clock'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { bytes, cut, hang, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { advanceUntil } from '../../support/time'
import { named, unnamed } from '../../support/vendors/content'
import {
  anthropic,
  gemini,
  openaiChat,
  openaiResponses,
  says,
  VENDORS,
  type Vendor
} from '../../support/vendors/vendors'

const CONTENT = { text: 'Grüße 🎉', thinking: 'Hm.', tool: { name: 'get_weather', arguments: { place: 'Bern' } } }

/** A channel that is asked first, and one of the same protocol behind it that says "from second". */
async function start(channel: Vendor, script: Script, rest: Partial<ChannelConfig> = {}, clock = new FakeClock(0)) {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  first.always(script)
  second.always(says(channel, { text: 'from second' }))
  const channels = [
    channelOf(channel, first, { name: 'first', priority: 1 }),
    channelOf(channel, second, { name: 'second', priority: 2, ...rest })
  ]
  return { first, gateway: await startGateway({ config: withChannels(channels), clock }) }
}

const withoutIds = (body: unknown) => JSON.stringify(body).replaceAll(/"(?:id|call_id|responseId)":"[^"]*"/g, '"id":""')

describe.each(VENDORS)('a channel of $protocol that streams though it was not asked to', (channel) => {
  const clients = VENDORS.filter((vendor) => vendor !== channel)

  test.each(clients)('gives a client of $protocol the whole answer', async (client) => {
    const { first, gateway } = await start(channel, stream(channel.events(CONTENT)))
    const body = client === openaiResponses ? { store: true } : {}
    const answer = await gateway.ask(client, { body }).done
    expect([answer.status, answer.header('x-routex-channel')]).toEqual([200, 'first'])
    expect(answer.header('content-type')).toMatch(/^application\/json/)
    first.always(says(channel, CONTENT))
    const whole = await gateway.ask(client, { body }).done
    expect(withoutIds(answer.json())).toBe(withoutIds(whole.json()))
    const [rowOfWhole, row] = await gateway.rows()
    expect(row).toMatchObject({ outcome: 'ok', usage: rowOfWhole?.usage })
    if (client !== openaiResponses) return
    const { id } = answer.json() as { readonly id: string }
    expect((await gateway.ask(client, { body: { previous_response_id: id } }).done).status).toBe(200)
  })

  test('B01 is failed over where its stream breaks off, however late', async () => {
    const events = channel.events(CONTENT)
    const client = clients[0] ?? channel
    const { first, gateway } = await start(channel, stream([...events.slice(0, -1), cut]))
    expect((await gateway.ask(client).done).header('x-routex-channel')).toBe('second')
    first.always(stream(events.slice(0, channel.firstContent + 1)))
    expect((await gateway.ask(client).done).header('x-routex-channel')).toBe('second')
    const rows = await gateway.rows()
    expect(rows.map(({ attempts }) => attempts[0]?.verdict)).toEqual(['reset', 'reset'])
  })

  test('is taken for one by its first bytes, whatever its content type', async () => {
    const type = { 'content-type': 'application/json' }
    const { gateway } = await start(channel, stream(['\n', ...channel.events(CONTENT)], type))
    const answer = await gateway.ask(clients[0] ?? channel).done
    expect(answer.header('x-routex-channel')).toBe('first')
    expect(answer.text).toContain('Grüße 🎉')
  })
})

test('a Gemini array in pieces is such a stream too', async () => {
  const pieces = gemini.events(CONTENT).map((event) => event.slice('data: '.length).trim())
  const { gateway } = await start(gemini, bytes(200, Buffer.from(`[${pieces.join(',\r\n')}]`)))
  const answer = await gateway.ask(anthropic).done
  expect(answer.header('x-routex-channel')).toBe('first')
  expect(answer.json()).toMatchObject({ stop_reason: 'tool_use' })
})

test('B01 an error in it has the status of its kind', async () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'too many of us' } }
  const begun = anthropic.events(CONTENT).slice(0, anthropic.firstContent + 1)
  const { gateway } = await start(anthropic, stream([...begun, named(overloaded)]), { enabled: false })
  const answer = await gateway.ask(openaiChat).done
  expect(answer.status).toBe(503)
  expect(answer.text).toContain('too many of us')
})

test('an answer over 32 MiB is refused, however it is cut into events', async () => {
  const piece = unnamed({ choices: [{ index: 0, delta: { content: 'x'.repeat(1024 * 1024) } }] })
  const { gateway } = await start(openaiChat, stream(Array.from({ length: 33 }, () => piece)), { enabled: false })
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(502)
  expect(answer.text).toContain('over 32 MiB')
})

test.each([
  { what: 'its last event', left: 0 },
  { what: 'its stop reason (B27)', left: 1 }
])('an upstream that does not close behind $what is not waited for', async ({ left }) => {
  const clock = new FakeClock(Date.now())
  const events = anthropic.events({ text: 'all of it' })
  const { first, gateway } = await start(anthropic, stream([...events.slice(0, events.length - left), hang]), {}, clock)
  const exchange = gateway.ask(openaiChat)
  const { aborted } = await first.request(1)
  await advanceUntil(clock, 500, 15_000, () => first.requests[0]?.wasAborted === true)
  await aborted
  const answer = await exchange.done
  expect(answer.header('x-routex-channel')).toBe('first')
  expect(answer.text).toContain('all of it')
})
