import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import type { LogFilter } from '../../../shared/log-filter'
import type { ChannelId, ClientKeyId, RequestId } from '../../../shared/ids'
import type { RequestRecord } from '../../../shared/request-log'
import { countRows, findRequest, queryPage, type LogPageQuery } from './log-query'

async function setup(...records: readonly RequestRecord[]) {
  const opened = await openLogs()
  opened.append(...records)
  opened.drain()
  const page = (query: LogPageQuery) => queryPage(opened.logs.requests, query)
  const pages = (limit: number, filter?: LogFilter): string[][] => {
    const found: string[][] = []
    let cursor: string | undefined
    do {
      const { rows, nextCursor } = page({ limit, cursor, filter })
      found.push(rows.map(({ id }) => id))
      cursor = nextCursor ?? undefined
    } while (cursor !== undefined)
    return found
  }
  return { ...opened, page, pages }
}

const at = (ms: number, said: Partial<RequestRecord> = {}): RequestRecord => makeRecord({ at: ms, ...said })

test('pages go from the newest to the oldest, whatever order the requests ended in', async () => {
  const records = [30, 10, 50, 20, 40].map((ms) => at(ms))
  const { pages } = await setup(...records)
  const newestFirst = records.toSorted((one, other) => other.at - one.at).map(({ id }) => id)

  expect(pages(2)).toEqual([newestFirst.slice(0, 2), newestFirst.slice(2, 4), newestFirst.slice(4)])
  expect(pages(5)).toEqual([newestFirst])
})

test('requests of one millisecond are each on exactly one page', async () => {
  const records = Array.from({ length: 25 }, () => at(1000))
  const { pages } = await setup(...records)

  const found = pages(4)

  expect(found.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 1])
  expect(new Set(found.flat()).size).toBe(25)
})

test('rows that come while one pages neither shift nor repeat what follows', async () => {
  const { append, drain, page } = await setup(...[10, 20, 30, 40].map((ms) => at(ms)))
  const first = page({ limit: 2 })

  append(at(50))
  drain()
  const second = page({ limit: 2, cursor: first.nextCursor ?? undefined })

  expect(first.rows.map((row) => row.at)).toEqual([40, 30])
  expect(second.rows.map((row) => row.at)).toEqual([20, 10])
  expect(second.nextCursor).toBeNull()
})

test('each filter keeps what it names, and several keep what all of them do', async () => {
  const records = {
    plain: at(10),
    failed: at(20, { outcome: 'upstream_error', status: 529, errorCode: 'busy', errorMessage: 'Overloaded' }),
    refused: at(30, { outcome: 'refused', status: 401, protocol: 'gemini', errorCode: 'unknown_key' }),
    other: at(40, {
      channelId: 'ch_2' as ChannelId,
      clientKeyId: 'key_2' as ClientKeyId,
      model: 'gpt-5',
      client: 'codex/1.0',
      sessionId: 'session-2',
      protocol: 'openai-responses'
    })
  }
  const { page } = await setup(...Object.values(records))
  const names = (filter: LogFilter): string[] =>
    page({ limit: 100, filter }).rows.flatMap(({ id }) =>
      Object.entries(records).flatMap(([name, record]) => (record.id === id ? [name] : []))
    )

  expect(names({})).toEqual(['other', 'refused', 'failed', 'plain'])
  expect(names({ from: 20, to: 40 })).toEqual(['refused', 'failed'])
  expect(names({ outcome: ['refused', 'upstream_error'] })).toEqual(['refused', 'failed'])
  expect(names({ outcome: [] })).toEqual([])
  expect(names({ statusMin: 400, statusMax: 499 })).toEqual(['refused'])
  expect(names({ channelId: 'ch_2' as ChannelId })).toEqual(['other'])
  expect(names({ clientKeyId: 'key_2' as ClientKeyId })).toEqual(['other'])
  expect(names({ model: 'gpt-5' })).toEqual(['other'])
  expect(names({ model: 'PT-' })).toEqual(['other']) // a part of the name, in any case
  expect(names({ client: 'codex/1.0' })).toEqual(['other'])
  expect(names({ sessionId: 'session-2' })).toEqual(['other'])
  expect(names({ protocol: 'gemini' })).toEqual(['refused'])
  expect(names({ text: 'overload' })).toEqual(['failed'])
  expect(names({ text: 'unknown_k' })).toEqual(['refused'])
  expect(names({ protocol: 'anthropic', statusMin: 500 })).toEqual(['failed'])
})

test('a search text stands for itself, wildcards and quotes included', async () => {
  const { page } = await setup(
    ...['100% full', '100 full', "it's_broken", 'itsXbroken', 'a\\b'].map((errorMessage, index) =>
      at(index, { errorMessage })
    )
  )
  const messages = (text: string) => page({ limit: 10, filter: { text } }).rows.map(({ errorMessage }) => errorMessage)

  expect(messages('0%')).toEqual(['100% full'])
  expect(messages("'s_b")).toEqual(["it's_broken"])
  expect(messages('a\\b')).toEqual(['a\\b'])
  expect(messages(`' OR 1=1 --`)).toEqual([])
})

test.each([
  '',
  'nonsense',
  'MTA',
  Buffer.from('1 2 3').toString('base64url'),
  Buffer.from('1 2.5').toString('base64url')
])('a cursor that no query gave (%j) is a 400', async (cursor) => {
  const { page } = await setup(at(10))

  expect(() => page({ limit: 1, cursor })).toThrow(expect.objectContaining({ code: 'bad_cursor', status: 400 }))
})

test('one request is found by its id, and another is not', async () => {
  const record = at(10)
  const { logs } = await setup(record, at(20))

  expect(findRequest(logs.requests, record.id)).toMatchObject({ id: record.id, at: 10 })
  expect(findRequest(logs.requests, 'req-none' as RequestId)).toBeUndefined()
})

test('a page deep inside a large log is found by its key, as quickly as the first', async () => {
  const { logs, page } = await setup()
  const insert = logs.database.prepare<[number]>(
    `WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
     INSERT INTO requests (id, at, method, path, stream, status, outcome, total_ms, own_ms, request_bytes, response_bytes,
       attempts, excluded, demo)
     SELECT 'bulk-' || n, n, 'POST', '/v1/messages', 0, 200, 'ok', 1, 1, 1, 1, '[]', '[]', 0 FROM counted`
  )
  insert.run(200_000)
  const cursorAt = (ms: number): string => Buffer.from(`${ms} 1`).toString('base64url')
  const medianMs = (cursor: string | undefined): number => {
    const times = Array.from({ length: 9 }, () => {
      const begun = performance.now()
      expect(page({ limit: 100, cursor }).rows).toHaveLength(100)
      return performance.now() - begun
    })
    return times.toSorted((one, other) => one - other)[4] ?? 0
  }

  const [first, deep] = [medianMs(undefined), medianMs(cursorAt(150))]

  expect(deep).toBeLessThan(Math.max(10, first * 10))
})

test('rows are counted under the same filter as they are found by', async () => {
  const { logs } = await setup(...[10, 20, 30].map((ms) => at(ms)), at(40, { model: 'gpt-5', status: 500 }))

  expect(countRows(logs.requests, {})).toEqual({ rows: 4, more: false })
  expect(countRows(logs.requests, { from: 20, statusMax: 299 })).toEqual({ rows: 2, more: false })
  expect(countRows(logs.requests, { model: 'GPT' })).toEqual({ rows: 1, more: false })
  expect(countRows(logs.requests, { outcome: [] })).toEqual({ rows: 0, more: false })
})

test('the counting ends at 100,000, and says so', async () => {
  const { logs } = await setup(at(10))
  logs.database
    .prepare<[number]>(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO requests (id, at, method, path, stream, status, outcome, total_ms, own_ms, request_bytes, response_bytes,
         attempts, excluded, demo)
       SELECT 'req-' || n, n, 'POST', '/', 0, 200, 'ok', 1, 1, 1, 1, '[]', '[]', 0 FROM numbers`
    )
    .run(99_999)

  expect(countRows(logs.requests, {})).toEqual({ rows: 100_000, more: false })
  logs.requests.insert(at(20), null)
  expect(countRows(logs.requests, {})).toEqual({ rows: 100_000, more: true })
})

test('rows are found by the name of the channel that they show, in any case, whole', async () => {
  const { page } = await setup(
    at(1, { channelName: 'Alpha', channelId: 'ch_1' as ChannelId }),
    at(2, { channelName: 'Alpha 2', channelId: 'ch_1' as ChannelId }),
    at(3, { channelName: 'Alpha', channelId: 'ch_2' as ChannelId })
  )
  const { rows } = page({ limit: 10, filter: { channelName: 'alpha' } })
  expect(rows.map((row) => row.at)).toEqual([3, 1])
})
