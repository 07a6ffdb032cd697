import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import { hangForever } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels, type TwoChannels } from '../support/two-channels'
import { anthropic, fails, says } from '../support/vendors/vendors'

const SECOND = 1000

/** The first channel's breaker is open: five failures, each served by the second. */
async function withOpenBreaker(): Promise<TwoChannels & { readonly clock: FakeClock }> {
  const clock = new FakeClock(Date.now())
  const channels = await startTwoChannels(anthropic, { clock })
  channels.first.always(fails(anthropic, 500, 'broken'))
  for (let count = 0; count < 5; count += 1) await channels.gateway.ask(anthropic, { prompt: `failure ${count}` }).done
  return { ...channels, clock }
}

test('B05 five failures in a row open the breaker for 30 s', async () => {
  const { first, gateway, clock } = await withOpenBreaker()
  expect(first.requests).toHaveLength(5)
  const health = await gateway.health('first')
  expect(health).toMatchObject({ state: 'open', failures: 5 })
  expect((health.until ?? 0) - clock.now()).toBe(30 * SECOND)
  await gateway.ask(anthropic, { prompt: 'sixth' }).done
  expect(first.requests).toHaveLength(5)
})

test('B05 a success in between starts the count again', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const broken = fails(anthropic, 500, 'broken')
  first.next(broken, broken, broken, broken, says(anthropic, { text: 'fine' }), broken)
  for (let count = 0; count < 6; count += 1) await gateway.ask(anthropic, { prompt: `request ${count}` }).done
  expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 1 })
})

test('B05 after its time one probe at a time goes out, and a success closes the breaker', async () => {
  const { first, second, gateway, clock } = await withOpenBreaker()
  clock.advance(30 * SECOND)
  const gate = Promise.withResolvers<undefined>()
  first.always(async (exchange) => {
    await gate.promise
    await says(anthropic, { text: 'from first' })(exchange)
  })
  const probe = gateway.ask(anthropic, { prompt: 'probe' })
  await first.request(6)
  expect((await gateway.health('first')).state).toBe('half-open')
  const servedBefore = second.requests.length
  await gateway.ask(anthropic, { prompt: 'beside the probe' }).done
  expect(second.requests).toHaveLength(servedBefore + 1)
  expect(first.requests).toHaveLength(6)
  gate.resolve(undefined)
  expect((await probe.done).header('x-routex-channel')).toBe('first')
  expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0 })
})

test('B05 a failed probe doubles the wait, up to 5 min', async () => {
  const { gateway, clock } = await withOpenBreaker()
  const waits: number[] = []
  for (let round = 0; round < 5; round += 1) {
    clock.advance(((await gateway.health('first')).until ?? 0) - clock.now() + 1)
    await gateway.ask(anthropic, { prompt: `probe ${round}` }).done
    waits.push((((await gateway.health('first')).until ?? 0) - clock.now()) / SECOND)
  }
  expect(waits).toEqual([60, 120, 240, 300, 300])
})

test('B05 a probe whose client goes away frees its permit', async () => {
  const { first, gateway, clock } = await withOpenBreaker()
  clock.advance(30 * SECOND)
  first.next(hangForever)
  first.always(says(anthropic, { text: 'from first' }))
  const probe = gateway.ask(anthropic, { prompt: 'probe' })
  const { aborted } = await first.request(6)
  probe.leave()
  await aborted
  await expect
    .poll(async () => (await gateway.ask(anthropic, { prompt: 'next' }).done).header('x-routex-channel'))
    .toBe('first')
})

test('B05 a sole candidate is always tried, whatever its health', async () => {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  upstream.always(fails(anthropic, 500, 'broken'))
  for (let count = 0; count < 7; count += 1) await gateway.ask(anthropic, { prompt: `failure ${count}` }).done
  expect(upstream.requests).toHaveLength(7)
  upstream.always(fails(anthropic, 429, 'busy', { 'retry-after': '3600' }))
  await gateway.ask(anthropic).done
  upstream.always(fails(anthropic, 401, 'invalid x-api-key'))
  await gateway.ask(anthropic).done
  upstream.always(says(anthropic, { text: 'back again' }))
  expect((await gateway.ask(anthropic).done).status).toBe(200)
  expect((await gateway.health('main')).state).toBe('closed')
})

test('B05 among several that all cool, one request probes the one that ends soonest and the others get retry-after', async () => {
  const clock = new FakeClock(Date.now())
  const { first, second, gateway } = await startTwoChannels(anthropic, { clock })
  first.next(fails(anthropic, 429, 'busy', { 'retry-after': '600' }), hangForever)
  second.next(fails(anthropic, 429, 'busy', { 'retry-after': '60' }), hangForever)
  expect((await gateway.ask(anthropic).done).status).toBe(429)
  const probe = gateway.ask(anthropic, { prompt: 'probe' })
  await second.request(2)
  const refused = await gateway.ask(anthropic, { prompt: 'beside it' }).done
  expect([429, 503]).toContain(refused.status)
  expect(Number(refused.header('retry-after'))).toBeGreaterThan(0)
  expect(Number(refused.header('retry-after'))).toBeLessThanOrEqual(60)
  expect(refused.json()).toMatchObject({ type: 'error' })
  expect(first.requests).toHaveLength(1)
  expect(second.requests).toHaveLength(2)
  probe.leave()
})

test('B05 the 429 names those that rest, and no others', async () => {
  const upstream = await startFakeUpstream()
  const names = ['resting one', 'resting two'].map((name) => channelOf(anthropic, upstream, { name }))
  const off = channelOf(anthropic, upstream, { name: 'switched off', enabled: false })
  const other = channelOf(anthropic, upstream, { name: 'other models', models: ['unheard-*'] })
  const gateway = await startGateway({ config: withChannels([...names, off, other]) })
  const limited = fails(anthropic, 429, 'busy', { 'retry-after': '600' })
  upstream.next(limited, limited, hangForever)
  await gateway.ask(anthropic).done
  const probe = gateway.ask(anthropic, { prompt: 'probe' })
  await upstream.request(3)
  const { text } = await gateway.ask(anthropic, { prompt: 'beside it' }).done
  expect(text).toContain('resting one')
  expect(text).toContain('resting two')
  expect(text).not.toContain('switched off')
  expect(text).not.toContain('other models')
  probe.leave()
})
