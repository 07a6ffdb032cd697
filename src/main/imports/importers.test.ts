import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFixture } from '../../../test/support/import-fixtures'
import { IMPORT_SOURCES } from '../../shared/imports'
import { importerOf, importers } from './importers'
import { UnreadableFile } from './unreadable-file'

const NOTHING = { references: {}, addresses: {}, shell: {} }

test('every source is a folder of the same shape', async () => {
  const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((one) => one.isDirectory())

  expect(folders.map(({ name }) => name).toSorted()).toEqual([...IMPORT_SOURCES].toSorted())
  for (const { name } of folders) {
    expect(await readdir(join(import.meta.dirname, name))).toEqual(
      expect.arrayContaining(['find.ts', 'index.ts', 'read.test.ts', 'read.ts'])
    )
  }
  for (const source of IMPORT_SOURCES) expect(importerOf(source).source).toBe(source)
})

test('none finds anything where there is nothing', () => {
  for (const importer of importers) expect(importer.read([], NOTHING)).toEqual({ accounts: [], notCarried: [] })
})

const HOSTILE = [
  ...['alias.yaml', 'binary.bin', 'bomb.yaml', 'deep.json', 'deep.toml', 'deep.yaml', 'empty.json', 'nul.json'],
  ...['proto.json', 'tag.yaml', 'types.json', 'types.toml', 'types.yaml', 'view.db.sql', 'words.txt']
]

test.each(HOSTILE)('%s is either refused in words or read for what it holds, by every source', async (name) => {
  const file = await openFixture(`hostile/${name}`)
  for (const importer of importers) {
    try {
      const { accounts } = importer.read([file], NOTHING)
      for (const account of accounts) expect(account.credential?.value ?? '').not.toContain('[object')
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableFile)
    }
  }

  expect(Object.prototype).not.toHaveProperty('polluted')
})
