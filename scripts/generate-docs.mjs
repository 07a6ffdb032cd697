// node scripts/generate-docs.mjs: writes what is made of the sources (docs/api.md, docs/protocols.md, resources/routex.schema.json).
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runnerImport } from 'vite'

const root = join(import.meta.dirname, '..')

/** @typedef {{ documents(root: string): Promise<readonly { path: string, text: string }[]> }} Generator */
/** @type {{ module: Generator }} */
const { module } = await runnerImport(join(root, 'scripts/docs/documents.ts'), { root, configFile: false })
for (const { path, text } of await module.documents(root)) {
  await writeFile(join(root, path), text)
  process.stdout.write(`${path}\n`)
}
