import { expect, test } from 'vitest'
import type { BudgetStanding } from '../../shared/budget'
import { BudgetNews } from './budget-news'

const standing = (state: BudgetStanding['state'], change: Partial<BudgetStanding> = {}): BudgetStanding => ({
  owner: { kind: 'channel', id: 'a', name: 'Main' },
  period: 'day',
  limitUsd: 5,
  spentUsd: 0,
  unknownRequests: 0,
  state,
  switchesTo: null,
  switchTakesAll: true,
  isTargetGone: false,
  until: 1000,
  ...change
})

test('a budget is told of at 80 % and when it is used up, each once', () => {
  const news = new BudgetNews()
  news.begin([standing('ok')])
  expect(news.update([standing('warned')])).toMatchObject([{ state: 'warned' }])
  expect(news.update([standing('warned', { spentUsd: 4.5 })])).toEqual([])
  expect(news.update([standing('used_up')])).toMatchObject([{ state: 'used_up' }])
  expect(news.update([standing('used_up')])).toEqual([])
})

test('what held at the start is not told again, and the next period is', () => {
  const news = new BudgetNews()
  news.begin([standing('used_up')])
  expect(news.update([standing('used_up')])).toEqual([])
  expect(news.update([standing('ok', { until: 2000 })])).toEqual([])
  expect(news.update([standing('used_up', { until: 2000 })])).toHaveLength(1)
})
