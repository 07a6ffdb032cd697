import { expect, test } from 'vitest'
import { bytes, cost, countdown, duration, percent, rate, relativeTime, tokens } from './format'
import { i18n } from './i18n.svelte'

test.each([
  [null, '–'],
  [0, '0'],
  [9_842, '9,842'],
  [12_449, '12.4 k'],
  [70_000, '70.0 k'],
  [999_499, '999 k'],
  [41_200_000, '41.2 M'],
  [1_999_000_000, '2.00 B']
])('tokens %s → %s', (value, text) => expect(tokens('en', value)).toBe(text))

test.each([
  [null, '–'],
  [0, '$0.00'],
  [0.00001, '<$0.0001'],
  [0.0213, '$0.0213'],
  [0.16, '$0.160'],
  [12.4, '$12.40'],
  [1284.5, '$1,284.50'],
  [123_456.78, '$123,457']
])('cost %s → %s: unknown is never $0', (value, text) => expect(cost('en', value)).toBe(text))

test.each([
  [null, '–'],
  [0.42, '0.420 ms'],
  [1.3, '1.30 ms'],
  [12, '12 ms'],
  [340.4, '340 ms'],
  [999.6, '1.00 s'],
  [18_230, '18.2 s'],
  [99_960, '1 m 40 s'],
  [125_000, '2 m 05 s']
])('duration %s → %s', (value, text) => expect(duration('en', value)).toBe(text))

test.each([
  [-5, '0:00'],
  [23_100, '0:24'],
  [725_000, '12:05'],
  [3_750_000, '1:02:30']
])('countdown %s → %s', (value, text) => expect(countdown(value)).toBe(text))

test('rates have a decimal only while they are small', () => {
  expect([0.42, 12.4, 480].map((value) => rate('en', value))).toEqual(['0.4', '12', '480'])
})

test.each([
  [null, '–'],
  [0, '0%'],
  [0.00321, '0.321%'],
  [0.947, '94.7%'],
  [1, '100%']
])('percent %s → %s', (share, text) => expect(percent('en', share)).toBe(text))

test.each([
  [null, '–'],
  [512, '512 B'],
  [49_254, '48.1 KiB'],
  [41_287_680, '39.4 MiB'],
  [1_288_490_188, '1.20 GiB']
])('bytes %s → %s', (value, text) => expect(bytes('en', value)).toBe(text))

test.each([
  [-2_000, 'just now', '刚刚'],
  [-12_000, '12 sec. ago', '12秒前'],
  [-7_260_000, '2 hr. ago', '2小时前'],
  [180_000, 'in 3 min.', '3分钟后']
])('%s ms from now is %s', (distance, en, zh) => {
  i18n.choose('en')
  expect(relativeTime('en', 1_000_000_000 + distance, 1_000_000_000)).toBe(en)
  i18n.choose('zh-CN')
  expect(relativeTime('zh-CN', 1_000_000_000 + distance, 1_000_000_000)).toBe(zh)
  i18n.choose('system')
})
