import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkout } from './checkout.fixture'
import { addUp, readPlaywrightCounts, readVitestCounts } from './test-counts.mjs'

const reportOf = (content: object) => join(checkout({ 'report.json': content }), 'report.json')

test("vitest's counts are taken as they are", () => {
  const report = { numPassedTests: 12, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] }
  expect(readVitestCounts(reportOf(report))).toEqual({ passed: 12, failed: 1, skipped: 3, failures: [] })
})

test('a test file that does not load counts as a failure', () => {
  const report = { numPassedTests: 12, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] }
  expect(readVitestCounts(reportOf(report)).failed).toBe(1)
})

test("Playwright's counts are taken as they are, errors outside a test with them", () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] }
  expect(readPlaywrightCounts(reportOf(report))).toMatchObject({ passed: 6, failed: 2, skipped: 2 })
})

test('what failed is named, in whatever depth it stands', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'holds' },
    { status: 'failed', fullName: 'breaks' }
  ]
  const vitest = { testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults }] }
  expect(readVitestCounts(reportOf(vitest)).failures).toEqual(['a.test.ts: breaks'])
  const inner = { specs: [{ file: 'b.spec.ts', title: 'breaks too', ok: false }] }
  const suite = { specs: [{ file: 'b.spec.ts', title: 'holds', ok: true }], suites: [inner] }
  expect(readPlaywrightCounts(reportOf({ stats: {}, suites: [suite] })).failures).toEqual(['b.spec.ts: breaks too'])
})

test('a runner that left no report counts as a failure', () => {
  expect(readVitestCounts('/nowhere/report.json').failed).toBe(1)
  expect(readPlaywrightCounts('/nowhere/report.json').failed).toBe(1)
})

test('counts add up', () => {
  const one = { passed: 1, failed: 0, skipped: 1, failures: [] }
  const other = { passed: 2, failed: 1, skipped: 0, failures: ['a.test.ts: breaks'] }
  expect(addUp([one, other])).toEqual({ passed: 3, failed: 1, skipped: 1, failures: ['a.test.ts: breaks'] })
})
