// node scripts/generate-licences.mjs: writes the packages that are shipped, with their licences (resources/licences.json).
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runnerImport } from 'vite'

const root = join(import.meta.dirname, '..')

/** @typedef {{ LICENCES_PATH: string, licencesText(root: string): Promise<string> }} Generator */
/** @type {{ module: Generator }} */
const { module } = await runnerImport(join(root, 'scripts/licences/licences.ts'), { root, configFile: false })
await writeFile(join(root, module.LICENCES_PATH), await module.licencesText(root))
process.stdout.write(`${module.LICENCES_PATH}\n`)
