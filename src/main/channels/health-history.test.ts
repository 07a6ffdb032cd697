import { expect, test } from 'vitest'
import { idOf, makeChannel } from '../../../test/support/make-channel'
import { busy, failure, missing, SelectionWorld } from '../../../test/support/selection-world'
import { HealthHistory } from './health-history'

function setup() {
  const world = new SelectionWorld(makeChannel('a'), makeChannel('b'))
  const timers = world.clock.pendingTimers
  const history = new HealthHistory(world.board, world.clock)
  const states = (id = 'a') => history.of(idOf(id)).map(({ state }) => state)
  return { world, history, states, timers, start: world.clock.now() }
}

test('each change of state is kept with its time, its cause and its end, the newest first, those by time alone too', () => {
  const { world, history, start } = setup()
  world.clock.advance(1_000)
  world.harm('a', failure, 5)
  world.clock.advance(30_000)
  world.clock.advance(4_000)
  world.serve()
  expect(history.of(idOf('a'))).toEqual([
    { at: start + 35_000, state: 'closed' },
    { at: start + 31_000, state: 'half-open', cause: 'broken' },
    { at: start + 1_000, state: 'open', cause: 'broken', until: start + 31_000 }
  ])
  expect(history.of(idOf('b'))).toEqual([])
})

test('a rest whose end is set anew is one change with its last end; a model that is missing is none', () => {
  const { world, history, start } = setup()
  world.harm('a', missing)
  world.harm('a', busy(start + 10_000))
  world.clock.advance(2_000)
  world.harm('a', busy(start + 60_000))
  expect(history.of(idOf('a'))).toMatchObject([{ at: start, state: 'cooling', until: start + 60_000 }])
})

test('of many changes the last fifty are kept', () => {
  const { world, history, states } = setup()
  for (let count = 0; count < 40; count++) {
    world.clock.advance(1_000)
    world.harm('a', failure, 5)
    world.board.clear(idOf('a'))
  }
  expect(states()).toHaveLength(50)
  expect(states().slice(0, 2)).toEqual(['closed', 'open'])
  expect(history.of(idOf('a'))[0]?.at).toBe(world.clock.now())
})

test('a deleted channel is forgotten, and who stops it leaves no timer', () => {
  const { world, history, states, timers } = setup()
  world.harm('a', busy())
  expect(world.clock.pendingTimers).toBe(timers + 1)
  history.dropUnknown([makeChannel('b')])
  expect(states()).toEqual([])
  history.stop()
  expect(world.clock.pendingTimers).toBe(timers)
})
