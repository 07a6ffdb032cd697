import { expect, test } from 'vitest'
import { usedUp } from '../../../test/e2e/support/sample-data'
import type { BudgetStanding } from '../../shared/budget'
import { channelStandings } from '../../shared/channel-standing'
import { gatewayStatus } from '../../shared/gateway-status'
import { channelHealthView, type ChannelHealthView, type HealthState } from '../../shared/health'
import { channelId } from '../../shared/ids'
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

function standing(
  channels: readonly ChannelHealthView[],
  only: ChannelHealthView | null = null,
  budgets: readonly BudgetStanding[] = []
) {
  const health = (id: string) => channels.find((one) => one.id === id)
  return [...channelStandings({ channels, health, budgets, onlyChannel: only?.id ?? null }).values()]
}
const stateOf = (...given: Parameters<typeof standing>) => trayState(status, standing(...given))

test('paused and off are told before any trouble', () => {
  expect(trayState({ ...status, state: 'paused' }, standing([channel('auth_failed')]))).toBe('paused')
  expect(trayState({ ...status, state: 'off', configError: 'bad' }, [])).toBe('off')
})

test('a channel that mends itself is no trouble while another is healthy', () => {
  expect(stateOf([channel('closed'), channel('cooling'), channel('open')])).toBe('on')
  expect(stateOf([channel('cooling'), channel('half-open')])).toBe('trouble')
})

test('what only the user can mend is trouble', () => {
  expect(stateOf([channel('closed'), channel('auth_failed')])).toBe('trouble')
  expect(trayState({ ...status, configError: 'channels[0].name is missing' }, standing([channel('closed')]))).toBe(
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

test('channels that their budgets stop are trouble once no other is healthy, and until one may spend again', () => {
  const channels = [channel('closed'), channel('open')]
  expect(stateOf(channels, null, [usedUp('open')])).toBe('on')
  expect(stateOf(channels, null, [usedUp('closed')])).toBe('trouble')
  expect(stateOf(channels, null, [usedUp('closed', { state: 'warned' })])).toBe('on')
})

test('a budget that switched to a channel that serves is no trouble', () => {
  const [main, spare] = [channel('closed'), { ...channel('closed'), id: channelId.parse('spare') }]
  expect(stateOf([main, spare], null, [usedUp('closed', { switchesTo: spare.id })])).toBe('on')
  expect(stateOf([main, spare], main, [usedUp('closed', { switchesTo: spare.id })])).toBe('trouble')
})
