import { writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killHard, runSource } from '../../../test/support/run-source'
import { makeTempDir } from '../../../test/support/temp-dir'
import { readControl, removeControl, writeControl } from './control-file'

const here = { url: 'http://127.0.0.1:1234', token: 'secret' }

test('where the API is can be read by the user alone, as long as its process lives', async () => {
  const dir = await makeTempDir()
  expect(readControl(dir)).toBeNull()
  writeControl(dir, { pid: process.pid, ...here })
  expect(readControl(dir)).toEqual({ pid: process.pid, ...here })
  expect((await stat(join(dir, 'control.json'))).mode & 0o777).toBe(0o600)
  removeControl(dir)
  removeControl(dir)
  expect(readControl(dir)).toBeNull()
})

test('what a process that was killed left behind is not taken for one that runs', async () => {
  const dir = await makeTempDir()
  const child = runSource('setInterval(() => undefined, 1000)')
  writeControl(dir, { pid: child.pid ?? 0, ...here })
  expect(readControl(dir)).not.toBeNull()
  await killHard(child)
  expect(readControl(dir)).toBeNull()
})

test('a file that was cut short is none', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'control.json'), '{"pid": 1, "url"')
  expect(readControl(dir)).toBeNull()
})
