import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LICENCES_PATH, licences, licencesText } from './licences'

const root = join(import.meta.dirname, '..', '..')

test('the list of licences is up to date with the lock file (else: node scripts/generate-licences.mjs)', async () => {
  expect(await readFile(join(root, LICENCES_PATH), 'utf8')).toBe(await licencesText(root))
})

test('what runs and what is bundled into the page is listed, and what only builds or tests is not', async () => {
  const names = (await licences(root)).map(({ name }) => name)

  expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'undici', 'sonic-boom', 'svelte', 'electron']))
  for (const tool of ['vite', 'vitest', 'eslint', 'typescript', 'electron-builder', 'node-runtime', 'prettier']) {
    expect(names).not.toContain(tool)
  }
})

test('every package has a version, a licence and a web address of its sources', async () => {
  for (const { licence, name, repository, version } of await licences(root)) {
    expect({ name, version, licence, repository }).toEqual({
      name,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      licence: expect.stringMatching(/^[\w.() -]+$/) as string,
      repository: expect.stringMatching(/^https:\/\//) as string
    })
  }
})
