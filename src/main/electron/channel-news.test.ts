import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { channelHealthView, type HealthState } from '../../shared/health'
import { ChannelNewsDesk } from './channel-news'

const MINUTE = 60_000

function openDesk() {
  const clock = new FakeClock()
  const told: string[] = []
  const desk = new ChannelNewsDesk(clock, ({ kind, channels }) =>
    told.push(`${kind}: ${channels.map(({ name }) => name).join(', ')}`)
  )
  onTestFinished(() => desk.stop())
  const states = new Map<string, { state: HealthState; enabled: boolean; until?: number }>()
  const set = (name: string, state: HealthState, more: { enabled?: boolean; until?: number } = {}): void => {
    states.set(name, { state, enabled: true, ...more })
    desk.update(
      [...states].map(([id, channel]) =>
        channelHealthView.parse({ id, name: id, slug: id, failures: 0, inFlight: 0, missingModels: [], ...channel })
      )
    )
  }
  /** What was told since the last look, `ms` later. */
  const after = (ms: number): string[] => {
    clock.advance(ms)
    return told.splice(0)
  }
  return { clock, set, after, desk }
}

test('a channel that fails is told, and that it is back', () => {
  const { set, after } = openDesk()
  set('main', 'closed')
  expect(after(MINUTE)).toEqual([])
  set('main', 'open')
  expect(after(5000)).toEqual(['failing: main'])
  set('main', 'half-open')
  expect(after(5000)).toEqual([])
  set('main', 'closed')
  expect(after(5000)).toEqual(['back: main'])
})

test('channels that fail together are told in one', () => {
  const { set, after } = openDesk()
  set('main', 'open')
  set('second', 'auth_failed')
  expect(after(5000)).toEqual(['failing: main, second'])
})

test('one that comes and goes is told once in ten minutes each way, and then what still holds', () => {
  const { set, after } = openDesk()
  const flap = (): string[] => {
    set('main', 'open')
    const failing = after(30_000)
    set('main', 'closed')
    return [...failing, ...after(30_000)]
  }
  expect(flap()).toEqual(['failing: main', 'back: main'])
  for (let minute = 1; minute < 8; minute++) expect(flap()).toEqual([])
  set('main', 'open')
  expect(after(MINUTE)).toEqual([])
  expect(after(2 * MINUTE)).toEqual(['failing: main'])
})

test('one that was told to fail and comes back in time is told back ten minutes after the last time', () => {
  const { set, after } = openDesk()
  set('main', 'open')
  after(5000)
  set('main', 'closed')
  expect(after(5000)).toEqual(['back: main'])
  expect(after(60 * MINUTE)).toEqual([])
})

test('what is over before it is told is not told', () => {
  const { set, after } = openDesk()
  set('main', 'open')
  set('main', 'closed')
  expect(after(MINUTE)).toEqual([])
})

test('the rest of a rate limit is no news, one of more than five minutes is, to its very end', () => {
  const { clock, set, after } = openDesk()
  set('main', 'cooling', { until: clock.now() + 4 * MINUTE })
  expect(after(5000)).toEqual([])
  set('main', 'cooling', { until: clock.now() + 60 * MINUTE })
  expect(after(58 * MINUTE)).toEqual(['failing: main'])
  set('main', 'cooling', { until: clock.now() + 2 * MINUTE })
  expect(after(MINUTE)).toEqual([])
  set('main', 'closed')
  expect(after(5000)).toEqual(['back: main'])
})

test('a channel that was disabled is forgotten', () => {
  const { set, after } = openDesk()
  set('main', 'open')
  after(5000)
  set('main', 'open', { enabled: false })
  set('main', 'closed')
  expect(after(MINUTE)).toEqual([])
})

test('stopped, it leaves no timer behind', () => {
  const { clock, set, desk } = openDesk()
  set('main', 'open')
  desk.stop()
  expect(clock.pendingTimers).toBe(0)
})
