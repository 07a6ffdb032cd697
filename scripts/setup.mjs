import { pathToFileURL } from 'node:url'
import { build } from './setup/build.mjs'
import { ensureChromium } from './setup/chromium.mjs'
import { installDependencies } from './setup/dependencies.mjs'
import { root, say, SetupError } from './setup/machine.mjs'
import { chooseNode, expectNode } from './setup/node.mjs'

/** Makes a fresh clone ready to build: the packages of the lock file and a Node to run them. @returns {Promise<string>} that Node */
export async function prepare() {
  const { execPath, version, platform, arch } = process
  const machine = { root, execPath, version, platform, arch }
  expectNode(machine)
  await installDependencies()
  return chooseNode(machine)
}

/** Runs a script's main function: its result is the exit code, and a SetupError is told in its own words. @param {() => Promise<number>} main */
export async function runMain(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    const node = await prepare()
    await build(node)
    const chromium = await ensureChromium()
    say(`Ready: Node at ${node}, Chromium at ${chromium}.`)
    return 0
  })
}
