import { expect, test } from 'vitest'
import { Cooldown, type CooldownKind } from './cooldown'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Tries follow one another: each begins after all that happened before. */
class SerialTries {
  readonly cooldown = new Cooldown()
  now = 0
  moment = 0

  busy(reason: CooldownKind, askedUntil: number | null = null): void {
    const began = ++this.moment
    this.cooldown.begin(reason, askedUntil, reason, began, ++this.moment, this.now)
  }

  succeed(): void {
    const began = ++this.moment
    this.cooldown.succeed(began, ++this.moment)
  }

  get rest(): number {
    const state = this.cooldown.state(this.now)
    return state.kind === 'cooling' ? state.until - this.now : 0
  }

  /** How long it rests after this verdict; then the rest has passed. */
  restAfter(reason: CooldownKind): number {
    this.busy(reason)
    const { rest } = this
    this.now += rest
    return rest
  }
}

test('B04 a rest without a word of the upstream doubles from 30 s up to 5 min', () => {
  const tries = new SerialTries()
  const rests = Array.from({ length: 6 }, () => tries.restAfter('limit'))
  expect(rests).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
})

test('B04 429 and 529 have separate ramps', () => {
  const tries = new SerialTries()
  expect(
    (['limit', 'limit', 'overload', 'limit', 'overload'] as const).map((reason) => tries.restAfter(reason))
  ).toEqual([30_000, 60_000, 30_000, 120_000, 60_000])
})

test('B04 the upstream’s own end is obeyed, within 1 s and 6 h', () => {
  const tries = new SerialTries()
  tries.now = 1_000_000
  const restUntil = (until: number): number => {
    tries.busy('limit', until)
    return tries.rest
  }
  expect(restUntil(1_000_000 + 90_000)).toBe(90_000)
  expect(restUntil(1_000_000 + 24 * HOUR)).toBe(6 * HOUR)
  expect(restUntil(1_000_000)).toBe(1000)
  expect(restUntil(0)).toBe(1000)
})

test('B04 a rest with the upstream’s own end leaves the ramp where it is', () => {
  const tries = new SerialTries()
  tries.busy('limit', 90_000)
  tries.now = 90_000
  expect(tries.restAfter('limit')).toBe(30_000)
})

test('B03 a used-up quota rests for 1 h, or as long as the upstream says', () => {
  const tries = new SerialTries()
  expect(tries.restAfter('quota')).toBe(HOUR)
  expect(tries.restAfter('quota')).toBe(HOUR)
  tries.busy('quota', tries.now + 2 * HOUR)
  expect(tries.rest).toBe(2 * HOUR)
})

test('B04 a success ends the rest and sets both ramps back', () => {
  const tries = new SerialTries()
  for (const reason of ['limit', 'limit', 'overload', 'overload'] as const) tries.restAfter(reason)
  tries.busy('limit')
  tries.succeed()
  expect(tries.rest).toBe(0)
  expect(tries.restAfter('limit')).toBe(30_000)
  expect(tries.restAfter('overload')).toBe(30_000)
})

test('B04 a success of a try from before the rest does not end it', () => {
  const tries = new SerialTries()
  const old = ++tries.moment
  tries.busy('limit')
  tries.cooldown.succeed(old, ++tries.moment)
  expect(tries.rest).toBe(30_000)
})

test('B04 many tries in flight that come back with 429 together move the ramp once', () => {
  const tries = new SerialTries()
  const began = Array.from({ length: 20 }, () => ++tries.moment)
  for (const one of began) tries.cooldown.begin('limit', null, 'busy', one, ++tries.moment, tries.now)
  expect(tries.rest).toBe(30_000)
  tries.now += 30_000
  expect(tries.restAfter('limit')).toBe(60_000)
})

test('B04 a try in flight that was told a later end, or that the quota is used up, lengthens the rest', () => {
  const tries = new SerialTries()
  const old = ++tries.moment
  const report = (reason: CooldownKind, until: number | null): void =>
    tries.cooldown.begin(reason, until, reason, old, ++tries.moment, tries.now)
  tries.busy('limit')
  report('limit', 20_000)
  expect(tries.rest).toBe(30_000)
  report('limit', 5 * MINUTE)
  expect(tries.rest).toBe(5 * MINUTE)
  report('quota', null)
  expect(tries.rest).toBe(HOUR)
})

test('B04 a probe that is told an earlier end shortens the rest', () => {
  const tries = new SerialTries()
  tries.busy('limit', 3 * HOUR)
  tries.busy('limit', 10_000)
  expect(tries.rest).toBe(10_000)
})

test('B04 what was in flight can not begin a rest again that a success or clear now has ended', () => {
  for (const end of ['success', 'clear'] as const) {
    const tries = new SerialTries()
    const old = ++tries.moment
    tries.busy('limit')
    if (end === 'success') tries.succeed()
    else tries.cooldown.clear(++tries.moment)
    tries.cooldown.begin('limit', 10 * MINUTE, 'late', old, ++tries.moment, tries.now)
    tries.cooldown.begin('quota', null, 'late', old, ++tries.moment, tries.now)
    expect(tries.rest).toBe(0)
  }
})

test('B04 of two tries beside each other, a 429 after the other’s success begins nothing', () => {
  const tries = new SerialTries()
  tries.busy('limit')
  const [good, bad] = [++tries.moment, ++tries.moment]
  tries.cooldown.succeed(good, ++tries.moment)
  tries.cooldown.begin('limit', null, 'late', bad, ++tries.moment, tries.now)
  expect(tries.rest).toBe(0)
})

test('B04 content of a try from before the rest does not end it', () => {
  const tries = new SerialTries()
  const old = ++tries.moment
  tries.busy('limit')
  tries.cooldown.answering(old)
  expect(tries.rest).toBe(30_000)
})

test('B04 content of a probe ends the rest and leaves the ramp until the answer is whole', () => {
  const tries = new SerialTries()
  tries.busy('limit')
  tries.cooldown.answering(++tries.moment)
  expect(tries.rest).toBe(0)
  expect(tries.restAfter('limit')).toBe(60_000)
})
