import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { hang, hangForever, stream } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic } from '../support/vendors/vendors'

test('a request that hangs is given 10 s when the gateway stops, then cut, and leaves its row', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(anthropic, { clock })
  first.next(stream([...anthropic.events({ text: 'one' }).slice(0, 4), hang]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await exchange.until('text_delta')
  let cut = false
  void exchange.done.then(() => (cut = true))
  const stopping = gateway.stop()
  const turned = await advanceUntil(clock, 500, 20_000, () => cut)
  await stopping
  expect(turned).toBeGreaterThanOrEqual(9_500)
  expect(turned).toBeLessThanOrEqual(11_000)
  expect((await exchange.done).complete).toBe(false)
  await (
    await first.request(1)
  ).aborted
  const again = await startGateway({ dataDir: gateway.dataDir })
  expect((await again.rows()).map(({ channelName, outcome }) => [channelName, outcome])).toEqual([
    ['first', 'truncated']
  ])
})

test('a request that nobody answered when the grace is over gets 503 in its protocol, and no channel is blamed', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(anthropic, { clock })
  first.next(hangForever)
  const exchange = gateway.ask(anthropic)
  await first.request(1)
  let ended = false
  void exchange.done.then(() => (ended = true))
  const stopping = gateway.stop()
  await advanceUntil(clock, 500, 20_000, () => ended)
  await stopping
  const answer = await exchange.done
  expect(answer.status).toBe(503)
  expect(JSON.parse(answer.text)).toMatchObject({
    type: 'error',
    error: { message: expect.stringMatching(/turned off/) as string }
  })
  const again = await startGateway({ dataDir: gateway.dataDir })
  expect(await again.rows()).toMatchObject([{ status: 503, outcome: 'refused', errorCode: 'paused' }])
})

test('a connection that was opened ahead of need, and has carried nothing, holds no stop up', async () => {
  // The grace never ends by this clock.
  const gateway = await startGateway({ clock: new FakeClock(Date.now()) })
  const { hostname, port } = new URL(gateway.url)
  const ahead = connect(Number(port), hostname)
  await once(ahead, 'connect')
  // One that is answered was taken after the one that was opened before it.
  await gateway.send({ method: 'GET', target: '/health' }).done
  const closed = once(ahead, 'close')
  await gateway.stop()
  await closed
})
