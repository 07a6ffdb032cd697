import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { FakeClock } from '../../../../test/support/fake-clock'
import { openLogs } from '../../../../test/support/log-database'
import type {} from '../../../../test/support/log-worker' // what 'logWorkerUrl' is
import { makeRecord } from '../../../../test/support/request-record'
import { silentLogger } from '../../../../test/support/silent-logger'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { openLogStore } from './log-store'

const MIB = 1024 * 1024
const large = (at: number) => makeRecord({ at, rawUsage: 'x'.repeat(2000) })

test('a vacuum gives free space back to the disk and keeps every row and total', async () => {
  const { append, dir, drain, ids, logs } = await openLogs()
  append(...Array.from({ length: 4000 }, (_, index) => large(index)))
  drain()
  logs.database.prepare('DELETE FROM requests WHERE at < 3900').run()
  const before = { ids: ids(), totals: logs.rollups.overview(0, 60_000, 60_000) }

  const { afterBytes, beforeBytes, ms } = logs.vacuum()

  expect(beforeBytes).toBeGreaterThan(8 * MIB)
  expect(afterBytes).toBeLessThan(MIB)
  expect(ms).toBeGreaterThan(0)
  expect(statSync(join(dir, 'logs.db')).size + statSync(join(dir, 'logs.db-wal')).size).toBe(afterBytes)
  expect({ ids: ids(), totals: logs.rollups.overview(0, 60_000, 60_000) }).toEqual(before)
  expect(logs.database.pragma('auto_vacuum')).toBe(2)
})

test('a vacuum of an empty log does no harm', async () => {
  const { append, drain, logs } = await openLogs()

  logs.vacuum()

  append(makeRecord())
  expect(drain()).toBe(1)
})

test('a vacuum for which the disk has no room is told, and every row stays', async () => {
  const { append, drain, ids, logs } = await openLogs()
  append(...Array.from({ length: 500 }, (_, index) => large(index)))
  drain()
  const { database } = logs
  const preparing = vi.spyOn(database, 'prepare').mockImplementation(() => {
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
  })

  expect(() => logs.vacuum()).toThrow(expect.objectContaining({ code: 'log_unwritable', status: 507 }) as Error)

  preparing.mockRestore()
  expect(ids()).toHaveLength(500)
})

test('rows that arrive during a vacuum wait in the journal, and none is lost or doubled', async () => {
  const clock = new FakeClock()
  const store = await openLogStore({
    dir: await makeTempDir(),
    workerUrl: new URL(inject('logWorkerUrl')),
    clock,
    logger: silentLogger(),
    retention: { days: 3650, maxMiB: 1024 }
  })
  onTestFinished(() => store.close())
  for (let at = 0; at < 1500; at++) void store.append(large(at))
  await store.flush()

  let at = 1500
  const running = { ended: false }
  const vacuum = store.vacuum().finally(() => (running.ended = true))
  while (!running.ended) {
    void store.append(makeRecord({ at: at++ }))
    await setTimeout(1)
  }
  await vacuum

  expect(at).toBeGreaterThan(1500)
  expect((await store.count({})).rows).toBe(at)
  expect(await store.stats(0)).toMatchObject({ queued: 0, dropped: 0, badRecords: 0 })
})
