import { expect, onTestFinished, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import { ChannelsState } from './channels.svelte'

function setup() {
  const backend = new FakeBackend()
  const state = new ChannelsState(backend)
  onTestFinished(state.listen())
  return { backend, state }
}

test('asked while it loads, it resolves when what was added meanwhile is there', async () => {
  const { backend, state } = setup()
  const channels = [sampleChannel('First')]
  backend.answer('channels.list', () => ({ channels: [...channels] }))
  backend.answer('stats.health', () => ({ channels: [] }))
  const first = state.load()
  const added = sampleChannel('Second')
  channels.push(added)
  await state.load()
  expect(state.get(added.id)?.name).toBe('Second')
  await first
})

test('health that was told while list and health were on their way is newer than they are', async () => {
  const { backend, state } = setup()
  const [refused, rested, fresh] = [sampleChannel('Refused'), sampleChannel('Rested'), sampleChannel('Fresh')]
  const list = Promise.withResolvers<{ channels: unknown[] }>()
  backend.answer('channels.list', () => list.promise)
  backend.answer('stats.health', () => ({
    channels: [sampleHealth(refused), sampleHealth(rested, { state: 'cooling' })]
  }))
  const loaded = state.load()
  backend.emit('health.changed', sampleHealth(refused, { state: 'auth_failed' }))
  backend.emit('health.changed', sampleHealth(fresh, { state: 'open' }))
  list.resolve({ channels: [refused, rested, fresh] })
  await loaded
  expect([refused, rested, fresh].map(({ id }) => state.health.get(id)?.state)).toEqual([
    'auth_failed',
    'cooling',
    'open'
  ])
})

test('a channel that is gone leaves no health behind', async () => {
  const { backend, state } = setup()
  const gone = sampleChannel('Gone')
  backend.emit('health.changed', sampleHealth(gone, { state: 'open' }))
  backend.answer('stats.health', () => ({ channels: [] }))
  await state.load()
  expect(state.health.has(gone.id)).toBe(false)
})

test('what clearing came to does not hide that it was refused again since', async () => {
  const { backend, state } = setup()
  const channel = sampleChannel('Main')
  const cleared = Promise.withResolvers<unknown>()
  backend.answer('channels.clearHealth', () => cleared.promise)
  const clearing = state.clearHealth(channel.id)
  backend.emit('health.changed', sampleHealth(channel, { state: 'auth_failed' }))
  cleared.resolve(sampleHealth(channel))
  await clearing
  expect(state.health.get(channel.id)?.state).toBe('auth_failed')
})

test('a change that is answered late brings the list as it is by then, not as the change left it', async () => {
  const { backend, state } = setup()
  const channel = sampleChannel('Main')
  const asked = state.askList()
  backend.answer('channels.list', () => ({ channels: [{ ...channel, name: 'Renamed since' }] }))
  await state.load()
  await state.take([channel], asked)
  expect(state.channelName(channel.id)).toBe('Renamed since')
})
