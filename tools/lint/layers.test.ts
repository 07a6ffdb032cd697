import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Lints `code` as if it stood in `file`, with the project's own table, and gives back the layering complaints. */
async function complaints(file: string, code: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: resolve(root, 'tools/lint/layers.eslint.js')
  })
  const results = await eslint.lintText(code, { filePath: resolve(root, file) })
  return results.flatMap((result) => result.messages.map((message) => message.message))
}

describe('the table refuses', () => {
  test.each([
    ['src/shared/ids.ts', `import { join } from 'node:path'`, 'src/shared must not import node:path: only zod'],
    ['src/shared/ids.ts', `import { x } from '../main/app'`, 'src/shared must not import from src/main'],
    [
      'src/main/channels/a.ts',
      `import { x } from '../proxy/b'`,
      'src/main/channels must not import from src/main/proxy'
    ],
    [
      'src/main/proxy/a.ts',
      `import type { x } from '../storage/b'`,
      'src/main/proxy must not import from src/main/storage'
    ],
    [
      'src/main/proxy/a.ts',
      `import { request } from 'undici'`,
      'src/main/proxy must not import undici: it is kept for src/main/http'
    ],
    [
      'src/main/proxy/a.ts',
      `import 'better-sqlite3'`,
      'src/main/proxy must not import better-sqlite3: it is kept for src/main/storage'
    ],
    [
      'src/main/storage/a.ts',
      `import { x } from '../routing/b'`,
      'src/main/storage may import only types from src/main/routing'
    ],
    ['src/main/storage/a.ts', `export { x } from '../api/b'`, 'src/main/storage must not import from src/main/api'],
    ['src/main/storage/a.ts', `export * from '../http/b'`, 'src/main/storage must not import from src/main/http'],
    [
      'src/main/storage/a.ts',
      `const x = await import('../http/b')`,
      'src/main/storage must not import from src/main/http'
    ],
    ['src/main/storage/a.ts', `type X = import('../http/b').X`, 'src/main/storage must not import from src/main/http'],
    [
      'src/main/electron/a.ts',
      `import { x } from '../storage/b'`,
      'src/main/electron must not import from src/main/storage'
    ],
    [
      'src/main/protocols/gemini/a.ts',
      `import { x } from '../anthropic/b'`,
      'src/main/protocols/gemini must not import its sibling src/main/protocols/anthropic'
    ],
    [
      'src/renderer/features/logs/a.ts',
      `import { x } from '../channels/b'`,
      'src/renderer/features/logs must not import its sibling src/renderer/features/channels'
    ],
    [
      'src/main/imports/codex/a.ts',
      `import { x } from '../cc-switch/b'`,
      'src/main/imports/codex must not import its sibling src/main/imports/cc-switch'
    ],
    [
      'src/main/imports/a.ts',
      `import { x } from '../storage/b'`,
      'src/main/imports must not import from src/main/storage'
    ],
    ['src/renderer/lib/a.ts', `import { x } from '../../main/app'`, 'src/renderer/lib must not import from src/main'],
    ['src/preload/index.ts', `import fs from 'node:fs'`, 'src/preload must not import node:fs: only electron'],
    [
      'src/main/proxy/a.ts',
      `import { x } from '../../../test/support/b'`,
      'src/main/proxy must not import test/support/b'
    ],
    [
      'src/main/surprise/a.ts',
      `import { x } from 'zod'`,
      'src/main/surprise/a.ts is in no layer: give its folder a line in the table'
    ]
  ])('%s: %s', async (file, code, complaint) => {
    expect(await complaints(file, code)).toEqual([complaint])
  })
})

describe('the table allows', () => {
  test.each([
    ['src/main/proxy/a.ts', `import { x } from '../channels/b'; import { y } from '../../shared/ids'`],
    ['src/main/storage/a.ts', `import type { x } from '../channels/b'; import Database from 'better-sqlite3'`],
    ['src/main/protocols/gemini/a.ts', `import { x } from '../sse'; import { y } from './wire'`],
    ['src/main/imports/codex/a.ts', `import { x } from '../parse-text'; import { y } from './find'`],
    ['src/main/api/a.ts', `import { x } from '../imports/b'`],
    ['src/main/protocols/registry.ts', `import { gemini } from './gemini/index'`],
    ['src/main/app.ts', `import { x } from './storage/b'; import { y } from './http/b'`],
    ['src/renderer/features/logs/a.ts', `import { x } from '../../lib/b'; import { y } from './c'`]
  ])('%s: %s', async (file, code) => {
    expect(await complaints(file, code)).toEqual([])
  })
})

test("the project's own lint holds every source file to the table, and no test", async () => {
  const eslint = new ESLint({ cwd: root })
  const rules = async (file: string): Promise<object> =>
    ((await eslint.calculateConfigForFile(file)) as { rules: object }).rules
  expect(await rules('src/main/proxy/a.ts')).toMatchObject({ 'routex/layers': [2] })
  expect(await rules('src/renderer/App.svelte')).toMatchObject({ 'routex/layers': [2] })
  expect(await rules('src/main/proxy/a.test.ts')).not.toHaveProperty('routex/layers')
})
