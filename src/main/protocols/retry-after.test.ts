import { expect, test } from 'vitest'
import { headerUntil } from './retry-after'

const NOW = Date.UTC(2026, 0, 1)

test.each([
  ['seconds', '7', NOW + 7000],
  ['a moment in seconds since 1970', String(NOW / 1000 + 90), NOW + 90_000],
  ['a moment that is past', String(NOW / 1000 - 90), NOW],
  ['more seconds than are waited for', '999999999', NOW + 6 * 3_600_000]
])('B04 retry-after may be %s', (_what, value, until) => {
  expect(headerUntil({ 'retry-after': value }, NOW)).toBe(until)
})
