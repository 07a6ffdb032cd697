import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { makeRecord } from '../../../../test/support/request-record'
import { silentLogger } from '../../../../test/support/silent-logger'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { Journal } from './journal'
import { LogService } from './log-service'
import { loadPrices } from './prices'
import { encodeRecord } from './record-codec'
import { journalDir } from './segments'
import type { FromWorker, LogCall } from './worker-messages'

type Told<K extends FromWorker['kind']> = Extract<FromWorker, { readonly kind: K }>

/** The worker's service in this thread, under a clock that stands still. */
async function setup(priceTable = loadPrices) {
  const dir = await makeTempDir()
  mkdirSync(journalDir(dir), { recursive: true })
  const clock = new FakeClock()
  const journal = new Journal({ dir: journalDir(dir), clock: new FakeClock(), logger: silentLogger() })
  const messages: FromWorker[] = []
  let prices = 0
  const broken = vi.fn()
  const service = new LogService({
    data: {
      dataDir: dir,
      ownFrom: journal.position.segment,
      retention: { days: 3650, maxBytes: 1e9 },
      listening: false
    },
    clock,
    post: (message) => messages.push(message),
    installPrices: () => Promise.reject(new Error('nothing is fetched here')),
    loadPrices: () => {
      prices++
      return priceTable()
    },
    onBroken: broken
  })
  let calls = 0
  const call = async (said: LogCall): Promise<Told<'result'> | Told<'failed'>> => {
    const id = ++calls
    service.handle({ kind: 'call', id, call: said })
    return vi.waitFor(() => {
      const answer = messages.find(
        (message) => (message.kind === 'result' || message.kind === 'failed') && message.id === id
      )
      if (answer?.kind !== 'result' && answer?.kind !== 'failed') throw new Error('no answer yet')
      return answer
    })
  }
  onTestFinished(async () => {
    if (broken.mock.calls.length === 0) await call({ name: 'close', params: null })
    journal.close()
  })
  return {
    dir,
    clock,
    service,
    messages,
    call,
    broken,
    loadedPrices: () => prices,
    append: (count: number) => {
      for (let row = 0; row < count; row++) journal.append([encodeRecord(makeRecord())])
    },
    position: () => journal.position,
    told: <K extends FromWorker['kind']>(kind: K) =>
      messages.filter((message): message is Told<K> => message.kind === kind),
    /** Lets what is queued run to its end. */
    settle: async () => void (await call({ name: 'stats', params: null }))
  }
}

const rowsOf = (commits: readonly Told<'committed'>[]): number[] => commits.map(({ own }) => own)

test('an appended record is committed after 500 ms, not before, with what came meanwhile', async () => {
  const { append, clock, position, service, settle, told } = await setup()
  append(1)
  service.handle({ kind: 'appended' })
  clock.advance(499)
  append(2)
  await settle()
  expect(told('committed')).toEqual([])

  clock.advance(1)
  await settle()

  expect(told('committed')).toEqual([
    { kind: 'committed', own: 3, position: position(), rows: null, spent: [expect.anything()] }
  ])
})

test('500 records are committed at once, and the rest of them within half a second', async () => {
  const { append, clock, service, settle, told } = await setup()
  append(1030)

  service.handle({ kind: 'full' })
  await settle()
  expect(rowsOf(told('committed'))).toEqual([500, 500])
  clock.advance(500)
  await settle()

  expect(rowsOf(told('committed'))).toEqual([500, 500, 30])
})

test('a wake-up that finds nothing is answered all the same', async () => {
  const { append, call, clock, service, settle, told } = await setup()
  append(1)
  service.handle({ kind: 'appended' })
  clock.advance(1000)
  await call({ name: 'flush', params: null })
  service.handle({ kind: 'appended' })

  clock.advance(1000)
  await settle()

  expect(rowsOf(told('committed'))).toEqual([1, 0])
})

test('a wake-up is answered also when a query was there before it', async () => {
  const { append, call, clock, service, settle, told } = await setup()
  service.handle({ kind: 'appended' })
  await call({ name: 'query', params: { limit: 1 } })

  clock.advance(1000)
  await settle()
  expect(rowsOf(told('committed'))).toEqual([0])

  append(1)
  service.handle({ kind: 'appended' })
  clock.advance(1000)
  await settle()
  expect(rowsOf(told('committed'))).toEqual([0, 1])
})

test('rows are sent only while somebody listens', async () => {
  const { append, call, service, told } = await setup()
  for (const on of [true, false]) {
    service.handle({ kind: 'listen', on })
    append(2)
    await call({ name: 'flush', params: null })
  }

  expect(told('committed').map(({ rows }) => rows?.length ?? null)).toEqual([2, null])
})

test('the price table is loaded with the first row that tells its usage, once', async () => {
  const { append, call, loadedPrices } = await setup()
  await call({ name: 'flush', params: null })
  expect(loadedPrices()).toBe(0)

  for (let round = 0; round < 3; round++) {
    append(1)
    await call({ name: 'flush', params: null })
  }

  expect(loadedPrices()).toBe(1)
})

test('B32 without the price table rows are written with an unknown cost, and it is told once', async () => {
  const { append, call, loadedPrices, told } = await setup(() => Promise.reject(new Error('not there')))

  for (let round = 0; round < 2; round++) {
    append(1)
    await call({ name: 'flush', params: null })
  }

  expect(loadedPrices()).toBe(1)
  expect(told('no_prices')).toEqual([{ kind: 'no_prices', reason: 'not there' }])
  expect(await call({ name: 'query', params: { limit: 2 } })).toMatchObject({
    value: { rows: [{ costUsd: null }, { costUsd: null }] }
  })
})

test('B30 rows that can not be committed are tried again after 1 s, 2 s, 4 s … and none is lost', async () => {
  const { append, call, clock, dir, settle, told } = await setup()
  const other = new Database(join(dir, 'logs.db'))
  other.exec('BEGIN IMMEDIATE')
  append(3)

  expect(await call({ name: 'flush', params: null })).toMatchObject({ kind: 'failed' })
  const troubles = () => told('trouble').length
  expect(troubles()).toBe(1)
  for (const [waitMs, expected] of [
    [999, 1],
    [1, 2],
    [1999, 2],
    [1, 3]
  ] as const) {
    clock.advance(waitMs)
    await settle()
    expect(troubles()).toBe(expected)
  }
  other.exec('ROLLBACK')
  other.close()
  clock.advance(4000)
  await settle()

  expect(told('trouble').at(-1)).toEqual({ kind: 'trouble', message: null })
  expect(rowsOf(told('committed'))).toEqual([3])
})

test('what is there can be read while nothing can be written', async () => {
  const { append, call, dir } = await setup()
  append(2)
  await call({ name: 'flush', params: null })
  const other = new Database(join(dir, 'logs.db'))
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  append(1)

  const answer = await call({ name: 'query', params: { limit: 10 } })

  expect(answer).toMatchObject({ kind: 'result', value: { rows: [{}, {}] } })
  other.exec('ROLLBACK')
})

test('damage that is met under way sets the database aside, and ends the service', async () => {
  const { append, broken, call, dir, service, told } = await setup()
  append(200)
  await call({ name: 'flush', params: null })
  const other = new Database(join(dir, 'logs.db'))
  other.unsafeMode()
  other.pragma('writable_schema = ON')
  other.prepare(`UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'requests_by_time'`).run()
  other.pragma('schema_version = 99')
  other.close()
  append(1)

  service.handle({ kind: 'call', id: 999, call: { name: 'flush', params: null } })

  await vi.waitFor(() => expect(broken).toHaveBeenCalledOnce())
  expect(told('set_aside')).toMatchObject([{ name: expect.stringMatching(/^logs\.damaged-/) as string }])
})

test('retention runs a minute after the start, then every ten', async () => {
  const { append, call, clock, service, settle } = await setup()
  const count = async (): Promise<number> => {
    const answer = await call({ name: 'query', params: { limit: 500 } })
    return answer.kind === 'result' ? (answer.value as { rows: unknown[] }).rows.length : -1
  }
  append(3)
  await call({ name: 'flush', params: null })
  clock.set(Date.UTC(2040, 0, 1))

  clock.advance(59_999)
  expect(await count()).toBe(3)
  clock.advance(1)
  await settle()

  expect(await count()).toBe(0)
  service.handle({ kind: 'retention', limits: { days: 1, maxBytes: 1e9 } })
  await settle()
})
