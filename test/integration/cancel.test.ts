import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import { hang, hangForever, stream } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS } from '../support/vendors/vendors'

test.each([{ streamed: false }, { streamed: true }])(
  'B07 a client that goes away before the first byte aborts the upstream, counts as 499 and harms no channel, streamed $streamed',
  async ({ streamed }) => {
    const { first, second, gateway } = await startTwoChannels(anthropic)
    first.next(hangForever)
    const exchange = gateway.ask(anthropic, { stream: streamed })
    const { aborted } = await first.request(1)
    exchange.leave()
    await aborted
    expect(await gateway.onlyRow()).toMatchObject({
      status: 499,
      outcome: 'cancelled',
      channelName: null, // nobody answered
      attempts: [{ channelName: 'first', verdict: 'cancelled' }]
    })
    expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0, inFlight: 0 })
    expect(second.requests).toHaveLength(0)
  }
)

test.each(VENDORS)(
  'B07 a $protocol client that goes away in the stream aborts the upstream, counts as 499 and harms no channel',
  async (vendor) => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.next(stream([...vendor.events({ text: 'one two three' }).slice(0, vendor.firstContent + 1), hang]))
    const exchange = gateway.ask(vendor, { stream: true })
    await exchange.until('one')
    exchange.leave()
    await (
      await first.request(1)
    ).aborted
    expect(await gateway.onlyRow()).toMatchObject({ status: 499, outcome: 'cancelled', channelName: 'first' })
    expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0, inFlight: 0 })
  }
)

test('B07 a client that goes away in a whole answer aborts the upstream', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(async (exchange) => {
    exchange.head(200, { 'content-type': 'application/json' })
    await exchange.write('{"type":"message",')
    await hang(exchange)
  })
  const exchange = gateway.ask(anthropic)
  const { aborted } = await first.request(1)
  exchange.leave()
  await aborted
  expect(await gateway.onlyRow()).toMatchObject({ status: 499, outcome: 'cancelled' })
})

test('B07 a client that goes away while it still sends its body leaves one cancelled row', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const exchange = gateway.send({
    method: 'POST',
    target: '/v1/messages',
    headers: { ...anthropic.headers(gateway.key), 'content-type': 'application/json', 'content-length': '5000' }
  })
  exchange.write('{"model":')
  // the listener has read the head once another request of later got its answer
  await gateway.ask(anthropic).done
  exchange.leave()
  const row = await gateway.lastRow(2)
  expect([row.outcome, (await gateway.rows())[1]?.outcome].sort()).toEqual(['cancelled', 'ok'])
  expect(first.requests).toHaveLength(1)
})

test('B07 a cancelled request leaves the session’s binding alone', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic, {
    settings: { strategy: 'round_robin' },
    firstChannel: { priority: 1 },
    secondChannel: { priority: 1 }
  })
  const headers = { 'x-session-id': 'session-of-a-leaver' }
  const bound = (await gateway.ask(anthropic, { headers }).done).header('x-routex-channel')
  const upstream = bound === 'first' ? first : second
  const before = upstream.requests.length
  upstream.next(hangForever)
  const leaver = gateway.ask(anthropic, { headers })
  const { aborted } = await upstream.request(before + 1)
  leaver.leave()
  await aborted
  for (const round of [1, 2, 3]) {
    const answer = await gateway.ask(anthropic, { headers, prompt: `round ${round}` }).done
    expect(answer.header('x-routex-channel')).toBe(bound)
  }
})

test.each(VENDORS)(
  'B07 a $protocol client that leaves with the end of the answer in hand has its session bound, and counts as answered',
  async (vendor) => {
    const clock = new FakeClock(Date.now())
    const { first, second, gateway } = await startTwoChannels(vendor, {
      clock,
      settings: { strategy: 'round_robin' },
      firstChannel: { priority: 1 },
      secondChannel: { priority: 1 }
    })
    const events = vendor.events({ text: 'one two three' })
    const headers = { 'x-session-id': 'session-of-one-in-a-hurry' }
    for (const upstream of [first, second]) upstream.next(stream([...events, hang]))
    const exchange = gateway.ask(vendor, { stream: true, headers })
    await exchange.when(() => exchange.text === events.join(''))
    exchange.leave()
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', status: 200, usage: { input: 11, output: 7 } })

    const bound = first.requests.length === 1 ? 'first' : 'second'
    for (const round of [1, 2, 3]) {
      const answer = await gateway.ask(vendor, { headers, prompt: `round ${round}` }).done
      expect(answer.header('x-routex-channel')).toBe(bound)
    }
  }
)

test.each(
  VENDORS.flatMap((vendor) => [
    { vendor, pieces: 'many' as const },
    { vendor, pieces: 'one' as const }
  ])
)(
  'a $vendor.protocol answer in $pieces ends with its last event, and an upstream that does not close then is let go a second later',
  async ({ vendor, pieces }) => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(vendor, { clock })
    const events = vendor.events({ text: 'one two three' })
    first.next(stream([...(pieces === 'one' ? [events.join('')] : events), hang]))
    const exchange = gateway.ask(vendor, { stream: true })
    let letGo = false
    const { aborted } = await first.request(1)
    void aborted.then(() => (letGo = true))
    if (vendor === gemini) {
      // Its streams have no last event: their end is the close, or ten seconds of silence after the stop reason (B27).
      await exchange.when(() => exchange.text === events.join(''))
      let ended = false
      void exchange.done.then(() => (ended = true))
      await advanceUntil(clock, 500, 15_000, () => ended)
      return
    }
    const answer = await exchange.done
    expect([answer.complete, answer.text]).toEqual([true, events.join('')])
    clock.advance(500)
    await gateway.onlyRow()
    expect(letGo).toBe(false)
    await advanceUntil(clock, 250, 2000, () => letGo)
  }
)

test('B08 log, header and health name the channel that really answered', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.next((exchange) => exchange.reset())
  const answer = await gateway.ask(openaiChat).done
  expect(answer.header('x-routex-channel')).toBe('second')
  const row = await gateway.onlyRow()
  expect(row).toMatchObject({ channelName: 'second', outcome: 'ok' })
  expect(row.attempts.map(({ channelName, verdict }) => [channelName, verdict === 'ok'])).toEqual([
    ['first', false],
    ['second', true]
  ])
  expect((await gateway.health('first')).failures).toBe(1)
  expect((await gateway.health('second')).failures).toBe(0)
})

test('B08 a channel that is disabled while it serves stays disabled after its success', async () => {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([]) })
  const channel = await gateway.call('channels.create', channelOf(gemini, upstream))
  const gate = Promise.withResolvers<undefined>()
  const events = gemini.events({ text: 'one two three' })
  upstream.next(stream([events[0] ?? '', gate.promise, ...events.slice(1)]))
  const exchange = gateway.ask(gemini, { stream: true })
  await exchange.until('one')
  await gateway.call('channels.update', { id: channel.id, change: { enabled: false } })
  gate.resolve(undefined)
  expect((await exchange.done).complete).toBe(true)
  expect((await gateway.call('channels.get', { id: channel.id })).enabled).toBe(false)
  expect((await gateway.health('main')).enabled).toBe(false)
  expect([404, 503]).toContain((await gateway.ask(gemini, { prompt: 'more' }).done).status)
  expect(upstream.requests).toHaveLength(1)
})

test('B08 a disabled channel gets no request', async () => {
  const { first, gateway } = await startTwoChannels(openaiResponses, { firstChannel: { enabled: false } })
  expect((await gateway.ask(openaiResponses).done).header('x-routex-channel')).toBe('second')
  expect(first.requests).toHaveLength(0)
})
