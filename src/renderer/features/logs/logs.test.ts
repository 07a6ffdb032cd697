import { expect, onTestFinished, test, vi } from 'vitest'
import type { ChannelId, RequestId } from '../../../shared/ids'
import type { RequestRow } from '../../../shared/request-log'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleRequest } from '../../../../test/e2e/support/sample-data'
import { LogsState } from './logs.svelte'

const names = {
  channels: [{ id: 'anthropic-main' as ChannelId, name: 'Anthropic main', slug: 'anthropic-main' }],
  clientKeys: []
}
const NOW = 1_000_000

const rowsAt = (...times: readonly number[]): RequestRow[] => times.map((at) => sampleRequest(`r${at}`, { at }))

async function setup(rows: readonly RequestRow[] = rowsAt(30, 20, 10), nextCursor: string | null = null) {
  const backend = new FakeBackend()
  backend.answer('logs.query', () => ({ rows, nextCursor }))
  backend.answer('logs.count', () => ({ rows: 3, more: false }))
  const logs = new LogsState(
    backend,
    () => names,
    () => NOW
  )
  onTestFinished(logs.listen())
  await logs.load()
  const shown = (): readonly number[] => (logs.list.kind === 'ready' ? logs.list.value.map(({ at }) => at) : [])
  const finish = (...times: readonly number[]): void => backend.emit('request.finished', { rows: rowsAt(...times) })
  const asked = () => backend.made.filter(({ name }) => name === 'logs.query').map(({ params }) => params)
  return { backend, logs, shown, finish, asked }
}

test('a new row enters at the top, and counts', async () => {
  const { logs, shown, finish } = await setup()
  finish(40)
  expect(shown()).toEqual([40, 30, 20, 10])
  expect(logs.total).toEqual({ rows: 4, more: false })
})

test('what an event left out is read, and the list and its count are whole', async () => {
  const { backend, logs, shown, asked } = await setup()
  backend.answer('logs.query', () => ({ rows: rowsAt(80, 70, 60, 50), nextCursor: null }))
  backend.emit('request.finished', { rows: rowsAt(40, 50), missingFrom: 60 })
  await vi.waitFor(() => expect(shown()).toEqual([80, 70, 60, 50, 40, 30, 20, 10]))
  expect(asked().at(-1)).toEqual({ limit: 200, filter: { from: 60 } })
  expect(logs.total).toEqual({ rows: 8, more: false })

  // Told only now, though the query saw it.
  backend.emit('request.finished', { rows: rowsAt(80, 90) })
  expect(shown().slice(0, 2)).toEqual([90, 80])
  expect(logs.total?.rows).toBe(9)
})

test('what is left out while that is read is read after it, and with the filter', async () => {
  const { backend, logs, shown, asked } = await setup()
  await logs.apply('model:claude')
  const slow = Promise.withResolvers<{ rows: RequestRow[]; nextCursor: null }>()
  backend.answer('logs.query', () => slow.promise)
  backend.emit('request.finished', { rows: [], missingFrom: 40 })
  backend.emit('request.finished', { rows: [], missingFrom: 60 })
  backend.emit('request.finished', { rows: [], missingFrom: 50 })
  backend.answer('logs.query', () => ({ rows: rowsAt(60, 50), nextCursor: null }))
  slow.resolve({ rows: rowsAt(40), nextCursor: null })
  await vi.waitFor(() => expect(shown()).toEqual([60, 50, 40, 30, 20, 10]))
  expect(asked().slice(2)).toEqual([40, 50].map((from) => ({ limit: 200, filter: { model: 'claude', from } })))
})

test('what ends while another filter is asked for is in its list', async () => {
  const { backend, logs, shown, finish } = await setup()
  const slow = Promise.withResolvers<{ rows: RequestRow[]; nextCursor: null }>()
  backend.answer('logs.query', () => slow.promise)
  const applied = logs.apply('model:claude')
  finish(40)
  slow.resolve({ rows: rowsAt(30), nextCursor: null })
  await applied
  expect(shown()).toEqual([40, 30])
})

test('while it is paused or scrolled away, new rows wait until they are asked for', async () => {
  const { logs, shown, finish } = await setup()
  logs.setFollowing(false)
  finish(40)
  logs.setFollowing(true)
  expect(shown()).toEqual([40, 30, 20, 10])

  logs.setAtTop(false)
  finish(50)
  finish(60)
  expect(shown()).toEqual([40, 30, 20, 10])
  expect(logs.waitingCount).toBe(2)
  logs.showWaiting()
  expect(shown()).toEqual([60, 50, 40, 30, 20, 10])
  expect(logs.waitingCount).toBe(0)
})

test('the first row that matches is shown, wherever the list stood before nothing did', async () => {
  const { backend, logs, shown, finish } = await setup()
  logs.setAtTop(false)
  backend.answer('logs.query', () => ({ rows: [], nextCursor: null }))
  await logs.apply('status:2xx')
  finish(40)
  expect(shown()).toEqual([40])
})

test('a filter is asked of the database, and of every row that comes in', async () => {
  const { backend, logs, shown, finish, asked } = await setup()
  backend.answer('logs.query', () => ({ rows: [], nextCursor: null }))

  await logs.apply('status:5xx channel:main since:15m')

  const filter = { statusMin: 500, statusMax: 599, channelId: 'anthropic-main', from: NOW - 900_000 }
  expect(asked().at(-1)).toEqual({ limit: 200, filter })
  finish(NOW) // status 200
  expect(shown()).toEqual([])
  backend.emit('request.finished', { rows: [sampleRequest('bad', { at: NOW, status: 529 })] })
  expect(shown()).toEqual([NOW])
})

test('while a part of the filter is not understood nothing is asked for, shown or let in, and then the mended one is', async () => {
  const { logs, shown, finish, asked } = await setup()
  const before = asked().length
  await logs.apply('model:claude colour:red')
  expect(logs.unread).toBe(true)
  expect(shown()).toEqual([])
  expect(logs.total).toBeNull()
  finish(50)
  expect(shown()).toEqual([])
  expect(asked()).toHaveLength(before)

  await logs.apply('model:claude')
  expect(logs.unread).toBe(false)
  expect(shown()).toEqual([30, 20, 10])
})

test('older pages come one at a time by the cursor until the end', async () => {
  const { backend, logs, shown, asked } = await setup(rowsAt(30, 20), 'c1')
  backend.answer('logs.query', () => ({ rows: rowsAt(10), nextCursor: null }))

  await Promise.all([logs.loadOlder(), logs.loadOlder()])
  await logs.loadOlder()

  expect(shown()).toEqual([30, 20, 10])
  expect(asked().slice(1)).toEqual([{ limit: 200, cursor: 'c1' }])
  expect(logs.atEnd).toBe(true)
})

test('an older page that fails keeps the list, says why, and can be asked for again', async () => {
  const { backend, logs, shown } = await setup(rowsAt(30), 'c1')
  backend.fail('logs.query', 'log_worker_stopped', 'ask once more')
  await logs.loadOlder()
  expect(shown()).toEqual([30])
  expect(logs.olderFailure?.message).toBe('ask once more')

  backend.answer('logs.query', () => ({ rows: rowsAt(10), nextCursor: null }))
  await logs.loadOlder()
  expect(shown()).toEqual([30, 10])
  expect(logs.olderFailure).toBeNull()
})

test('the answer of an earlier filter that comes late is not shown', async () => {
  const { backend, logs, shown } = await setup()
  const slow = Promise.withResolvers<{ rows: RequestRow[]; nextCursor: null }>()
  backend.answer('logs.query', () => slow.promise)
  const first = logs.apply('status:5xx')
  backend.answer('logs.query', () => ({ rows: rowsAt(7), nextCursor: null }))
  await logs.apply('status:4xx')
  slow.resolve({ rows: rowsAt(99), nextCursor: null })
  await first
  expect(shown()).toEqual([7])
})

test('a list that grows too long lets its oldest rows go, and reads them again by their time', async () => {
  const { logs, shown, finish, asked } = await setup()
  finish(...Array.from({ length: 10_001 }, (_, index) => 1000 + index))
  expect(shown()).toHaveLength(8000)
  expect(logs.atEnd).toBe(false)

  await logs.loadOlder()

  const oldest = 1000 + 10_001 - 8000
  expect(asked().at(-1)).toEqual({ limit: 200, filter: { to: oldest + 1 } })
})

test('j and k walk the rows and stop at both ends', async () => {
  const { logs } = await setup()
  expect(logs.move(1)).toBe(0)
  expect(logs.move(1)).toBe(1)
  expect(logs.selected?.at).toBe(20)
  expect(logs.move(5)).toBe(2)
  expect(logs.move(-9)).toBe(0)
  logs.select('nobody' as RequestId)
  expect(logs.selected).toBeNull()
})

test('a link opens a row that is older than the list, and one that is gone opens nothing', async () => {
  const { backend, logs } = await setup()
  backend.answer('logs.get', () => sampleRequest('old', { at: 1 }))
  await logs.open('old' as RequestId)
  expect(logs.selected?.at).toBe(1)

  logs.select(null)
  backend.fail('logs.get', 'not_found', 'There is no such request')
  await logs.open('gone' as RequestId)
  expect(logs.selected).toBeNull()
})

/** As the log stands after a gap: `all` in pages of two hundred, the newest first. */
function answerPages(backend: FakeBackend, all: readonly RequestRow[]): void {
  backend.answer('logs.query', ({ cursor, filter }) => {
    const wanted = all.filter(({ at }) => at >= (filter?.from ?? -Infinity))
    const from = Number(cursor ?? 0)
    const to = from + 200
    return { rows: wanted.slice(from, to), nextCursor: to < wanted.length ? String(to) : null }
  })
}

const downFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first - index)

test('after a gap the rows stay where they are, and what ended meanwhile waits at the top', async () => {
  const { backend, logs, shown } = await setup(rowsAt(...downFrom(900, 200)), '200')
  answerPages(backend, rowsAt(...downFrom(900, 450)))
  await logs.loadOlder()
  logs.setAtTop(false)
  // One that arrived before the newest of the list, and ended after it.
  const meanwhile = rowsAt(...downFrom(1150, 250), 890.5)
  answerPages(
    backend,
    [...meanwhile, ...rowsAt(...downFrom(900, 450))].sort((a, b) => b.at - a.at)
  )

  await logs.catchUp()

  expect(shown()).toEqual(downFrom(900, 400))
  expect(logs.waitingCount).toBe(251)
  logs.setAtTop(true)
  expect(shown()).toEqual([...downFrom(1150, 260), 890.5, ...downFrom(890, 390)])
  expect(logs.list.kind).toBe('ready')
})

test('after a gap in which more came than can wait the rows stay too, and the list begins anew when they may enter', async () => {
  const { backend, logs, shown, asked } = await setup(rowsAt(...downFrom(900, 200)), '200')
  logs.setFollowing(false)
  logs.select('r750' as RequestId)
  answerPages(backend, rowsAt(...downFrom(5900, 5200)))
  const before = asked().length

  await logs.catchUp()

  expect(shown()).toEqual(downFrom(900, 200))
  expect(logs.waitingCount).toBe(1000)
  expect(asked()).toHaveLength(before + 5)
  // Nothing more is read for a list that is going to be read anew.
  backend.emit('request.finished', { rows: [], missingFrom: 5900 })
  await logs.catchUp()
  expect(asked()).toHaveLength(before + 5)
  logs.setFollowing(true)
  await vi.waitFor(() => expect(shown()).toEqual(downFrom(5900, 200)))
  expect(logs.waitingCount).toBe(0)
  expect(logs.selected?.at).toBe(750)
})

test('what ended in a gap is found though it arrived long before the newest row', async () => {
  const { backend, logs, shown } = await setup(rowsAt(...downFrom(900, 200)), '200')
  answerPages(backend, rowsAt(...downFrom(900, 150), 750.5, ...downFrom(750, 200)))
  await logs.catchUp()
  expect(shown()).toEqual([...downFrom(900, 150), 750.5, ...downFrom(750, 50)])
})

test('rows that can not be read after a gap are asked for again, and what is there stays', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { backend, logs, shown } = await setup()
  logs.select('r20' as RequestId)
  backend.fail('logs.query', 'log_worker_stopped', 'ask once more')
  await logs.catchUp()
  expect(shown()).toEqual([30, 20, 10])
  expect(logs.selected?.at).toBe(20)
  backend.answer('logs.query', () => ({ rows: rowsAt(40, 30, 20, 10), nextCursor: null }))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(shown()).toEqual([40, 30, 20, 10])
})

test('the count is asked for again when no more requests end, so that it is right in the end', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { backend, logs, finish } = await setup()
  backend.answer('logs.count', () => ({ rows: 7, more: false }))
  finish(40)
  await vi.advanceTimersByTimeAsync(1_000)
  finish(50)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(logs.total?.rows).toBe(5)
  await vi.advanceTimersByTimeAsync(500)
  expect(logs.total?.rows).toBe(7)
})

test('the open request stays open while the log can not be read, and closes for another filter', async () => {
  const { backend, logs } = await setup()
  logs.select('r20' as RequestId)
  backend.fail('logs.query', 'log_worker_stopped', 'ask once more')
  await logs.load()
  expect(logs.list.kind).toBe('failed')
  expect(logs.selected?.at).toBe(20)

  backend.answer('logs.query', () => ({ rows: rowsAt(7), nextCursor: null }))
  await logs.load()
  expect(logs.selected?.at).toBe(20)
  await logs.apply('status:5xx')
  expect(logs.selected).toBeNull()
})
