import { expect, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleRequest } from '../../../../test/e2e/support/sample-data'
import { GoneChannels } from './gone-channels.svelte'

test('the log is asked once for the name of each channel that is gone', async () => {
  const backend = new FakeBackend()
  backend.answer('logs.query', ({ filter }) => ({
    rows: filter?.channelId === 'ch_alpha' ? [sampleRequest('r', { channelId: 'ch_alpha', channelName: 'Alpha' })] : [],
    nextCursor: null
  }))
  const gone = new GoneChannels(backend)
  await gone.look(['ch_alpha', 'ch_beta'])
  await gone.look(['ch_alpha', 'ch_beta'])
  expect([...gone.names]).toEqual([['ch_alpha', 'Alpha']])
  expect(backend.made.map(({ name }) => name)).toEqual(['logs.query', 'logs.query'])
})
