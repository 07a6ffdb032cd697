import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_PERMIT, ProbePermit, type Permit } from './probe-permit'

test('B05 one request at a time holds the permit', () => {
  const permit = new ProbePermit()
  const first = permit.take(0)
  expect(first).not.toBe(NO_PERMIT)
  expect(permit.take(1)).toBe(NO_PERMIT)
  permit.free(first)
  expect(permit.take(2)).not.toBe(NO_PERMIT)
})

test('B05 a probe that never ends frees its permit after 11 minutes', () => {
  const permit = new ProbePermit()
  permit.take(0)
  expect(permit.isHeld(11 * 60_000 - 1)).toBe(true)
  expect(permit.isHeld(11 * 60_000)).toBe(false)
})

test('B05 a probe that ends after its permit went to another does not free that one’s', () => {
  const permit = new ProbePermit()
  const lost = permit.take(0)
  permit.take(12 * 60_000)
  permit.free(lost)
  expect(permit.isHeld(12 * 60_000)).toBe(true)
})

test('B05 no permit is ever lost, and never do two hold it at once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('take', 'free', 'lose', 'wait'), { maxLength: 60 }), (steps) => {
      const permit = new ProbePermit()
      const holders: { permit: Permit; since: number }[] = []
      let now = 0
      for (const step of steps) {
        if (step === 'wait') now += 4 * 60_000
        else if (step === 'lose') holders.pop()
        else if (step === 'free') permit.free(holders.pop()?.permit ?? NO_PERMIT)
        else {
          const taken = permit.take(now)
          if (taken !== NO_PERMIT) holders.push({ permit: taken, since: now })
        }
        expect(holders.filter(({ since }) => now - since < 11 * 60_000).length).toBeLessThanOrEqual(1)
      }
      expect(permit.take(now + 11 * 60_000)).not.toBe(NO_PERMIT)
    })
  )
})
