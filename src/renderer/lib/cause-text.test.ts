import { expect, onTestFinished, test } from 'vitest'
import { causeText } from './cause-text'
import { i18n } from './i18n.svelte'

test("Routex's own words of a cause are in the page's language, the upstream's stay", () => {
  onTestFinished(() => i18n.choose('en'))
  const causes = ['rate limited: slow down', 'overloaded', 'quota used up', 'Overloaded', 'connection reset']
  i18n.choose('en')
  expect(causes.map(causeText)).toEqual(causes)
  i18n.choose('zh-CN')
  expect(causes.map(causeText)).toEqual([
    '触发限流：slow down',
    '上游过载',
    '额度用尽',
    'Overloaded',
    'connection reset'
  ])
})
