import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLIENT_IDS } from '../../shared/clients'
import { clients } from './registry'

const FILES = ['conflicts.ts', 'desired.ts', 'detect.ts', 'index.ts', 'launch.ts', 'read.ts']

test.each(CLIENT_IDS)('%s has a folder of the same files as the others', async (id) => {
  const files = await readdir(join(import.meta.dirname, id))
  expect(files.filter((name) => !name.endsWith('.test.ts')).sort()).toEqual(FILES)
  expect(clients[id].id).toBe(id)
})
