import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import { killHard, runSource } from '../../../../test/support/run-source'
import { silentLogger } from '../../../../test/support/silent-logger'
import type {} from '../../../../test/support/log-worker' // what 'logWorkerUrl' is
import { makeTempDir } from '../../../../test/support/temp-dir'
import type { RequestId } from '../../../shared/ids'
import type { RequestRow } from '../../../shared/request-log'
import type { JournalFiles } from './journal'
import { openLogStore } from './log-store'
import { journalDir, listSegments } from './segments'

const workerUrl = new URL(inject('logWorkerUrl'))
const PERIOD = { from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 0, 2) }

async function setup(
  said: { readonly dir?: string; readonly journalFiles?: JournalFiles; readonly workerUrl?: URL } = {}
) {
  const dir = said.dir ?? (await makeTempDir())
  const clock = new FakeClock()
  const logger = silentLogger()
  const store = await openLogStore({
    workerUrl,
    ...said,
    dir,
    clock,
    logger,
    retention: { days: 3650, maxMiB: 1024 }
  })
  onTestFinished(() => store.close())
  const count = async (): Promise<number> => {
    let rows = 0
    let cursor: string | undefined
    do {
      const page = await store.query({ limit: 500, cursor })
      rows += page.rows.length
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return rows
  }
  return { dir, clock, logger, store, count }
}

function overwritePage(path: string, number: number): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xa5, (number - 1) * 4096, number * 4096))
}

test('B30 a query sees every request that ended before it', async () => {
  const { store } = await setup()
  for (let asked = 1; asked <= 20; asked++) {
    const record = makeRecord({ at: asked })
    void store.append(record)

    const { rows } = await store.query({ limit: 1 })

    expect(rows[0]?.id).toBe(record.id)
    expect((await store.get(record.id))?.at).toBe(asked)
  }
  expect(await store.get('req-none' as RequestId)).toBeUndefined()
})

test('B32 a row has its cost from the first one on', async () => {
  const { store } = await setup()
  void store.append(makeRecord())

  const { rows } = await store.query({ limit: 1 })

  expect(rows[0]?.costUsd).toBeCloseTo(0.0037875, 10)
  expect(rows[0]?.priceSource).toContain('anthropic/claude-sonnet-4-5@')
})

test('a single row is committed by itself after half a second, and told to who listens', async () => {
  const { store } = await setup()
  const told: RequestRow[] = []
  onTestFinished(store.onCommitted((rows) => told.push(...rows)))
  const begun = performance.now()
  void store.append(makeRecord())

  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 5000, interval: 20 })

  expect(performance.now() - begun).toBeGreaterThan(400)
})

test('500 rows are committed at once, in one transaction', async () => {
  const { store } = await setup()
  const told: number[] = []
  onTestFinished(store.onCommitted((rows) => told.push(rows.length)))

  for (let row = 0; row < 500; row++) void store.append(makeRecord())

  await vi.waitFor(() => expect(told).toEqual([500]), { timeout: 5000, interval: 5 })
  const stats = await store.stats(12_345)
  expect(stats).toMatchObject({
    queued: 0,
    rowsWritten: 500,
    flushes: 1,
    lastBatchRows: 500,
    transactions: 1,
    badRecords: 0,
    dropped: 0,
    waitingInMemory: 0,
    lastError: null,
    setAside: null
  })
  expect(stats.statements).toBeGreaterThan(500)
  expect(stats.statements).toBeLessThan(530)
  expect(stats.databaseBytes.config).toBe(12_345)
  expect(stats.databaseBytes.logs).toBeGreaterThan(100_000)
  expect(stats.journalBytes).toBeGreaterThan(100_000)
  expect(stats.rowsPerSecond).toBe(50)
})

test('rows that come in ones, fits and starts are all committed without a query', { timeout: 20_000 }, async () => {
  const { store, dir } = await setup()
  let appended = 0
  for (const burst of [1, 499, 1200, 5]) {
    for (let row = 0; row < burst; row++) void store.append(makeRecord())
    appended += burst
    await vi.waitFor(async () => expect(await store.stats(0)).toMatchObject({ queued: 0, rowsWritten: appended }), {
      timeout: 5000,
      interval: 10
    })
  }

  const database = new Database(join(dir, 'logs.db'), { readonly: true })
  onTestFinished(() => void database.close())
  expect(database.prepare('SELECT count(*) AS rows FROM requests').get()).toEqual({ rows: 1705 })
})

test('what is not committed yet counts as queued', async () => {
  const { store } = await setup()
  for (let row = 0; row < 3; row++) void store.append(makeRecord())

  expect((await store.stats(0)).queued).toBe(3)

  await store.flush()
  expect((await store.stats(0)).queued).toBe(0)
})

test('B31 totals and series come from the same rows', async () => {
  const { store } = await setup()
  for (let row = 0; row < 10; row++) void store.append(makeRecord())

  expect(await store.overview(PERIOD)).toMatchObject({ requests: 10, tokens: { output: 2000 } })
  expect(await store.timeseries({ ...PERIOD, bucket: 'day', groupBy: 'model' })).toMatchObject([
    { group: 'claude-sonnet-4-5', requests: 10 }
  ])
})

test('what the caller did wrong comes back with its code, and the worker goes on', async () => {
  const { store } = await setup()

  await expect(store.query({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({
    name: 'StorageError',
    code: 'bad_cursor',
    status: 400
  })
  expect((await store.query({ limit: 1 })).rows).toEqual([])
})

test('close commits what was appended before it', async () => {
  const { store, dir, clock } = await setup()
  for (let row = 0; row < 7; row++) void store.append(makeRecord())

  await store.close()
  await store.close()

  const database = new Database(join(dir, 'logs.db'), { readonly: true })
  onTestFinished(() => void database.close())
  expect(database.prepare('SELECT count(*) AS rows FROM requests').get()).toEqual({ rows: 7 })
  expect(clock.pendingTimers).toBe(0)
})

test('B30 kill -9 loses no finished request, and a replay writes none twice', { timeout: 30_000 }, async () => {
  const dir = await makeTempDir()
  const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
  const child = runSource(`
    const { openLogStore } = await import(${source('./log-store.ts')})
    const { systemClock } = await import(${source('../../telemetry/system-clock.ts')})
    const { makeRecord } = await import(${source('../../../../test/support/request-record.ts')})
    const quiet = () => undefined
    const store = await openLogStore({
      dir: ${JSON.stringify(dir)}, clock: systemClock, logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      workerUrl: new URL(${JSON.stringify(workerUrl.href)}), retention: { days: 3650, maxMiB: 1024 }
    })
    let appended = 0
    setInterval(async () => {
      await Promise.all(Array.from({ length: 40 }, () => store.append(makeRecord({ id: 'killed-' + ++appended }))))
      process.stdout.write('appended ' + appended + '\\n')
    }, 2)
  `)
  const lines: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
  await vi.waitFor(() => expect(lines.length).toBeGreaterThan(100), { timeout: 20_000, interval: 10 })
  await killHard(child)
  const promised = Math.max(...lines.map((line) => Number(/^appended (\d+)$/.exec(line)?.[1] ?? 0)))

  const { store, count } = await setup({ dir })

  const written = await count()
  const { requests } = await store.overview(PERIOD)
  expect(written).toBeGreaterThanOrEqual(promised)
  expect(written).toBeLessThanOrEqual(promised + 40)
  expect(requests).toBe(written)
  expect((await store.stats(0)).badRecords).toBeLessThanOrEqual(1) // the record that the kill cut in two
})

test('a database that breaks under way is set aside, the worker is started again, and no new row is lost', async () => {
  const old = await openLogs()
  old.append(...Array.from({ length: 200 }, () => makeRecord()))
  old.drain()
  const page = old.logs.database
    .prepare<[], { rootpage: number }>(`SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_requests_1'`)
    .get()
  old.logs.close()
  overwritePage(join(old.dir, 'logs.db'), page?.rootpage ?? 0) // it can be opened, but not written any more
  const { store, clock, logger, count } = await setup({ dir: old.dir })
  const told: RequestRow[] = []
  onTestFinished(store.onCommitted((rows) => told.push(...rows)))
  const [one, other] = [makeRecord(), makeRecord()]

  void store.append(one)
  await expect(store.flush()).rejects.toMatchObject({ name: 'StorageError' })
  const restarting = () => logger.lines.some(({ message }) => message.includes('the log worker ended'))
  await vi.waitFor(() => expect(restarting()).toBe(true))
  void store.append(other)
  clock.advance(100)

  await vi.waitFor(async () => expect(await count()).toBeGreaterThanOrEqual(2), { timeout: 5000 })
  expect(told.map(({ id }) => id)).toEqual(expect.arrayContaining([one.id, other.id]))
  expect((await store.stats(0)).setAside).toMatch(/^logs\.damaged-/)
  expect(readdirSync(old.dir).some((name) => name.startsWith('logs.damaged-'))).toBe(true)
})

test('a call while the worker is away fails as retryable, and appends go on', async () => {
  const dir = await makeTempDir()
  const { store, logger } = await setup({ dir, workerUrl: pathToFileURL(join(dir, 'no-such-worker.js')) })

  void store.append(makeRecord())

  await expect(store.query({ limit: 1 })).rejects.toMatchObject({ code: 'log_worker_stopped', retryable: true })
  expect(logger.lines.some(({ level }) => level === 'error')).toBe(true)
  expect(listSegments(journalDir(dir))).toHaveLength(1)
})

test('a damaged logs.db at the start is set aside, logged and told', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'logs.db'), 'junk')

  const { store, logger, count } = await setup({ dir })
  void store.append(makeRecord())

  expect(await count()).toBe(1)
  expect((await store.stats(0)).setAside).toMatch(/^logs\.damaged-.*\.db$/)
  expect(logger.lines.map(({ level }) => level)).toContain('error')
})

test('B30 on a full disk flush says so, and what waited is written once there is room', async () => {
  let full = true
  const journalFiles: JournalFiles = {
    open: (path) => openSync(path, 'ax'),
    write: (file, bytes, length) => {
      if (full) throw new Error('ENOSPC')
      return writeSync(file, bytes, 0, length)
    },
    truncate: ftruncateSync,
    close: closeSync
  }
  const { store, clock, count } = await setup({ journalFiles })
  void store.append(makeRecord())
  await expect(store.flush()).rejects.toMatchObject({ code: 'log_unwritable', retryable: true })
  expect(await store.stats(0)).toMatchObject({ queued: 1, waitingInMemory: 1, lastError: 'ENOSPC' })

  full = false
  clock.advance(1000)

  expect(await count()).toBe(1)
  expect(await store.stats(0)).toMatchObject({ queued: 0, waitingInMemory: 0, lastError: null })
})

test('a shorter retention is put in force at once', async () => {
  const { store, count } = await setup()
  for (let row = 0; row < 5; row++) void store.append(makeRecord({ at: Date.UTC(2020, 0, 1) }))
  expect(await count()).toBe(5)

  store.setRetention({ days: 30, maxMiB: 1024 })

  await vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 5000 })
})
