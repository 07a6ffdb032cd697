import { setImmediate } from 'node:timers/promises'
import type { FakeClock } from './fake-clock'

/**
 * Turns the clock by `stepMs` until `reached`, letting sockets work in between; gives up after `limitMs`.
 * @returns how much was turned
 */
export async function advanceUntil(
  clock: FakeClock,
  stepMs: number,
  limitMs: number,
  reached: () => boolean | Promise<boolean>
): Promise<number> {
  for (let turned = 0; turned <= limitMs; turned += stepMs) {
    if (await settles(reached)) return turned
    clock.advance(stepMs)
  }
  throw new Error(`nothing happened within ${limitMs} ms of the test's clock`)
}

/** Sockets need some turns of the event loop to carry what a timer set off. */
async function settles(reached: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let turn = 0; turn < 20; turn += 1) {
    if (await reached()) return true
    await setImmediate()
  }
  return false
}
