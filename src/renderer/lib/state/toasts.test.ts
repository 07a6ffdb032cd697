import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ToastsState } from './toasts.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a toast goes by itself after its time, 10 s where none is said', () => {
  const toasts = new ToastsState()
  toasts.show({ text: 'usual' })
  toasts.show({ text: 'short', ms: 3_000 })
  vi.advanceTimersByTime(3_000)
  expect(toasts.list.map(({ text }) => text)).toEqual(['usual'])
  vi.advanceTimersByTime(7_000)
  expect(toasts.list).toEqual([])
})

test('while it is read it stays, and its time begins anew after', () => {
  const toasts = new ToastsState()
  toasts.show({ text: 'read me', ms: 1_000 })
  toasts.hold()
  vi.advanceTimersByTime(60_000)
  expect(toasts.list).toHaveLength(1)
  toasts.release()
  vi.advanceTimersByTime(999)
  expect(toasts.list).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(toasts.list).toEqual([])
})

test('what a toast offers can have an end, which no reading puts off', () => {
  const toasts = new ToastsState()
  toasts.show({ text: 'deleted', ms: 10_000, mostMs: 55_000 })
  toasts.hold()
  vi.advanceTimersByTime(54_999)
  expect(toasts.list).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(toasts.list).toEqual([])
})

test('undo runs once and takes the toast away', () => {
  const toasts = new ToastsState()
  const run = vi.fn()
  toasts.show({ text: 'deleted', undo: { label: 'Undo', run } })
  const [toast] = toasts.list
  toasts.undo(toast?.id ?? 0)
  toasts.undo(toast?.id ?? 0)
  expect(run).toHaveBeenCalledOnce()
  expect(toasts.list).toEqual([])
})

test('a toast takes the place of the one before it about the same', () => {
  const toasts = new ToastsState()
  toasts.show({ text: 'connected', about: 'client a' })
  toasts.show({ text: 'other' })
  toasts.show({ text: 'restored', about: 'client a' })
  expect(toasts.list.map(({ text }) => text)).toEqual(['other', 'restored'])
})
