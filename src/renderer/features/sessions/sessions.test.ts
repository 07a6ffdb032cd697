import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { ChannelId } from '../../../shared/ids'
import { sessionView, type SessionView } from '../../../shared/sessions'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { SessionsState } from './sessions.svelte'

const session = (key: string): SessionView =>
  sessionView.parse({
    key,
    sessionId: `session-${key}`,
    clientKeyId: null,
    client: 'claude-cli/2.1.330',
    model: 'claude-sonnet-4-5',
    channelId: 'anthropic-main',
    createdAt: 0,
    lastUsedAt: 0,
    requests: 1,
    tokens: { input: 1, cacheRead: 3, cacheWrite: 0, output: 2 },
    cacheHitRate: 0.75
  })
const stats = {
  ...{ size: 2, limit: 10_000, usedPercent: 0.02, hits: 8, misses: 2, repins: 0, evictions: 0, expiries: 0 },
  ...{ oldest: 0, newest: 0 }
}

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

async function setup() {
  const backend = new FakeBackend()
  let bound = [session('1'), session('2')]
  backend.answer('sessions.list', () => ({ sessions: bound, found: bound.length, total: bound.length }))
  backend.answer('stats.sessions', () => stats)
  backend.answer('sessions.clear', ({ key }) => {
    const before = bound.length
    bound = key === undefined ? [] : bound.filter((each) => each.key !== key)
    return { cleared: before - bound.length }
  })
  const sessions = new SessionsState(backend)
  onTestFinished(sessions.listen())
  await sessions.load()
  const keys = () => (sessions.sessions.kind === 'ready' ? sessions.sessions.value.list.map(({ key }) => key) : [])
  const loads = () => backend.made.filter(({ name }) => name === 'sessions.list').length
  return { backend, sessions, keys, loads }
}

test('unpinning takes one away, clearing all', async () => {
  const { sessions, keys } = await setup()
  await sessions.unpin('1')
  expect(keys()).toEqual(['2'])
  await sessions.clear()
  expect(keys()).toEqual([])
})

test('however many requests end, the list is read at most once a second, and once more after the last, then seldom', async () => {
  const { backend, loads } = await setup()
  for (let count = 0; count < 19; count++) {
    backend.emit('request.finished', { rows: [] })
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(loads()).toBe(1 + 1)
  await vi.advanceTimersByTimeAsync(100)
  expect(loads()).toBe(1 + 2)
  await vi.advanceTimersByTimeAsync(1900)
  expect(loads()).toBe(1 + 2)
})

test('what is unpinned in another window goes here too, though no request ends', async () => {
  const { backend, keys } = await setup()
  await backend.call('sessions.clear', { key: '1' })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(keys()).toEqual(['2'])
})

test('answers that take longer than the pause are shown all the same, each unless a newer one is', async () => {
  const { backend, sessions, keys } = await setup()
  const answers = [Promise.withResolvers<SessionView>(), Promise.withResolvers<SessionView>()]
  let next = 0
  backend.answer('sessions.list', async () => {
    const list = [await answers[next++]?.promise]
    return { sessions: list, found: 1, total: 1 }
  })
  const loads = [sessions.load(), sessions.load()]
  answers[1]?.resolve(session('newer'))
  await loads[1]
  expect(keys()).toEqual(['newer'])
  answers[0]?.resolve(session('older'))
  await loads[0]
  expect(keys()).toEqual(['newer'])
})

test('a move that is refused says why, and the list is as it really is', async () => {
  const { backend, sessions, keys } = await setup()
  backend.fail('sessions.move', 'not_found', 'There is no such channel')
  await sessions.move('1', 'gone' as ChannelId)
  expect(sessions.failure?.message).toBe('There is no such channel')
  expect(keys()).toEqual(['1', '2'])
})

test('a list that can not be loaded says why; one that was loaded stays', async () => {
  const { backend, sessions, keys } = await setup()
  backend.fail('sessions.list', 'unreachable', 'Routex does not answer')
  await sessions.load()
  expect(keys()).toEqual(['1', '2'])

  const fresh = new SessionsState(backend)
  await fresh.load()
  expect(fresh.sessions).toMatchObject({ kind: 'failed', failure: { message: 'Routex does not answer' } })
})

test('a search is asked of Routex, which knows all sessions, and the last one counts', async () => {
  const { backend, sessions, keys } = await setup()
  const late = Promise.withResolvers<null>()
  backend.answer('sessions.list', async ({ search }) => {
    if (search === 'old') await late.promise
    return { sessions: [session(search ?? 'all')], found: 700, total: 5_000 }
  })
  const first = sessions.find('old')
  await sessions.find('older')
  late.resolve(null)
  await first
  expect(keys()).toEqual(['older'])
  expect(sessions.sessions).toMatchObject({ value: { found: 700, total: 5_000 } })
  await sessions.find(' ')
  expect(backend.made.at(-2)).toEqual({ name: 'sessions.list', params: { limit: 500 } })
})
