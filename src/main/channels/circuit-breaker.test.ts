import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CircuitBreaker } from './circuit-breaker'

/** Tries follow one another: each begins after all that happened before. */
class SerialTries {
  readonly breaker = new CircuitBreaker()
  now = 0
  moment = 0

  fail(times = 1): void {
    for (let count = 0; count < times; count++) {
      const began = ++this.moment
      this.breaker.fail(began, ++this.moment, this.now, 'broken')
    }
  }

  succeed(): void {
    const began = ++this.moment
    this.breaker.succeed(began, ++this.moment)
  }

  get state(): ReturnType<CircuitBreaker['state']> {
    return this.breaker.state(this.now)
  }

  /** Waits for the end of the open time and fails the probe; how long it then is open. */
  failedProbe(): number {
    const { state } = this
    if (state.kind === 'open') this.now = state.until
    this.fail()
    return this.state.kind === 'open' ? this.state.until - this.now : 0
  }
}

describe('closed', () => {
  test('B05 four failures leave it closed, the fifth opens it for 30 s', () => {
    const tries = new SerialTries()
    tries.fail(4)
    expect(tries.state).toMatchObject({ kind: 'closed', failures: 4 })
    tries.fail()
    expect(tries.state).toMatchObject({ kind: 'open', failures: 5, until: 30_000, cause: 'broken' })
  })

  test('B05 a success starts the count of consecutive failures again', () => {
    const tries = new SerialTries()
    tries.fail(4)
    tries.succeed()
    tries.fail(4)
    expect(tries.state.kind).toBe('closed')
  })
})

describe('open', () => {
  test('B05 it is half-open when its time has passed, not a millisecond before', () => {
    const tries = new SerialTries()
    tries.fail(5)
    tries.now = 29_999
    expect(tries.state.kind).toBe('open')
    tries.now = 30_000
    expect(tries.state.kind).toBe('half-open')
  })

  test('B05 each failed probe doubles the time, up to 5 min', () => {
    const tries = new SerialTries()
    tries.fail(5)
    expect(Array.from({ length: 5 }, () => tries.failedProbe())).toEqual([60_000, 120_000, 240_000, 300_000, 300_000])
  })

  test('B05 after a good probe the next opening is 30 s again', () => {
    const tries = new SerialTries()
    tries.fail(5)
    tries.failedProbe()
    tries.succeed()
    tries.fail(5)
    expect(tries.state).toMatchObject({ kind: 'open', until: tries.now + 30_000 })
  })

  test('B05 failures of tries that were in flight when it opened neither double its time nor lengthen it', () => {
    const { breaker } = new SerialTries()
    for (let failure = 0; failure < 30; failure++) breaker.fail(1, 2 + failure, failure, 'broken')
    expect(breaker.state(100)).toMatchObject({ kind: 'open', failures: 5, until: 4 + 30_000 })
  })

  test('B05 a success of a try that was in flight when it opened does not close it', () => {
    const tries = new SerialTries()
    const old = ++tries.moment
    tries.fail(5)
    tries.breaker.succeed(old, ++tries.moment)
    expect(tries.state.kind).toBe('open')
  })
})

describe('half-open', () => {
  test('B05 of two tries beside each other, a failure after the other’s success does not count', () => {
    const tries = new SerialTries()
    tries.fail(5)
    tries.now = 30_000
    const [good, bad] = [++tries.moment, ++tries.moment]
    tries.breaker.succeed(good, ++tries.moment)
    tries.breaker.fail(bad, ++tries.moment, tries.now, 'late')
    expect(tries.state).toMatchObject({ kind: 'closed', failures: 0 })
  })

  test('B05 content of a probe from before it opened again does not close it', () => {
    const tries = new SerialTries()
    tries.fail(5)
    const old = ++tries.moment
    tries.failedProbe()
    tries.breaker.answering(old)
    expect(tries.state.kind).toBe('open')
  })

  test('B05 content of a probe closes it on probation: one more failure opens it for twice as long', () => {
    const tries = new SerialTries()
    tries.fail(5)
    tries.now = 30_000
    tries.breaker.answering(++tries.moment)
    expect(tries.state.kind).toBe('closed')
    tries.fail()
    expect(tries.state).toMatchObject({ kind: 'open', until: 30_000 + 60_000 })
  })

  test('B05 a whole answer ends the probation', () => {
    const tries = new SerialTries()
    tries.fail(5)
    tries.now = 30_000
    tries.breaker.answering(++tries.moment)
    tries.succeed()
    tries.fail(4)
    expect(tries.state.kind).toBe('closed')
  })
})

test('B05 clear now closes it, and what was in flight can not open it again', () => {
  const tries = new SerialTries()
  const old = ++tries.moment
  tries.fail(5)
  tries.breaker.clear(++tries.moment)
  for (let failure = 0; failure < 10; failure++) tries.breaker.fail(old, ++tries.moment, tries.now, 'broken')
  expect(tries.state).toMatchObject({ kind: 'closed', failures: 0 })
})

test('B05 whatever happens, it opens for 30 s to 5 min, never with fewer than five failures, and a fresh success closes it', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('fail' as const), age: fc.nat(8) }),
    fc.record({ kind: fc.constant('succeed' as const), age: fc.nat(8) }),
    fc.record({ kind: fc.constant('answering' as const), age: fc.nat(8) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(400_000) })
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      const tries = new SerialTries()
      const { breaker } = tries
      for (const happened of events) {
        if (happened.kind === 'wait') {
          tries.now += happened.ms
          continue
        }
        const before = tries.state
        const began = Math.max(0, ++tries.moment - happened.age)
        if (happened.kind === 'fail') breaker.fail(began, ++tries.moment, tries.now, 'broken')
        else if (happened.kind === 'succeed') breaker.succeed(began, ++tries.moment)
        else breaker.answering(began)
        const { state } = tries
        if (state.kind === 'open' && state !== before) {
          expect(state.until - tries.now).toBeGreaterThanOrEqual(30_000)
          expect(state.until - tries.now).toBeLessThanOrEqual(300_000)
          expect(state.failures).toBeGreaterThanOrEqual(5)
        }
      }
      tries.succeed()
      expect(tries.state).toMatchObject({ kind: 'closed', failures: 0, openings: 0 })
    })
  )
})
