import { beforeEach, expect, test } from 'vitest'
import { i18n } from '../../lib/i18n.svelte'
import { errorRate, pointsChange, relativeChange } from './change'

beforeEach(() => i18n.choose('en'))

test('a change is told in percent of what was before', () => {
  expect(relativeChange('en', 125, 100)).toEqual({ text: '+25%', title: '25% more than in the period before' })
  expect(relativeChange('en', 50, 100)?.text).toBe('−50%')
  expect(relativeChange('en', 100.2, 100)?.text).toBe('±0%')
})

test('what has nothing to compare with is no change', () => {
  expect(relativeChange('en', 5, 0)).toBeUndefined()
  expect(relativeChange('en', null, 5)).toBeUndefined()
  expect(relativeChange('en', 5, null)).toBeUndefined()
  expect(pointsChange('en', 0.5, null)).toBeUndefined()
})

test('against next to nothing, the change is only called large', () => {
  expect(relativeChange('en', 5_000, 1)?.text).toBe('>999%')
})

test('of a share, the points are told', () => {
  expect(pointsChange('en', 0.032, 0.02)?.text).toBe('+1.2 pts')
  expect(pointsChange('en', 0.02, 0.32)?.text).toBe('−30 pts')
})

test('without a request there is no error rate', () => {
  expect(errorRate({ requests: 0, errors: 0 })).toBeNull()
  expect(errorRate({ requests: 200, errors: 3 })).toBe(0.015)
})
