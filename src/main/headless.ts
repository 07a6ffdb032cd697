#!/usr/bin/env node
import { join } from 'node:path'
import { isClientCommand } from './cli/commands'
import { restartWithHeapFlags } from './cli/heap-flags'
import { runtimeProblem } from './cli/runtime'

// This file is out/main/headless.js when it runs.
const here = import.meta.dirname
const problem = runtimeProblem(process.version)
if (problem === null) {
  // What only asks the gateway that runs has no use for them, and what it starts would inherit them.
  if (!isClientCommand(process.argv.slice(2))) restartWithHeapFlags()
  const { main } = await import('./cli/main')
  const files = {
    uiRoot: join(here, '..', 'renderer'),
    workerUrl: new URL('./log-worker.js', import.meta.url),
    tokenWorkerUrl: new URL('./token-worker.js', import.meta.url)
  }
  process.exit(await main(process.argv.slice(2), files))
} else {
  process.stderr.write(`routex: ${problem}\n`)
  process.exit(1)
}
