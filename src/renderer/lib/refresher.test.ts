import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../test/e2e/support/fake-backend'
import { Refresher, type RefreshOptions } from './refresher'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

function setup(options: Partial<RefreshOptions> = {}) {
  const backend = new FakeBackend()
  const loaded: string[] = []
  const refresher: Refresher = new Refresher(backend, {
    load: async () => {
      refresher.noteLoad()
      loaded.push('new')
    },
    pauseMs: 1_000,
    ...options
  })
  const stop = refresher.listen()
  onTestFinished(stop)
  const finish = () => backend.emit('request.finished', { rows: [] })
  return { refresher, loaded, finish, stop, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

test('the first request that ends is read at once, and those within the pause once after it', async () => {
  const { loaded, finish, pass } = setup()
  finish()
  await pass(0)
  expect(loaded).toHaveLength(1)
  for (let count = 0; count < 20; count++) finish()
  await pass(999)
  expect(loaded).toHaveLength(1)
  await pass(1)
  expect(loaded).toHaveLength(2)
  await pass(5_000)
  expect(loaded).toHaveLength(2)
})

test('a load that somebody else asked for counts as one', async () => {
  const { refresher, loaded, finish, pass } = setup()
  refresher.noteLoad()
  finish()
  await pass(999)
  expect(loaded).toEqual([])
  await pass(1)
  expect(loaded).toEqual(['new'])
})

test('by the clock everything is read anew', async () => {
  const all = vi.fn(() => Promise.resolve())
  const { loaded, pass } = setup({ everyMs: 30_000, loadAll: all })
  await pass(60_000)
  expect(all).toHaveBeenCalledTimes(2)
  expect(loaded).toEqual([])
})

test('a page that nobody sees reads nothing, and catches up when it is seen', async () => {
  const { loaded, finish, pass } = setup()
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  onTestFinished(() => hidden.mockRestore())
  finish()
  await pass(5_000)
  expect(loaded).toEqual([])
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  await pass(0)
  expect(loaded).toEqual(['new'])
})

test('what is ended reads nothing more', async () => {
  const { loaded, finish, pass, stop } = setup({ everyMs: 30_000 })
  finish()
  stop()
  await pass(60_000)
  expect(loaded).toEqual([])
})
