import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempDir } from '../test/support/temp-dir'
import { stageFolder } from './stage-release.mjs'

const feed = 'version: 1.2.3\nfiles:\n  - url: Routex-1.2.3-linux-x64.AppImage\n    size: 5\n'

test('every feed says to how many installations it is offered, and a second time says it anew', async () => {
  const folder = await makeTempDir()
  for (const name of ['latest-linux.yml', 'latest.yml', 'builder-debug.yml']) writeFileSync(join(folder, name), feed)
  expect(stageFolder(folder, '10').sort()).toEqual(['latest-linux.yml', 'latest.yml'])
  expect(readFileSync(join(folder, 'latest.yml'), 'utf8')).toBe(`${feed}stagingPercentage: 10\n`)
  stageFolder(folder, '50')
  expect(readFileSync(join(folder, 'latest.yml'), 'utf8')).toBe(`${feed}stagingPercentage: 50\n`)
  expect(readFileSync(join(folder, 'builder-debug.yml'), 'utf8')).toBe(feed)
})

test('what is no percentage, and a folder without feeds, is refused', async () => {
  const folder = await makeTempDir()
  for (const text of ['0', '101', 'ten', '']) expect(() => stageFolder(folder, text)).toThrow('must be a percentage')
  expect(() => stageFolder(folder, '10')).toThrow('has no latest*.yml')
})
