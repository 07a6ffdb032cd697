import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { MenuPace } from './menu-pace'

function setup(figuresMs = 30_000) {
  const clock = new FakeClock()
  const set: string[] = []
  let shown: readonly [string, string] = ['items', '1']
  const pace = new MenuPace({ clock, figuresMs, onDue: () => draw() })
  const draw = (items = shown[0], figures = shown[1]): void => {
    shown = [items, figures]
    if (pace.isDue(items, figures)) set.push(`${items} ${figures}`)
  }
  return { clock, pace, set, draw }
}

test('while only the figures move, an open menu stands for 30 s, and then shows the newest of them', () => {
  const { clock, set, draw } = setup()
  draw('items', '0')
  for (let second = 1; second < 30; second++) {
    clock.advance(1000)
    draw('items', String(second))
  }
  expect(set).toEqual(['items 0'])
  clock.advance(1000)
  expect(set).toEqual(['items 0', 'items 29'])
})

test('what the menu offers is set at once, with the figures of now, and the pause begins anew', () => {
  const { clock, set, draw } = setup()
  draw('on', '1')
  clock.advance(1000)
  draw('on', '2')
  draw('off', '2')
  expect(set).toEqual(['on 1', 'off 2'])
  clock.advance(29_999)
  draw('off', '3')
  expect(set).toHaveLength(2)
  clock.advance(1)
  expect(set).toEqual(['on 1', 'off 2', 'off 3'])
})

test('a menu that is the same is left alone, unless it is to be forgotten', () => {
  const { pace, set, draw } = setup()
  draw()
  draw()
  expect(set).toHaveLength(1)
  pace.forget()
  draw()
  expect(set).toHaveLength(2)
})

test('where a new menu closes nothing, figures are set as they come', () => {
  const { clock, set, draw } = setup(0)
  draw('items', '1')
  draw('items', '2')
  expect(set).toEqual(['items 1', 'items 2'])
  expect(clock.pendingTimers).toBe(0)
})

test('what is stopped draws nothing more', () => {
  const { clock, pace, draw } = setup()
  draw('items', '1')
  draw('items', '2')
  pace.stop()
  expect(clock.pendingTimers).toBe(0)
})
