import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import { hang, hangForever, stream } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, openaiChat } from '../support/vendors/vendors'

const SECOND = 1000
const MINUTE = 60 * SECOND

test('B06 no first byte of a stream within the channel’s own time fails over', async () => {
  const clock = new FakeClock(Date.now())
  const { first, second, gateway } = await startTwoChannels(anthropic, {
    clock,
    firstChannel: { timeouts: { firstByteMs: 20_000 } }
  })
  first.next(hangForever)
  const exchange = gateway.ask(anthropic, { stream: true })
  const { aborted } = await first.request(1)
  const turned = await advanceUntil(clock, 500, MINUTE, () => second.requests.length > 0)
  expect(turned).toBeGreaterThanOrEqual(19 * SECOND)
  expect(turned).toBeLessThanOrEqual(22 * SECOND)
  await aborted
  expect((await exchange.done).header('x-routex-channel')).toBe('second')
  expect((await gateway.health('first')).failures).toBe(1)
})

test('B06 a local server gets 600 s for its first byte', async () => {
  const clock = new FakeClock(Date.now())
  const { first, second, gateway } = await startTwoChannels(anthropic, { clock })
  first.next(hangForever)
  const exchange = gateway.ask(anthropic, { stream: true })
  await first.request(1)
  clock.advance(599 * SECOND)
  expect(second.requests).toHaveLength(0)
  // with the total of 600 s gone as well nothing is left to try
  await advanceUntil(clock, 500, 10 * SECOND, () => first.requests[0]?.wasAborted === true)
  const answer = await exchange.done
  expect(answer.status).toBe(504)
  expect(answer.json()).toMatchObject({ type: 'error' })
})

test('B06 comments and blank lines are no first byte', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(openaiChat, {
    clock,
    firstChannel: { timeouts: { firstByteMs: 20_000 } }
  })
  const gate = Promise.withResolvers<undefined>()
  first.next(stream([': OPENROUTER PROCESSING\n\n', '\n', gate.promise, ': OPENROUTER PROCESSING\n\n', hang]))
  const exchange = gateway.ask(openaiChat, { stream: true })
  await first.request(1)
  clock.advance(15 * SECOND)
  gate.resolve(undefined)
  await advanceUntil(clock, 500, 10 * SECOND, () => first.requests[0]?.wasAborted === true)
  expect((await exchange.done).header('x-routex-channel')).toBe('second')
})

test('B06 300 s of silence inside a stream end it as broken', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(anthropic, { clock })
  const events = anthropic.events({ text: 'one two three' })
  first.next(stream([...events.slice(0, 4), hang]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await exchange.until('text_delta')
  const turned = await advanceUntil(clock, SECOND, 10 * MINUTE, () => first.requests[0]?.wasAborted === true)
  expect(turned).toBeGreaterThanOrEqual(299 * SECOND)
  expect(turned).toBeLessThanOrEqual(303 * SECOND)
  expect((await exchange.done).complete).toBe(false)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})

test('B06 a slow drip resets the silence', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(anthropic, {
    clock,
    firstChannel: { timeouts: { idleMs: 30_000 } }
  })
  const events = anthropic.events({ text: 'one two three' })
  const gates = events.slice(4).map(() => Promise.withResolvers<undefined>())
  first.next(
    stream([...events.slice(0, 4), ...events.slice(4).flatMap((event, index) => [gates[index]?.promise ?? '', event])])
  )
  const exchange = gateway.ask(anthropic, { stream: true })
  await exchange.until('text_delta')
  for (const [index, gate] of gates.entries()) {
    clock.advance(25 * SECOND)
    gate.resolve(undefined)
    await exchange.when(() => exchange.text.includes(events[4 + index] ?? ''))
  }
  const answer = await exchange.done
  expect(answer.complete).toBe(true)
  expect(answer.text.replaceAll(/event: ping\ndata: [^\n]*\n\n/g, '')).toBe(
    events.join('').replaceAll(/event: ping\ndata: [^\n]*\n\n/g, '')
  )
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
})

test('B06 at most 4 attempts are made', async () => {
  const upstreams = await Promise.all(Array.from({ length: 6 }, () => startFakeUpstream()))
  for (const upstream of upstreams) upstream.always(fails(anthropic, 500, 'broken'))
  const channels = upstreams.map((upstream, index) => channelOf(anthropic, upstream, { name: `channel ${index}` }))
  const gateway = await startGateway({ config: withChannels(channels) })
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(500)
  expect(answer.header('x-routex-attempts')).toBe('4')
  expect(upstreams.reduce((sum, upstream) => sum + upstream.requests.length, 0)).toBe(4)
  expect((await gateway.onlyRow()).attempts).toHaveLength(4)
})

test('B06 no new attempt begins after 600 s before commit', async () => {
  const clock = new FakeClock(Date.now())
  const timeouts = { firstByteMs: 400_000 }
  const { first, second, gateway } = await startTwoChannels(anthropic, {
    clock,
    firstChannel: { timeouts },
    secondChannel: { timeouts }
  })
  first.next(hangForever)
  second.next(hangForever)
  const exchange = gateway.ask(anthropic)
  await first.request(1)
  const untilSecond = await advanceUntil(clock, 500, 450 * SECOND, () => second.requests.length > 0)
  const untilEnd = await advanceUntil(clock, 500, 450 * SECOND, () => second.requests[0]?.wasAborted === true)
  expect(untilSecond + untilEnd).toBeGreaterThanOrEqual(599 * SECOND)
  expect(untilSecond + untilEnd).toBeLessThanOrEqual(603 * SECOND)
  expect((await exchange.done).status).toBe(504)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', status: 504 })
})
