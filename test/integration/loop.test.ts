import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startFakeUpstream, type Script } from '../support/fake-upstream'
import { ManagementError } from '../support/management-client'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { anthropic, says, VENDORS } from '../support/vendors/vendors'

/** Hands a request on to `target` as a proxy does, with its own `via` beside what came. */
function relayTo(target: () => string, key: () => string): Script {
  return (exchange) =>
    new Promise((resolve) => {
      const { headers, target: path, body, method } = exchange.request
      const { host, ...sent } = headers
      const via = [headers.via, `1.1 ${host ?? 'middle'}`].filter(Boolean).join(', ')
      const outgoing = request(
        `${target()}${path}`,
        { method, headers: { ...sent, 'x-api-key': key(), via } },
        (answer) => {
          exchange.response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(exchange.response)
          answer.once('end', resolve)
        }
      )
      outgoing.end(body)
    })
}

test('B41 a request to a loopback address carries via with this Routex’s instance', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  await gateway.ask(anthropic).done
  expect(upstream.requests[0]?.headers.via).toMatch(/^1\.1 routex-\S+$/)
})

test('B41 a request that comes back through another proxy is refused with 508', async () => {
  const relay = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, relay)]) })
  relay.always(
    relayTo(
      () => gateway.url,
      () => gateway.key
    )
  )
  const answer = await gateway.ask(anthropic).done
  expect(relay.requests).toHaveLength(1)
  expect(answer.status).toBe(508)
  expect(answer.json()).toMatchObject({ type: 'error' })
  const rows = await gateway.rows()
  expect(rows.some(({ status, outcome }) => status === 508 && outcome === 'refused')).toBe(true)
})

test.each(VENDORS)('B41 a looped request of $protocol is refused in its own shape', async (vendor) => {
  const upstream = await startFakeUpstream()
  upstream.always(says(vendor, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(vendor, upstream)]) })
  await gateway.ask(vendor).done
  const via = upstream.requests[0]?.headers.via ?? ''
  const answer = await gateway.ask(vendor, { headers: { via: `1.0 squid, ${via}` } }).done
  expect(answer.status).toBe(508)
  expect(answer.json()).toMatchObject({ error: { message: expect.any(String) as string } })
  expect(upstream.requests).toHaveLength(1)
})

test('B41 another Routex in front is no loop', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const inner = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  const outer = await startGateway({ config: withChannels([channelOf(anthropic, inner.url, { apiKey: inner.key })]) })
  expect((await outer.ask(anthropic).done).status).toBe(200)
})

test('B41 a channel that points at Routex itself is refused by the API', async () => {
  const gateway = await startGateway()
  const { port } = new URL(gateway.url)
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.0.0.2']) {
    const creating = gateway.call('channels.create', {
      name: host,
      protocol: 'anthropic',
      baseUrl: `http://${host}:${port}/v1`,
      apiKey: 'sk-x'
    })
    await expect(creating, host).rejects.toBeInstanceOf(ManagementError)
    await expect(creating, host).rejects.toMatchObject({ status: 400 })
  }
})

test('B41 a channel of the config file that points at Routex itself gets no request', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  await gateway.writeConfig(withChannels([channelOf(anthropic, gateway.url, { name: 'mirror' })]))
  await expect
    .poll(async () => {
      const answer = await gateway.ask(anthropic).done
      return answer.status === 200 || answer.text.includes('mirror') || answer.status === 508
    })
    .toBe(true)
  const answer = await gateway.ask(anthropic).done
  expect(answer.header('x-routex-attempts') ?? '0').not.toBe('4')
  expect((await gateway.rows()).every(({ channelName }) => channelName !== 'mirror')).toBe(true)
})

test('B41 a list of models is asked for with via, and one that comes back is refused', async () => {
  const relay = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, relay)]) })
  relay.always(
    relayTo(
      () => gateway.url,
      () => gateway.key
    )
  )
  const answer = await gateway.send({ target: '/v1/models', headers: anthropic.headers(gateway.key) }).done
  expect(answer.status).toBe(200)
  expect(relay.requests).toHaveLength(1)
  expect(relay.requests[0]?.headers.via).toMatch(/^1\.1 routex-\S+$/)
  expect(await gateway.lastRow(2)).toMatchObject({ operation: 'models', outcome: 'refused', status: 508 })
})

test('B41 two Routexes that point at each other both list their models at once, without waiting for each other', async () => {
  const one = await startGateway()
  const two = await startGateway()
  const own = (name: string) => channelOf(anthropic, 'http://127.0.0.1:9', { name, models: [`model-of-${name}`] })
  await one.writeConfig(withChannels([own('one'), channelOf(anthropic, two.url, { name: 'two', apiKey: two.key })]))
  await two.writeConfig(withChannels([own('two'), channelOf(anthropic, one.url, { name: 'one', apiKey: one.key })]))
  const ready = async (gateway: typeof one) => (await gateway.call('channels.list', {})).channels.length
  await expect.poll(() => ready(one)).toBe(2)
  await expect.poll(() => ready(two)).toBe(2)
  const startedAt = performance.now()
  const answers = await Promise.all(
    [one, two].map((gateway) => gateway.send({ target: '/v1/models', headers: anthropic.headers(gateway.key) }).done)
  )
  expect(performance.now() - startedAt).toBeLessThan(3000)
  for (const answer of answers) {
    const { data } = answer.json() as { readonly data: readonly { readonly id: string }[] }
    expect(data.map(({ id }) => id).sort()).toEqual(['model-of-one', 'model-of-two'])
  }
})

test('B41 the test of a channel carries via too', async () => {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  await gateway.call('channels.test', { id: (await gateway.health('main')).id })
  for (const { headers } of upstream.requests) expect(headers.via).toMatch(/^1\.1 routex-\S+$/)
  expect(upstream.requests.length).toBeGreaterThan(0)
})
