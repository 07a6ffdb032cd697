import { isRecord, readJson } from './machine.mjs'

/** What failed is named too: whoever reads only the end of a long output must find it there. @typedef {{ passed: number, failed: number, skipped: number, failures: readonly string[] }} Counts */

/** @param {unknown} value */
const count = (value) => (typeof value === 'number' ? value : 0)

/** @param {unknown} value @returns {readonly Record<string, unknown>[]} */
const records = (value) => (Array.isArray(value) ? value.filter(isRecord) : [])

/** @param {string} file @returns {Counts} */
const noReport = (file) => ({ passed: 0, failed: 1, skipped: 0, failures: [`no report: ${file}`] })

/** @param {readonly Counts[]} all @returns {Counts} */
export function addUp(all) {
  return all.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
      failures: [...sum.failures, ...one.failures]
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] }
  )
}

/** A test file that didn't even load holds no test, and counts as one that failed. @param {Record<string, unknown>} file */
const isBroken = (file) => file['status'] === 'failed' && records(file['assertionResults']).length === 0

/** @param {Record<string, unknown>} file one of vitest's @returns {readonly string[]} */
function failuresIn(file) {
  const tests = records(file['assertionResults']).filter((test) => test['status'] === 'failed')
  return isBroken(file)
    ? [String(file['name'])]
    : tests.map((test) => `${String(file['name'])}: ${String(test['fullName'])}`)
}

/** @param {string} file vitest's JSON report; a missing one (vitest never got that far) counts as one failure @returns {Counts} */
export function readVitestCounts(file) {
  const report = readJson(file)
  if (!isRecord(report)) return noReport(file)
  const files = records(report['testResults'])
  return {
    passed: count(report['numPassedTests']),
    failed: count(report['numFailedTests']) + files.filter(isBroken).length,
    skipped: count(report['numPendingTests']) + count(report['numTodoTests']),
    failures: files.flatMap(failuresIn)
  }
}

/** Suites hold suites. @param {Record<string, unknown>} suite one of Playwright's @returns {readonly string[]} */
function unexpectedIn(suite) {
  const specs = records(suite['specs']).filter((spec) => spec['ok'] === false)
  return [
    ...specs.map((spec) => `${String(spec['file'])}: ${String(spec['title'])}`),
    ...records(suite['suites']).flatMap(unexpectedIn)
  ]
}

/** @param {string} file Playwright's JSON report; a missing one counts as one failure @returns {Counts} */
export function readPlaywrightCounts(file) {
  const report = readJson(file)
  const stats = isRecord(report) ? report['stats'] : undefined
  if (!isRecord(report) || !isRecord(stats)) return noReport(file)
  const errors = records(report['errors'])
  return {
    passed: count(stats['expected']) + count(stats['flaky']),
    failed: count(stats['unexpected']) + errors.length,
    skipped: count(stats['skipped']),
    failures: [...records(report['suites']).flatMap(unexpectedIn), ...errors.map((error) => String(error['message']))]
  }
}
