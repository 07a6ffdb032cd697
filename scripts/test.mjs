// npm test: sets everything up, then runs every check in turn and closes with one plain line of counts.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, runMain } from './setup.mjs'
import { build } from './setup/build.mjs'
import { ensureChromium } from './setup/chromium.mjs'
import { commandFile, environmentFor, root, run } from './setup/machine.mjs'
import { addUp, readPlaywrightCounts, readVitestCounts } from './setup/test-counts.mjs'

const reports = join(root, '.setup', 'reports')

/**
 * @typedef {{ name: string, nodeArgs?: string[], lanes: string[][][], counts?: () => import('./setup/test-counts.mjs').Counts }} Step
 * A command is a package's program and its arguments. A lane's commands run one after the other, and all of them even when
 * one fails; lanes run side by side.
 */

/** @param {string} name @param {string} report @param {readonly string[]} args @returns {Step} */
function vitest(name, report, args) {
  const file = join(reports, `${report}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  return {
    name,
    lanes: [[['vitest', 'run', '--allowOnly=false', ...reporters, ...args]]],
    counts: () => readVitestCounts(file)
  }
}

const playwrightReport = join(reports, 'playwright.json')

/** @param {readonly string[]} args @returns {Step} */
function playwright(args) {
  return {
    name: 'end to end',
    lanes: [[['@playwright/test:playwright', 'test', '--reporter=list,json', ...args]]],
    counts: () => readPlaywrightCounts(playwrightReport)
  }
}

/** The page takes the lint as long as all the rest: each component is a new state of its program's types. */
const page = 'src/renderer'
const lint = ['eslint', '--max-warnings', '0']

/** The lanes take about as long as each other. @type {Step} */
const staticChecks = {
  name: 'format, lint, types, unused code',
  // Of the lint's time a fifth went on collecting what it no longer needed, in the room for it that Node gives.
  nodeArgs: ['--max-semi-space-size=64'],
  lanes: [
    [[...lint, page], ['typescript:tsc', '-p', 'tsconfig.scripts.json'], ['knip']],
    [
      [...lint, '.', '--ignore-pattern', page],
      ['prettier', '--check', '.'],
      ['typescript:tsc', '-p', 'tsconfig.node.json'],
      ['typescript:tsc', '-p', 'tsconfig.test.json'],
      ['svelte-check', '--tsconfig', 'tsconfig.web.json', '--fail-on-warnings']
    ]
  ]
}

const core = ['--project', 'unit', '--project', 'integration', '--project', 'faults', '--coverage']
const everything = [
  staticChecks,
  vitest('unit, integration, faults', 'core', core),
  vitest('components, desktop shell', 'shells', ['--project', 'component', '--project', 'shell']),
  playwright([])
]

/** The steps for the files that were named, or all of them. @param {readonly string[]} args @returns {readonly Step[]} */
function stepsFor(args) {
  if (args.length === 0) return everything
  const isSpec = args.some((argument) => /\.spec(\.ts)?(:\d+)?$/.test(argument))
  return [isSpec ? playwright(args) : vitest('vitest', 'named', args)]
}

/** @param {string} node @param {Step} step @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} whether it passed */
async function passes(node, step, env) {
  const lanes = await Promise.all(
    step.lanes.map((commands) => lanePasses([node, ...(step.nodeArgs ?? [])], commands, env))
  )
  return lanes.every((passed) => passed)
}

/** @param {readonly string[]} nodeAndArgs @param {readonly string[][]} commands @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} */
async function lanePasses([node = '', ...nodeArgs], commands, env) {
  let passed = true
  for (const [program = '', ...args] of commands) {
    const [name = '', command = name] = program.split(':')
    const code = await run(node, [...nodeArgs, commandFile(name, command), ...args], { env, output: 'stdout' })
    passed &&= code === 0
  }
  return passed
}

await runMain(async () => {
  const args = process.argv.slice(2)
  const node = await prepare()
  const chromium = await ensureChromium()
  await build(node)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const env = environmentFor(node, { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport })

  const steps = stepsFor(args)
  const summary = []
  let failed = false
  for (const step of steps) {
    console.log(`\n▶ ${step.name}`)
    const started = performance.now()
    const passed = await passes(node, step, env)
    failed ||= !passed
    summary.push(
      `${passed ? 'ok    ' : 'FAILED'}  ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`
    )
  }
  const total = addUp(steps.flatMap((step) => step.counts?.() ?? []))
  console.log(`\n${summary.join('\n')}`)
  for (const failure of total.failures) console.log(`failed: ${failure}`)
  if (total.skipped > 0) console.log(`${total.skipped} skipped`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return failed || total.failed > 0 ? 1 : 0
})
