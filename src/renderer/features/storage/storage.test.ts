import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleProcess, sampleQuery, sampleWriter } from '../../../../test/e2e/support/sample-storage'
import { StorageState } from './storage.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setup() {
  const backend = new FakeBackend()
  backend.answer('stats.cache', () => ({ queries: [sampleQuery('channels')] }))
  backend.answer('stats.writer', () => sampleWriter())
  backend.answer('stats.process', () => sampleProcess())
  const storage = new StorageState(backend)
  onTestFinished(storage.listen())
  return { backend, storage }
}

test('every 2 s it asks, and keeps five minutes of the program as samples', async () => {
  const { storage } = setup()
  await storage.load()
  expect(storage.cache).toMatchObject({ kind: 'ready', value: [{ name: 'channels' }] })
  await vi.advanceTimersByTimeAsync(6_000)
  expect(storage.samples).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(storage.samples).toHaveLength(150)
})

test('a page that nobody sees asks for nothing', async () => {
  const { backend } = setup()
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  onTestFinished(() => hidden.mockRestore())
  await vi.advanceTimersByTimeAsync(10_000)
  expect(backend.made).toEqual([])
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(backend.made).not.toEqual([])
})

test('what is slow is not asked twice at once', async () => {
  const { backend } = setup()
  backend.answer('stats.writer', () => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(backend.made.filter(({ name }) => name === 'stats.writer')).toHaveLength(1)
})

test('a part that fails takes no other along', async () => {
  const { backend, storage } = setup()
  backend.fail('stats.writer', 'internal', 'The worker has gone')
  await storage.load()
  expect(storage.writer).toMatchObject({ kind: 'failed', failure: { message: 'The worker has gone' } })
  expect(storage.cache.kind).toBe('ready')
  expect(storage.samples).toHaveLength(1)
})

test('one query is cleared, or all, and the figures follow at once', async () => {
  const { backend, storage } = setup()
  await storage.load()
  backend.answer('cache.clear', () => ({ ok: true }))
  backend.answer('stats.cache', () => ({ queries: [sampleQuery('channels', { entries: 0 })] }))
  expect(await storage.clear('channels')).toBe(true)
  expect(storage.cache).toMatchObject({ value: [{ entries: 0 }] })
  await storage.clear()
  const asked = backend.made.filter(({ name }) => name === 'cache.clear').map(({ params }) => params)
  expect(asked).toEqual([{ name: 'channels' }, {}])
})

test('a clearing that fails says why until one succeeds', async () => {
  const { backend, storage } = setup()
  backend.fail('cache.clear', 'internal', 'The database is locked')
  expect(await storage.clear()).toBe(false)
  expect(storage.clearFailure?.message).toBe('The database is locked')
  backend.answer('cache.clear', () => ({ ok: true }))
  await storage.clear()
  expect(storage.clearFailure).toBeNull()
})

test('a vacuum runs once at a time, and tells what it gave back', async () => {
  const { backend, storage } = setup()
  let finish = (): void => undefined
  backend.answer(
    'storage.vacuum',
    () => new Promise((resolve) => (finish = () => resolve({ beforeBytes: 900, afterBytes: 400, ms: 12 })))
  )
  const running = storage.vacuumNow()
  expect(storage.vacuum.kind).toBe('running')
  await storage.vacuumNow()
  finish()
  await running
  expect(storage.vacuum).toEqual({ kind: 'done', result: { beforeBytes: 900, afterBytes: 400, ms: 12 } })
  expect(backend.made.filter(({ name }) => name === 'storage.vacuum')).toHaveLength(1)
})

test('a vacuum that fails says why', async () => {
  const { backend, storage } = setup()
  backend.fail('storage.vacuum', 'internal', 'The disk is full')
  await storage.vacuumNow()
  expect(storage.vacuum).toMatchObject({ kind: 'failed', failure: { message: 'The disk is full' } })
})
