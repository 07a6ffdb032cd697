import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../test/support/fake-clock'
import { silentLogger } from '../../test/support/silent-logger'
import type { GatewayStatus } from '../shared/gateway-status'
import { createListener } from './http/listener'
import { Activity } from './proxy/activity'
import { RunningGateway } from './running-gateway'

const MINUTE = 60_000

function setup() {
  const clock = new FakeClock()
  const logger = silentLogger()
  const listener = createListener({
    handle: async (_request, response) => void response.end(),
    onStopping: () => undefined,
    clock,
    logger
  })
  const gateway = new RunningGateway({
    listener,
    activity: new Activity(),
    wanted: () => ({ host: '127.0.0.1', port: 0 }),
    overrides: { port: 0 },
    version: '1.2.3',
    secretStore: 'key-file',
    startedAt: clock.now(),
    canTurnOff: true,
    graceMs: 0,
    interrupt: () => undefined,
    clock,
    logger
  })
  onTestFinished(() => gateway.stop(0))
  const told: string[] = []
  const outline = ({ state, pausedUntil }: GatewayStatus): string =>
    pausedUntil === null ? state : `${state} for ${(pausedUntil - clock.now()) / MINUTE} min`
  gateway.onChange((status) => told.push(outline(status)))
  return { clock, logger, gateway, told, now: () => outline(gateway.status()) }
}

test('what the command line set of the address is told, and that the rest is the settings’', () => {
  expect(setup().gateway.status().givenAtStart).toEqual({ host: null, port: 0 })
})

test('where it was turned on is told while it listens there', async () => {
  const { gateway } = setup()
  expect(gateway.status().turnedOnAt).toBeNull()
  expect(await gateway.setState('on')).toMatchObject({ turnedOnAt: { host: '127.0.0.1', port: 0 } })
  expect(await gateway.setState('off')).toMatchObject({ turnedOnAt: null })
})

test('a pause of some minutes ends by itself, to the second', async () => {
  const { clock, gateway, told, now } = setup()
  await gateway.setState('on')
  expect(await gateway.setState('paused', 15)).toMatchObject({
    state: 'paused',
    pausedUntil: clock.now() + 15 * MINUTE
  })
  clock.advance(15 * MINUTE - 1)
  expect(gateway.isPaused).toBe(true)
  clock.advance(1)
  expect([now(), gateway.isPaused]).toEqual(['on', false])
  expect(told).toEqual(['on', 'paused for 15 min', 'on'])
})

test('a pause goes by the wall clock, which goes on while the machine sleeps', async () => {
  const { clock, gateway, now } = setup()
  await gateway.setState('paused', 60)
  clock.set(clock.now() + 2 * 60 * MINUTE)
  clock.advance(1000)
  expect(now()).toBe('on')
})

test('any other change ends it, and nothing turns the gateway on later', async () => {
  const { clock, gateway, told, now } = setup()
  await gateway.setState('paused', 15)
  await gateway.setState('on')
  await gateway.setState('paused')
  clock.advance(60 * MINUTE)
  expect(now()).toBe('paused')
  await gateway.setState('paused', 15)
  await gateway.setState('off')
  clock.advance(60 * MINUTE)
  expect(now()).toBe('off')
  expect(told).toEqual(['paused for 15 min', 'on', 'paused', 'paused for 15 min', 'off'])
})

test('a second pause takes the place of the first', async () => {
  const { clock, gateway, told, now } = setup()
  await gateway.setState('paused', 15)
  clock.advance(10 * MINUTE)
  await gateway.setState('paused', 15)
  clock.advance(10 * MINUTE)
  expect(now()).toBe('paused for 5 min')
  await gateway.setState('paused')
  clock.advance(60 * MINUTE)
  expect(now()).toBe('paused')
  expect(told).toEqual(['paused for 15 min', 'paused for 15 min', 'paused'])
})

test('a state that it is in already is told to nobody', async () => {
  const { gateway, told } = setup()
  await gateway.setState('on')
  await gateway.setState('on')
  await gateway.stop(0)
  await gateway.stop(0)
  expect(told).toEqual(['on', 'off'])
})

test('stop ends the wait for the end of a pause', async () => {
  const { clock, gateway } = setup()
  await gateway.setState('paused', 15)
  await gateway.stop(0)
  expect(clock.pendingTimers).toBe(0)
})

test('a listener that throws is logged, keeps no other from being told, and stops no change', async () => {
  const { clock, logger, gateway } = setup()
  gateway.onChange(() => {
    throw new Error('ENOSPC: no space left on device')
  })
  const later: string[] = []
  gateway.onChange(({ state, configError }) => later.push(configError ?? state))
  expect(await gateway.setState('paused', 15)).toMatchObject({ state: 'paused' })
  gateway.setConfigError('bad')
  gateway.setConfigError(null)
  clock.advance(15 * MINUTE)
  expect(later).toEqual(['paused', 'bad', 'paused', 'on'])
  expect(logger.lines.map(({ level, message }) => [level, message])).toEqual(
    Array.from({ length: 4 }, () => ['error', 'a change of the gateway could not be followed'])
  )
})
