import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { ApiFailure } from '../backend'
import { RetentionState } from './retention.svelte'

const inForce = { days: 90, maxMiB: 2048 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setup() {
  const backend = new FakeBackend()
  backend.answer('storage.previewRetention', ({ days }) => ({ rows: 1000 - days, kept: days, oldestKept: 5 }))
  const save = vi.fn<(change: Partial<typeof inForce>) => Promise<ApiFailure | null>>(() => Promise.resolve(null))
  const retention = new RetentionState(backend, save)
  onTestFinished(() => retention.stop())
  return { backend, save, retention }
}

test('a slider on the move asks nothing; at rest, what it would delete is told', async () => {
  const { backend, retention } = setup()
  for (const days of [80, 60, 30]) {
    retention.change(inForce, { days })
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(backend.made).toEqual([])
  await vi.advanceTimersByTimeAsync(250)
  expect(backend.made).toEqual([{ name: 'storage.previewRetention', params: { days: 30, maxMiB: 2048 } }])
  expect(retention.preview).toEqual({ kind: 'ready', value: { rows: 970, kept: 30, oldestKept: 5 } })
})

test('an answer for limits that were moved on meanwhile is not shown', async () => {
  const { backend, retention } = setup()
  let finish = (): void => undefined
  backend.answer(
    'storage.previewRetention',
    () => new Promise((resolve) => (finish = () => resolve({ rows: 1, kept: 1, oldestKept: null })))
  )
  retention.change(inForce, { days: 30 })
  await vi.advanceTimersByTimeAsync(250)
  retention.change(inForce, { days: 20 })
  finish()
  await vi.advanceTimersByTimeAsync(0)
  expect(retention.preview.kind).toBe('loading')
})

test('nothing is saved until it is asked for; limits that were moved go together', async () => {
  const { save, retention } = setup()
  retention.change(inForce, { days: 30 })
  retention.change(inForce, { maxMiB: 512 })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(save).not.toHaveBeenCalled()
  await retention.save()
  expect(save).toHaveBeenCalledExactlyOnceWith({ days: 30, maxMiB: 512 })
  expect(retention.draft).toBeNull()
  retention.change(inForce, { days: 60 })
  await retention.save()
  expect(save).toHaveBeenLastCalledWith({ days: 60 })
})

test('moved back to what is in force, there is nothing to save', async () => {
  const { backend, retention } = setup()
  retention.change(inForce, { days: 30 })
  retention.change(inForce, { days: 90 })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(retention.draft).toBeNull()
  expect(backend.made).toEqual([])
})

test('a save that fails keeps the draft and says why', async () => {
  const { save, retention } = setup()
  save.mockResolvedValue(new ApiFailure('conflict', 'The config file manages it'))
  retention.change(inForce, { days: 30 })
  await retention.save()
  expect(retention.draft).toEqual({ days: 30, maxMiB: 2048 })
  expect(retention.failure?.message).toBe('The config file manages it')
  expect(retention.saving).toBe(false)
})
