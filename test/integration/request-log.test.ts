import { describe, expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import { cut, hangForever, stream } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, VENDORS } from '../support/vendors/vendors'

interface Ending {
  readonly what: string
  readonly ask: (gateway: RunningGateway) => Promise<unknown>
  readonly row: object
}

const REFUSALS: readonly Ending[] = [
  {
    what: 'no key',
    ask: (gateway) => gateway.ask(anthropic, { key: null }).done,
    row: { status: 401, outcome: 'refused', clientKeyId: null }
  },
  {
    what: 'a wrong key',
    ask: (gateway) => gateway.ask(anthropic, { key: 'rtx-wrong' }).done,
    row: { status: 401, outcome: 'refused' }
  },
  {
    what: 'bad JSON',
    ask: (gateway) =>
      gateway.send({ target: '/v1/messages', headers: anthropic.headers(gateway.key), body: '{"model":' }).done,
    row: { status: 400, outcome: 'refused', clientKeyName: 'test' }
  },
  {
    what: 'no model',
    ask: (gateway) => gateway.ask(anthropic, { body: { model: undefined } }).done,
    row: { status: 400, outcome: 'refused', model: null }
  },
  {
    what: 'an unknown path',
    ask: (gateway) =>
      gateway.send({ target: '/v1/unheard/of', headers: anthropic.headers(gateway.key), body: {} }).done,
    row: { status: 404, outcome: 'refused', path: '/v1/unheard/of' }
  },
  {
    what: 'a body over the limit',
    ask: (gateway) => gateway.ask(anthropic, { prompt: 'x'.repeat(1024 * 1024) }).done,
    row: { status: 413, outcome: 'refused' }
  },
  {
    what: 'a foreign Host',
    ask: (gateway) => gateway.ask(anthropic, { headers: { host: 'evil.example' } }).done,
    row: { status: 421, outcome: 'refused' }
  },
  {
    what: 'a foreign Origin',
    ask: (gateway) => gateway.ask(anthropic, { headers: { origin: 'https://evil.example' } }).done,
    row: { status: 403, outcome: 'refused' }
  },
  {
    what: 'an expectation that is not known',
    ask: async (gateway) => {
      const { status, text } = await gateway.ask(anthropic, { headers: { expect: 'foo' } }).done
      expect([status, JSON.parse(text)]).toEqual([417, expect.objectContaining({ type: 'error' })])
    },
    row: { status: 417, outcome: 'refused', path: '/v1/messages' }
  },
  {
    what: 'more headers than are read',
    ask: (gateway) => gateway.ask(anthropic, { headers: { 'x-big': 'x'.repeat(70_000) } }).done,
    row: { status: 431, outcome: 'refused' }
  },
  {
    what: 'what is no HTTP',
    ask: (gateway) => gateway.send({ target: '/v1/x?key=secret y', headers: {} }).done,
    row: { method: '', path: '', status: 400, outcome: 'refused', protocol: null }
  },
  {
    what: 'a list of models with a wrong key',
    ask: (gateway) => gateway.send({ target: '/v1/models', headers: anthropic.headers('rtx-wrong') }).done,
    row: { method: 'GET', path: '/v1/models', status: 401, outcome: 'refused' }
  },
  {
    what: 'no candidate',
    ask: (gateway) => gateway.ask(anthropic, { model: 'nobody-has-it' }).done,
    row: { outcome: 'refused', errorCode: 'no_candidate', model: 'nobody-has-it' }
  },
  {
    what: 'a pause',
    ask: async (gateway) => {
      await gateway.call('gateway.setState', { state: 'paused' })
      return gateway.ask(anthropic).done
    },
    row: { status: 503, outcome: 'refused' }
  }
]

test.each(REFUSALS)('B30 $what leaves exactly one row', async ({ ask, row }) => {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({
    config: withChannels([channelOf(anthropic, upstream, { models: ['claude-*'] })], { bodyLimitMiB: 1 })
  })
  await ask(gateway)
  const found = await gateway.onlyRow()
  expect(found).toMatchObject({ ...row, attempts: [] })
  expect(found.errorMessage).toBeTruthy()
})

test.each(VENDORS)('B30 a good answer of $protocol leaves exactly one row that says what it was', async (vendor) => {
  const { gateway } = await startTwoChannels(vendor)
  const answer = await gateway.ask(vendor, {
    stream: true,
    headers: { 'user-agent': 'claude-cli/2.1.330 (external, cli)', 'x-session-id': 'S' }
  }).done
  const row = await gateway.onlyRow()
  expect(row).toMatchObject({
    method: 'POST',
    path: vendor.target({ stream: true }).split('?')[0],
    protocol: vendor.protocol,
    operation: 'generate',
    clientKeyName: 'test',
    client: 'claude-cli/2.1.330',
    sessionId: 'S',
    model: vendor.model,
    sentModel: vendor.model,
    stream: true,
    channelName: 'first',
    status: 200,
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    responseBytes: answer.bodyBytes,
    demo: false
  })
  expect(row.requestBytes).toBe(Buffer.byteLength(JSON.stringify(vendor.request({ stream: true }))))
  expect(row.attempts).toMatchObject([{ channelName: 'first', status: 200, verdict: 'ok', message: null }])
})

test('B30 every kind of ending leaves its own one row, in one run', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  await gateway.ask(anthropic).done
  first.next(fails(anthropic, 400, 'bad'))
  await gateway.ask(anthropic).done
  first.next(fails(anthropic, 500, 'no', { 'x-should-retry': 'false' }))
  await gateway.ask(anthropic).done
  first.next(stream([...anthropic.events({ text: 'one two' }).slice(0, 4), cut]))
  await gateway.ask(anthropic, { stream: true }).done
  await gateway.ask(anthropic, { key: null }).done
  first.next(hangForever)
  const before = first.requests.length
  const leaver = gateway.ask(anthropic)
  const { aborted } = await first.request(before + 1)
  leaver.leave()
  await aborted
  await gateway.lastRow(6)
  const outcomes = (await gateway.rows()).map(({ outcome }) => outcome).reverse()
  expect(outcomes).toEqual(['ok', 'client_error', 'upstream_error', 'truncated', 'refused', 'cancelled'])
})

test('B30 a failover is one row with both attempts', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 529, 'Overloaded'))
  await gateway.ask(anthropic).done
  const row = await gateway.onlyRow()
  expect(row.attempts).toMatchObject([
    { channelName: 'first', status: 529, verdict: 'busy', message: expect.stringContaining('Overloaded') as string },
    { channelName: 'second', status: 200, verdict: 'ok' }
  ])
})

describe('latency', () => {
  test('B33 total, first byte and Routex’s own share are told apart', async () => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(anthropic, { clock })
    const beforeHead = Promise.withResolvers<undefined>()
    const beforeEnd = Promise.withResolvers<undefined>()
    const events = anthropic.events({ text: 'one two three' })
    first.next(async (exchange) => {
      await beforeHead.promise
      await stream([...events.slice(0, 4), beforeEnd.promise, ...events.slice(4)])(exchange)
    })
    const exchange = gateway.ask(anthropic, { stream: true })
    await first.request(1)
    clock.advance(1200)
    beforeHead.resolve(undefined)
    await exchange.until('text_delta')
    clock.advance(800)
    beforeEnd.resolve(undefined)
    await exchange.done
    expect(await gateway.onlyRow()).toMatchObject({ totalMs: 2000, firstByteMs: 1200, ownMs: 0 })
  })

  test('B33 Routex’s own share is small on the machine’s clock', async () => {
    const { gateway } = await startTwoChannels(anthropic)
    await gateway.ask(anthropic).done
    const row = await gateway.onlyRow()
    expect(row.firstByteMs).toBeGreaterThan(0)
    expect(row.totalMs).toBeGreaterThanOrEqual(row.firstByteMs ?? 0)
    expect(row.ownMs).toBeGreaterThanOrEqual(0)
    expect(row.ownMs).toBeLessThanOrEqual(row.totalMs)
  })
})
