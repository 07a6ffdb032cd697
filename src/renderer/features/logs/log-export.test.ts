import { expect, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import type { Backend } from '../../lib/backend'
import { downloadExport } from '../../lib/http-export'
import { LogExportState } from './log-export.svelte'

function setup() {
  const backend = new FakeBackend()
  backend.answer('logs.count', () => ({ rows: 900, more: false }))
  const result = Promise.withResolvers<Awaited<ReturnType<Backend['saveExport']>>>()
  let tell: (rows: number) => void = () => undefined
  let signal: AbortSignal | null = null
  backend.saveExport = (_params, onRows, given) => {
    tell = onRows
    signal = given
    given.addEventListener('abort', () => result.resolve({ saved: false }))
    return result.promise
  }
  const log = new LogExportState(backend)
  const done = log.start({ format: 'csv' })
  return { log, done, result, tell: (rows: number) => tell(rows), aborted: () => signal?.aborted }
}

test('an export tells how many rows of how many are through, and where it ended', async () => {
  const { log, done, result, tell } = setup()
  await Promise.resolve()
  await expect.poll(() => log.status).toEqual({ kind: 'running', rows: 0, total: 900 })
  tell(300)
  expect(log.status).toEqual({ kind: 'running', rows: 300, total: 900 })
  result.resolve({ saved: true, path: '/home/me/requests.csv', rows: 900 })
  await done
  expect(log.status).toEqual({ kind: 'done', rows: 900, path: '/home/me/requests.csv' })
  log.dismiss()
  expect(log.status).toEqual({ kind: 'idle' })
})

test('a cancelled export is idle again', async () => {
  const { log, done, aborted } = setup()
  log.cancel()
  await done
  expect(aborted()).toBe(true)
  expect(log.status).toEqual({ kind: 'idle' })
})

test('an export that broke off says why, and the next one can begin', async () => {
  const { log, done, result } = setup()
  result.reject(new Error('the disk is full'))
  await done
  expect(log.status).toMatchObject({ kind: 'failed', failure: { message: 'the disk is full' } })
})

test.each([
  ['jsonl', '{"a":"\\n"}\n{"b":"say \\"x\\""}\n', 2],
  ['csv', 'id,error\r\n1,"two\r\nlines"\r\n2,"a ""quoted"" one"\r\n', 2],
  ['csv', 'id,error\r\n', 0]
] as const)('rows of a %s download are counted however it is cut: %j', async (format, text, rows) => {
  const bytes = new TextEncoder().encode(text)
  for (const cut of [1, 3, bytes.length]) {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += cut) controller.enqueue(bytes.slice(at, at + cut))
        controller.close()
      }
    })
    const result = await downloadExport(stream, format, () => undefined, new AbortController().signal)
    expect(result).toEqual({ saved: true, path: `routex-requests.${format}`, rows })
  }
})
