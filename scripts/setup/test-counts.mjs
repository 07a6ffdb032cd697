import { isRecord, readJson } from './machine.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {unknown} value */
const count = (value) => (typeof value === 'number' ? value : 0)

/** @param {readonly Counts[]} all @returns {Counts} */
export function addUp(all) {
  return all.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped
    }),
    { passed: 0, failed: 0, skipped: 0 }
  )
}

/** A test file that didn't even load holds no test, and counts as one that failed. @param {unknown} file */
function isBroken(file) {
  if (!isRecord(file) || file['status'] !== 'failed') return false
  return Array.isArray(file['assertionResults']) && file['assertionResults'].length === 0
}

/** @param {string} file vitest's JSON report; a missing one (vitest never got that far) counts as one failure @returns {Counts} */
export function readVitestCounts(file) {
  const report = readJson(file)
  if (!isRecord(report)) return { passed: 0, failed: 1, skipped: 0 }
  const files = Array.isArray(report['testResults']) ? report['testResults'] : []
  return {
    passed: count(report['numPassedTests']),
    failed: count(report['numFailedTests']) + files.filter(isBroken).length,
    skipped: count(report['numPendingTests']) + count(report['numTodoTests'])
  }
}

/** @param {string} file Playwright's JSON report; a missing one counts as one failure @returns {Counts} */
export function readPlaywrightCounts(file) {
  const report = readJson(file)
  const stats = isRecord(report) ? report['stats'] : undefined
  if (!isRecord(report) || !isRecord(stats)) return { passed: 0, failed: 1, skipped: 0 }
  const errors = Array.isArray(report['errors']) ? report['errors'].length : 0
  return {
    passed: count(stats['expected']) + count(stats['flaky']),
    failed: count(stats['unexpected']) + errors,
    skipped: count(stats['skipped'])
  }
}
