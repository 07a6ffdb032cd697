import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from './histogram'

const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = new Histogram()
  for (const value of values) histogram.add(value)
  return histogram
}

test('a percentile of nothing is unknown', () => {
  expect(new Histogram().percentile(0.5)).toBeNull()
})

test('B33 every percentile is within 4.5 % of the exact one, from 0.1 ms to an hour', () => {
  const latency = fc.double({ min: 0.1, max: 3_600_000, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 0.99, 1),
      (values, share) => {
        const sorted = values.toSorted((one, other) => one - other)
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
        const told = histogramOf(values).percentile(share) ?? 0
        expect(Math.abs(told - exact) / exact).toBeLessThan(0.045)
      }
    )
  )
})

test('histograms that were stored and added up tell the same as one over all', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }))), (parts) => {
      const sum = new Histogram()
      for (const part of parts) sum.addText(histogramOf(part).toText())
      const whole = histogramOf(parts.flat())
      for (const share of [0.5, 0.95, 0.99]) expect(sum.percentile(share)).toBe(whole.percentile(share))
    })
  )
})

test('a latency beyond any scale counts in the last bucket', () => {
  expect(histogramOf([Number.MAX_VALUE, Number.POSITIVE_INFINITY]).percentile(1)).toBeGreaterThan(3_600_000)
  expect(histogramOf([0, -5, Number.NaN]).percentile(1)).toBeLessThanOrEqual(0.1)
})
