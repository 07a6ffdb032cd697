import { expect, test } from 'vitest'
import { gatewayStatus } from '../../shared/gateway-status'
import { channelHealthView, type ChannelHealthView, type HealthState } from '../../shared/health'
import { trayState } from './tray-state'

const status = gatewayStatus.parse({
  state: 'on',
  pausedUntil: null,
  url: 'http://127.0.0.1:8080',
  version: '0',
  startedAt: 0,
  configError: null,
  givenAtStart: { host: null, port: null },
  turnedOnAt: { host: '127.0.0.1', port: 8080 },
  secretStore: 'keychain',
  inFlight: 0
})
function channel(state: HealthState, enabled = true): ChannelHealthView {
  return channelHealthView.parse({
    id: state,
    name: state,
    slug: state,
    enabled,
    state,
    failures: 0,
    inFlight: 0,
    missingModels: []
  })
}

const stateOf = (channels: readonly ChannelHealthView[], only: ChannelHealthView | null = null) =>
  trayState(status, channels, only?.id ?? null)

test('paused and off are told before any trouble', () => {
  expect(trayState({ ...status, state: 'paused' }, [channel('auth_failed')], null)).toBe('paused')
  expect(trayState({ ...status, state: 'off', configError: 'bad' }, [], null)).toBe('off')
})

test('a channel that mends itself is no trouble while another is healthy', () => {
  expect(stateOf([channel('closed'), channel('cooling'), channel('open')])).toBe('on')
  expect(stateOf([channel('cooling'), channel('half-open')])).toBe('trouble')
})

test('what only the user can mend is trouble', () => {
  expect(stateOf([channel('closed'), channel('auth_failed')])).toBe('trouble')
  expect(trayState({ ...status, configError: 'channels[0].name is missing' }, [channel('closed')], null)).toBe(
    'trouble'
  )
})

test('a disabled channel counts for nothing, and none but those is trouble', () => {
  expect(stateOf([channel('closed'), channel('auth_failed', false)])).toBe('on')
  expect(stateOf([channel('closed', false)])).toBe('trouble')
  expect(stateOf([])).toBe('on')
})

test('with one that is used alone the health of the others does not help', () => {
  const [healthy, cooling, off] = [channel('closed'), channel('cooling'), channel('open', false)]
  expect(stateOf([healthy, cooling], healthy)).toBe('on')
  expect(stateOf([healthy, cooling], cooling)).toBe('trouble')
  expect(stateOf([healthy, off], off)).toBe('trouble')
})
