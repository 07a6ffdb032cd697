import { expect, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { ChannelsState } from './channels.svelte'

test('asked while it loads, it resolves when what was added meanwhile is there', async () => {
  const backend = new FakeBackend()
  const channels = [sampleChannel('First')]
  backend.answer('channels.list', () => ({ channels: [...channels] }))
  backend.answer('stats.health', () => ({ channels: [] }))
  const state = new ChannelsState(backend)
  const first = state.load()
  const added = sampleChannel('Second')
  channels.push(added)
  await state.load()
  expect(state.get(added.id)?.name).toBe('Second')
  await first
})
