import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { ApiFailure } from '../backend'
import { NewChannel } from './new-channel.svelte'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

function setup() {
  const backend = new FakeBackend()
  backend.answer('channels.tryOut', () => ({ ok: true, model: 'm', steps: [] }))
  backend.answer('channels.create', () => sampleChannel('Main'))
  const added = new NewChannel(backend, { name: 'Main', baseUrl: 'https://api.example.test' }, { needsKey: true })
  onTestFinished(added.follow())
  const tried = () => backend.made.filter(({ name }) => name === 'channels.tryOut').length
  return { backend, added, tried }
}

test('the test begins by itself when all that is needed is there and nothing was typed for a moment', async () => {
  const { added, tried } = setup()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(tried()).toBe(0)
  added.draft.apiKey = 'sk-'
  await vi.advanceTimersByTimeAsync(300)
  added.draft.apiKey = 'sk-whole'
  await vi.advanceTimersByTimeAsync(300)
  expect(tried()).toBe(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(tried()).toBe(1)
  expect(added.test.state.kind).toBe('done')
})

test('what the outcome does not hang on does not test again, what it does hang on does', async () => {
  const { added, tried } = setup()
  added.draft.apiKey = 'sk-whole'
  await vi.advanceTimersByTimeAsync(1_000)
  added.draft.name = 'Other'
  await vi.advanceTimersByTimeAsync(1_000)
  expect([tried(), added.test.state.kind]).toEqual([1, 'done'])
  added.draft.baseUrl = 'https://other.example.test'
  await vi.advanceTimersByTimeAsync(0)
  expect(added.test.state.kind).toBe('idle')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tried()).toBe(2)
})

test('it can be saved without a test, and what is missing is said at its field', async () => {
  const { backend, added } = setup()
  expect(await added.save()).toBeNull()
  expect([...added.errors.keys()]).toEqual(['apiKey'])
  added.draft.apiKey = 'sk-whole'
  expect(await added.save()).toMatchObject({ name: 'Main' })
  expect(backend.made.at(-1)?.params).toMatchObject({ name: 'Main', apiKey: 'sk-whole', models: ['*'] })
})

test('what is saved by Enter was tested: at once, by the test that runs, or not at all', async () => {
  const { backend, added, tried } = setup()
  const saves = () => backend.made.filter(({ name }) => name === 'channels.create').length
  expect(await added.saveTested()).toBeNull()
  expect([...added.errors.keys(), tried()]).toEqual(['apiKey', 0])
  added.draft.apiKey = 'sk-pasted'
  await vi.advanceTimersByTimeAsync(100)
  expect(await added.saveTested()).toMatchObject({ name: 'Main' })
  await vi.advanceTimersByTimeAsync(5_000)
  expect([tried(), saves()]).toEqual([1, 1])

  backend.answer('channels.tryOut', () => ({ ok: false, model: 'm', steps: [] }))
  added.draft.apiKey = 'sk-wrong'
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await added.saveTested()).toBeNull()
  expect([tried(), saves()]).toEqual([3, 1])
})

test('what the API refuses stands at its field', async () => {
  const { backend, added } = setup()
  added.draft.apiKey = 'sk-whole'
  backend.answer('channels.create', () => {
    throw new ApiFailure('name_taken', 'There is a channel of that name')
  })
  expect(await added.save()).toBeNull()
  expect(added.errors.get('name')).toBe('There is a channel of that name')
})
