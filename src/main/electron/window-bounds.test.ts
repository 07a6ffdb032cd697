import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { placeOf, readBounds, writeBounds } from './window-bounds'

function boundsFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'routex-bounds-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'window.json')
}

test('what was written is read back', () => {
  const file = boundsFile()
  const bounds = { x: -40, y: 12, width: 1300, height: 900, maximized: true }
  writeBounds(file, bounds)
  expect(readBounds(file)).toEqual(bounds)
})

test('a file that is missing, broken or too small for the page counts as none', () => {
  const file = boundsFile()
  expect(readBounds(file)).toBeUndefined()
  writeFileSync(file, '{"x":')
  expect(readBounds(file)).toBeUndefined()
  writeBounds(file, { x: 0, y: 0, width: 300, height: 200, maximized: false })
  expect(readBounds(file)).toBeUndefined()
})

test('a window opens where it was only while its title bar lies on a display', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 }
  const second = { x: 1920, y: 0, width: 1920, height: 1080 }
  const kept = { x: 2000, y: 30, width: 1280, height: 800, maximized: false }
  const size = { width: 1280, height: 800 }
  expect(placeOf(kept, [display, second])).toEqual({ x: 2000, y: 30, ...size })
  expect(placeOf(kept, [display])).toEqual(size)
  expect(placeOf({ ...kept, x: 100, y: -60 }, [display])).toEqual(size)
  expect(placeOf({ ...kept, x: 1850 }, [display])).toEqual(size)
  expect(placeOf(undefined, [display])).toEqual(size)
})
