import { describe, expect, it } from 'vitest'
import { median, percentile, percentilesOf } from './percentiles.ts'

describe('percentiles', () => {
  it('takes the nearest rank, never a value that was not measured', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile([1, 2, 3], 0.5)).toBe(2)
    expect(percentile([7], 0.99)).toBe(7)
  })

  it('sorts samples by value, not by their text', () => {
    expect(percentilesOf([10, 9, 100, 1, 2])).toEqual({ p50: 9, p95: 100, p99: 100, samples: 5 })
  })

  it('is not a number without a sample', () => {
    expect(percentilesOf([]).p50).toBeNaN()
    expect(median([])).toBeNaN()
  })

  it('puts the median of an even count between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([5, 1, 3])).toBe(3)
  })
})
