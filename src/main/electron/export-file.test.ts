import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { makeTempDir } from '../../../test/support/temp-dir'
import { writeExport } from './export-file'

async function* pieces(texts: readonly string[], between: () => void = () => undefined): AsyncGenerator<string> {
  for (const text of texts) {
    yield text
    between()
  }
}

async function write(
  chunks: AsyncIterable<string>,
  options: { format?: 'csv' | 'jsonl'; abort?: AbortController } = {}
) {
  const folder = await makeTempDir()
  const path = join(folder, 'rows')
  writeFileSync(path, 'before')
  const told: number[] = []
  const { format = 'jsonl', abort = new AbortController() } = options
  const { signal } = abort
  const clock = new FakeClock()
  const result = writeExport({ path, chunks, format, signal, clock, onRows: (rows) => told.push(rows) })
  return { result, told, files: () => readdirSync(folder), text: () => readFileSync(path, 'utf8') }
}

test('the rows are written and counted; progress is told at once, then at most four times a second', async () => {
  const { result, told, text, files } = await write(pieces(['{}\n{}\n', '{}\n', '{}\n']))
  expect(await result).toBe(4)
  expect(told).toEqual([2])
  expect(text()).toBe('{}\n{}\n{}\n{}\n')
  expect(files()).toEqual(['rows'])
})

test('the head of a CSV is no row, and a line end inside a cell ends none', async () => {
  const { result } = await write(pieces(['id,text\r\n', '1,"two\r\nlines, ""quoted"""\r\n2,plain\r\n']), {
    format: 'csv'
  })
  expect(await result).toBe(2)
})

test('one that is cancelled leaves nothing behind and what was there as it was', async () => {
  const abort = new AbortController()
  const { result, text, files } = await write(
    pieces(['{}\n', '{}\n'], () => abort.abort()),
    { abort }
  )
  expect(await result).toBeNull()
  expect(text()).toBe('before')
  expect(files()).toEqual(['rows'])
})

test('so does one that fails', async () => {
  const failing = pieces(['{}\n'], () => {
    throw new Error('the log is gone')
  })
  const { result, text, files } = await write(failing)
  await expect(result).rejects.toThrow('the log is gone')
  expect(text()).toBe('before')
  expect(files()).toEqual(['rows'])
})
