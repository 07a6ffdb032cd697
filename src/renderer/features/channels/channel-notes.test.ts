import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { ApiFailure } from '../../lib/backend'
import { i18n } from '../../lib/i18n.svelte'
import { ToastsState } from '../../lib/state/toasts.svelte'
import { ChannelNotes } from './channel-notes'

beforeEach(() => {
  i18n.choose('en')
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

test('a channel that is not back yet can be tried again for as long as it is kept, however long the note is read', () => {
  const toasts = new ToastsState()
  const run = vi.fn()
  const failure = new ApiFailure('unreachable', 'fetch failed')
  new ChannelNotes(toasts).tellNotYet([sampleChannel('Main')], failure, { ms: 40_000, run })
  expect(toasts.list).toMatchObject([{ text: 'Main is not back yet', tone: 'bad', undo: { label: 'Try again', run } }])
  toasts.hold()
  vi.advanceTimersByTime(39_999)
  expect(toasts.list).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(toasts.list).toEqual([])
})

test('a channel that is gone for good is told so, with nothing to try', () => {
  const toasts = new ToastsState()
  new ChannelNotes(toasts).tellLost([sampleChannel('Main')])
  expect(toasts.list).toMatchObject([{ text: 'Main could not be brought back' }])
  expect(toasts.list[0]?.hint).toContain('gone for good')
  expect(toasts.list[0]?.undo).toBeUndefined()
})
