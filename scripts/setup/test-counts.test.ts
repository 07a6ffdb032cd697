import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkout } from './checkout.fixture'
import { addUp, readPlaywrightCounts, readVitestCounts } from './test-counts.mjs'

const reportOf = (content: object) => join(checkout({ 'report.json': content }), 'report.json')

test("vitest's counts are taken as they are", () => {
  const report = { numPassedTests: 12, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] }
  expect(readVitestCounts(reportOf(report))).toEqual({ passed: 12, failed: 1, skipped: 3 })
})

test('a test file that does not load counts as a failure', () => {
  const report = { numPassedTests: 12, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] }
  expect(readVitestCounts(reportOf(report)).failed).toBe(1)
})

test("Playwright's counts are taken as they are, errors outside a test with them", () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] }
  expect(readPlaywrightCounts(reportOf(report))).toEqual({ passed: 6, failed: 2, skipped: 2 })
})

test('a runner that left no report counts as a failure', () => {
  expect(readVitestCounts('/nowhere/report.json').failed).toBe(1)
  expect(readPlaywrightCounts('/nowhere/report.json').failed).toBe(1)
})

test('counts add up', () => {
  expect(
    addUp([
      { passed: 1, failed: 0, skipped: 1 },
      { passed: 2, failed: 1, skipped: 0 }
    ])
  ).toEqual({
    passed: 3,
    failed: 1,
    skipped: 1
  })
})
