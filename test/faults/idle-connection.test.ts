import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream, type Script } from '../support/fake-upstream'
import { cut, resetBeforeHead } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, says } from '../support/vendors/vendors'

const hello = says(anthropic, { text: 'Hello' })

test.each([
  { what: 'resets', script: resetBeforeHead },
  { what: 'closes', script: cut }
])('a kept connection that the upstream $what as it is used again costs nothing', async ({ script }) => {
  const upstream = await startFakeUpstream()
  upstream.next(hello, script, hello)
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  expect((await gateway.ask(anthropic).done).status).toBe(200)
  const again = await gateway.ask(anthropic).done
  expect([again.status, again.header('x-routex-attempts')]).toEqual([200, '1'])
  expect([upstream.requests.length, upstream.connections]).toEqual([3, 2])
  expect((await gateway.health('main')).failures).toBe(0)
})

test('B12 a session stays with its account when a kept connection was dead', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const headers = { 'x-claude-code-session-id': 'f3b8a0de-0000-4000-8000-000000000001' }
  first.next(hello, resetBeforeHead, hello)
  for (let turn = 0; turn < 3; turn++)
    expect((await gateway.ask(anthropic, { headers }).done).header('x-routex-channel')).toBe('first')
  expect(second.requests).toHaveLength(0)
})

test('a kept connection that breaks once the upstream has worked on the request is not asked twice', async () => {
  const clock = new FakeClock(Date.now())
  const upstream = await startFakeUpstream()
  const gate = Promise.withResolvers<undefined>()
  const breaksLate: Script = async (exchange) => {
    await gate.promise
    exchange.reset()
  }
  upstream.next(hello, breaksLate, hello)
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]), clock })
  await gateway.ask(anthropic).done
  const exchange = gateway.ask(anthropic)
  await upstream.request(2)
  clock.advance(2000)
  gate.resolve(undefined)
  expect((await exchange.done).status).toBe(502)
  expect(upstream.requests).toHaveLength(2)
})

test('a new connection that breaks as well is the channel’s failure', async () => {
  const upstream = await startFakeUpstream()
  upstream.next(hello, resetBeforeHead, resetBeforeHead)
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  await gateway.ask(anthropic).done
  expect((await gateway.ask(anthropic).done).status).toBe(502)
  expect(upstream.requests).toHaveLength(3)
  expect((await gateway.health('main')).failures).toBe(1)
})
