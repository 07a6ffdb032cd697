import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { makeRecord } from '../../../test/support/request-record'
import { fileConfig } from '../../shared/config-file'
import { events, type EventName, type EventPayload } from '../../shared/contract'
import { requestId } from '../../shared/ids'
import type { RequestRow } from '../../shared/request-log'

const row = (): RequestRow => ({ ...makeRecord(), costUsd: null, priceSource: null })

async function setup() {
  const world = await makeApiWorld()
  /** What was told, each payload held against the contract. */
  const listen = <N extends EventName>(name: N): EventPayload<N>[] => {
    const told: EventPayload<N>[] = []
    world.api.on(name, (payload) => told.push(events[name].parse(payload) as EventPayload<N>))
    return told
  }
  const commit = (...rows: RequestRow[]) => world.rows.listeners.forEach((tell) => tell(rows))
  return { ...world, listen, commit }
}

test('a finished request is told at once, and those that follow at most four times a second', async () => {
  const { listen, commit, clock } = await setup()
  const told = listen('request.finished')
  commit(row())
  for (let index = 0; index < 10; index += 1) {
    clock.advance(20)
    commit(row())
  }
  expect(told.map(({ rows }) => rows.length)).toEqual([1])
  clock.advance(50)
  expect(told.map(({ rows }) => rows.length)).toEqual([1, 10])
  clock.advance(1000)
  commit(row())
  expect(told).toHaveLength(3)
})

test('of more rows than a batch holds those that arrived first are told, and from where the others are missing', async () => {
  const { listen, commit, clock } = await setup()
  const told = listen('request.finished')
  const rows = Array.from({ length: 500 }, (_, index) => ({ ...row(), at: 1000 + index }))
  commit(...rows.slice(250), ...rows.slice(0, 250))
  expect(told[0]?.rows.map(({ at }) => at)).toEqual(rows.slice(0, 200).map(({ at }) => at))
  expect(told[0]?.missingFrom).toBe(1200)

  commit(...rows.slice(100, 300))
  commit(...rows.slice(0, 100))
  clock.advance(250)
  expect(told[1]?.rows).toHaveLength(200)
  expect(told[1]?.missingFrom).toBe(1200)
  commit(row())
  clock.advance(250)
  expect(told[2]?.missingFrom).toBeUndefined()
})

test('a tick comes once a second while something flows, and once more when it has ended', async () => {
  const { listen, clock, gateway } = await setup()
  const told = listen('stats.tick')
  clock.advance(3000)
  expect(told).toEqual([])
  gateway.counters = { inFlight: 2, finished: 30, errors: 3 }
  clock.advance(1000)
  gateway.counters = { inFlight: 0, finished: 31, errors: 3 }
  clock.advance(5000)
  expect(told).toEqual([
    { inFlight: 2, requestsPerSecond: 30, errorsPerSecond: 3 },
    { inFlight: 0, requestsPerSecond: 1, errorsPerSecond: 0 },
    { inFlight: 0, requestsPerSecond: 0, errorsPerSecond: 0 }
  ])
})

test('requests under way are told when they have changed, at most four times a second', async () => {
  const { listen, clock, gateway, call } = await setup()
  const told = listen('inFlight.changed')
  clock.advance(1000)
  expect(told).toEqual([])
  const under = {
    id: requestId.parse('r1'),
    at: 1,
    protocol: 'anthropic' as const,
    model: 'claude-x',
    client: null,
    channelName: null,
    attempts: 0,
    stream: true,
    answering: false
  }
  gateway.counters = { inFlight: 1, finished: 0, errors: 0 }
  gateway.requests = [under]
  clock.advance(1000)
  expect(told).toEqual([{ requests: [under], total: 1, byChannel: [] }])
  expect(await call('gateway.inFlight', {})).toEqual({ requests: [under], total: 1, byChannel: [] })
  for (let index = 0; index < 10; index += 1) {
    gateway.requests = [{ ...under, channelName: 'main', attempts: index }]
    clock.advance(100)
  }
  expect(told).toHaveLength(5)
  gateway.counters = { inFlight: 0, finished: 1, errors: 0 }
  gateway.requests = []
  clock.advance(2000)
  expect(told.slice(5)).toEqual([{ requests: [], total: 0, byChannel: [] }])
})

test('settings are told with those that the config file manages, whoever changed them', async () => {
  const { listen, call, config } = await setup()
  const told = listen('settings.changed')
  await call('settings.update', { strategy: 'weighted' })
  config.applyFile(fileConfig.parse({ settings: { bodyLimitMiB: 8 } }))
  expect(told).toMatchObject([
    { settings: { strategy: 'weighted' }, managed: [] },
    { settings: { strategy: 'weighted', bodyLimitMiB: 8 }, managed: ['bodyLimitMiB'] }
  ])
})

test('changes of channels, health and gateway are told', async () => {
  const { listen, call, config, health } = await setup()
  const channels = listen('channel.changed')
  const healths = listen('health.changed')
  const gateways = listen('gateway.changed')
  const { id } = await call('channels.create', {
    name: 'main',
    protocol: 'anthropic',
    baseUrl: 'https://api.example',
    apiKey: 'sk-x'
  })
  await call('settings.update', { strategy: 'weighted' })
  expect(channels).toEqual([{ id }])
  const channel = config.channel(id)
  if (!channel) throw new Error('the channel is not there')
  const place = health.of(channel)
  place.fail({ kind: 'auth', message: 'invalid x-api-key' }, place.begin(0), channel, null, 0)
  expect(healths).toMatchObject([{ id, state: 'auth_failed' }])
  await call('gateway.setState', { state: 'paused' })
  expect(gateways).toMatchObject([{ state: 'paused' }])
})

test('a source runs only while somebody listens, for all who do', async () => {
  const { api, rows, clock, commit } = await setup()
  expect(rows.listeners.size).toBe(0)
  const told: string[] = []
  const stopOne = api.on('request.finished', () => told.push('one'))
  const stopTwo = api.on('request.finished', () => told.push('two'))
  expect(rows.listeners.size).toBe(1)
  commit(row())
  stopOne()
  clock.advance(1000)
  commit(row())
  expect(told).toEqual(['one', 'two', 'two'])
  const before = clock.pendingTimers
  stopTwo()
  stopTwo()
  expect([rows.listeners.size, clock.pendingTimers]).toEqual([0, before - 1])
})

test('stop ends every source', async () => {
  const { api, rows, gateway, clock } = await setup()
  const sources = () => [rows.listeners.size, gateway.listeners.size, clock.pendingTimers]
  const before = sources()
  for (const name of Object.keys(events) as EventName[]) api.on(name, () => undefined)
  expect(sources()).not.toEqual(before)
  api.stop()
  expect(sources()).toEqual(before)
})
