import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import { makeTempDir } from '../../../../test/support/temp-dir'
import { loadPrices } from './prices'
import { encodeRecord } from './record-codec'
import { journalDir, listSegments } from './segments'

const records = (count: number) => Array.from({ length: count }, () => makeRecord())

const segmentsOf = (dir: string): string[] => listSegments(journalDir(dir)).map((name) => join(journalDir(dir), name))

const setAsideIn = (dir: string): { reason: string; record: string }[] =>
  readFileSync(join(dir, 'journal.bad.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { reason: string; record: string })

test('B30 every record in the journal becomes exactly one row, read back as it was', async () => {
  const { append, drain, logs } = await openLogs({ prices: await loadPrices() })
  const [priced, unpriced] = [makeRecord(), makeRecord({ sentModel: 'nobody-knows', usage: null, rawUsage: null })]

  append(priced, unpriced)

  expect(drain()).toBe(2)
  const rows = logs.requests.select('ORDER BY seq', []).map(({ row }) => row)
  expect(rows).toEqual([
    {
      ...priced,
      costUsd: expect.closeTo(0.0037875, 10) as number,
      priceSource: expect.stringContaining('anthropic/') as string
    },
    { ...unpriced, costUsd: null, priceSource: null }
  ])
})

const usageOfSteps = (steps: number): string =>
  JSON.stringify({
    input_tokens: 100,
    iterations: Array.from({ length: steps }, (_, step) => ({ type: 'message', input_tokens: step, output_tokens: 9 }))
  })

test('B32 a usage object of many steps is priced whole, and kept as far as a row goes', async () => {
  const { append, drain, logs } = await openLogs({ prices: await loadPrices() })
  const rawUsage = usageOfSteps(1000)
  expect(rawUsage.length).toBeGreaterThan(50_000)

  append(makeRecord({ rawUsage }))
  logs.gather()
  const [told] = logs.commit(await loadPrices()).rows
  expect(drain()).toBe(0)

  const [stored] = logs.requests.select('', [])
  expect(stored?.row).toMatchObject({ costUsd: expect.any(Number) as number, rawUsage: rawUsage.slice(0, 16_384) })
  expect(told).toEqual(stored?.row)
})

test('B32 a usage object that no vendor sends is cut in the journal, and its price is not known', async () => {
  const rawUsage = usageOfSteps(100_000)
  expect(encodeRecord(makeRecord({ rawUsage })).length).toBeLessThan(100_000)
  const { append, drain, logs } = await openLogs({ prices: await loadPrices() })
  append(makeRecord({ rawUsage }))
  drain()
  expect(logs.requests.select('', [])[0]?.row.costUsd).toBeNull()
})

test('B30 rows are committed 500 to a transaction, with their totals and the offset of the journal', async () => {
  const { append, drain, logs } = await openLogs()
  append(...records(1200))
  const before = logs.database.transactions

  expect(drain()).toBe(1200)

  expect(logs.database.transactions - before).toBe(3)
  expect(logs).toMatchObject({ rowsWritten: 1200, flushes: 3, lastBatchRows: 200 })
})

test('B30 what was committed is not written again after a restart, and what was not is written then', async () => {
  const first = await openLogs()
  first.append(...records(3))
  first.drain()
  first.append(...records(2)) // not committed: the process ends here

  const second = await openLogs({ dir: first.dir })

  expect(second.drain()).toBe(2)
  expect(second.ids()).toHaveLength(5)
  expect(second.bad).toEqual([])
  const third = await openLogs({ dir: first.dir })
  expect(third.drain()).toBe(0)
  expect(third.ids()).toHaveLength(5)
})

test('B30 a commit that fails leaves nothing behind, and the same batch is committed later', async () => {
  const { append, dir, drain, ids, logs } = await openLogs()
  append(...records(3))
  const other = new Database(join(dir, 'logs.db'))
  other.exec('BEGIN IMMEDIATE')

  expect(drain).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }))
  expect(logs.hasNews).toBe(true)
  other.exec('ROLLBACK')
  other.close()

  expect(drain()).toBe(3)
  expect(ids()).toHaveLength(3)
  expect(logs.rollups.overview(0, Date.UTC(2027, 0, 1), Date.UTC(2026, 0, 1)).requests).toBe(3)
})

test('a corrupt record is set aside, told and counted, and the others of its batch are written', async () => {
  const { append, bad, dir, drain, ids, logs } = await openLogs()
  const [one, broken, two] = [makeRecord(), makeRecord(), makeRecord()]
  append(one, broken, two)
  const [segment = ''] = segmentsOf(dir)
  const text = readFileSync(segment, 'utf8').replace(broken.id, broken.id.replace('req', 'rex'))
  writeFileSync(segment, text)

  expect(drain()).toBe(2)

  expect(ids().toSorted()).toEqual([one.id, two.id])
  expect(bad).toEqual(['its check sum is wrong'])
  expect(logs.bad).toBe(1)
  expect(setAsideIn(dir)).toMatchObject([
    { reason: 'its check sum is wrong', record: expect.stringContaining('rex-') as string }
  ])
})

test('a record of an unknown version and one whose value does not fit are set aside alone', async () => {
  const { append, bad, drain, journal } = await openLogs()
  journal.append(['[7,"from a newer Routex"]'])
  append(makeRecord(), makeRecord({ status: 200.5 }), makeRecord())

  expect(drain()).toBe(2)

  expect(bad).toEqual(['version 7 is not known', expect.stringContaining('status')])
})

test('B30 a second record with the id of the first is no second row', async () => {
  const { append, bad, drain, ids } = await openLogs()
  const record = makeRecord()

  append(record, record)

  expect(drain()).toBe(1)
  expect(ids()).toEqual([record.id])
  expect(bad).toEqual([expect.stringContaining('requests.id')])
})

test('a record that was cut off by a crash is set aside, and the next segment is read on', async () => {
  const first = await openLogs()
  first.append(makeRecord())
  const [segment = ''] = segmentsOf(first.dir)
  appendFileSync(segment, `12345678 ${encodeRecord(makeRecord()).slice(0, 50)}`)

  const second = await openLogs({ dir: first.dir })
  second.append(makeRecord())

  expect(second.drain()).toBe(2)
  expect(second.bad).toEqual(['it was cut off'])
  const third = await openLogs({ dir: first.dir })
  expect(third.drain()).toBe(0)
  expect(third.bad).toEqual([])
})

test('half a record at the end of the running segment is waited for', async () => {
  const { append, bad, dir, drain, ids } = await openLogs()
  append(makeRecord())
  const [segment = ''] = segmentsOf(dir)
  const bytes = readFileSync(segment)
  writeFileSync(segment, bytes.subarray(0, 40))
  expect(drain()).toBe(0)

  appendFileSync(segment, bytes.subarray(40))

  expect(drain()).toBe(1)
  expect(ids()).toHaveLength(1)
  expect(bad).toEqual([])
})

test('segments that were committed to their end are deleted, the running one stays', async () => {
  const { append, dir, drain } = await openLogs()
  const big = { rawUsage: 'x'.repeat(16_000) }
  append(...Array.from({ length: 1200 }, () => makeRecord(big)))
  expect(segmentsOf(dir)).toHaveLength(3)

  expect(drain()).toBe(1200)

  expect(segmentsOf(dir)).toHaveLength(1)
})

test('a damaged logs.db is set aside with its files, and a fresh one begun', async () => {
  const dir = await makeTempDir()
  writeFileSync(join(dir, 'logs.db'), 'junk')
  writeFileSync(join(dir, 'logs.db-wal'), 'junk too')

  const { append, drain, logs } = await openLogs({ dir })
  append(makeRecord())

  expect(drain()).toBe(1)
  expect(logs.setAside).toMatch(/^logs\.damaged-20260101T000000000Z\.db$/)
  expect(readFileSync(join(dir, logs.setAside ?? ''), 'utf8')).toBe('junk')
  expect(readFileSync(join(dir, `${logs.setAside ?? ''}-wal`), 'utf8')).toBe('junk too')
})

test('a logs.db whose tables are damaged behind a whole head is set aside too', async () => {
  const first = await openLogs()
  first.append(...records(200))
  first.drain()
  first.logs.close()
  const path = join(first.dir, 'logs.db')
  writeFileSync(path, readFileSync(path).fill(0xa5, 2 * 4096))

  const second = await openLogs({ dir: first.dir })
  second.append(makeRecord())

  expect(second.drain()).toBe(201)
  expect(second.logs.setAside).toMatch(/^logs\.damaged-/)
})

test('a logs.db of a newer Routex is set aside whole, and a fresh one begun', async () => {
  const first = await openLogs()
  first.append(makeRecord())
  first.drain()
  first.logs.close()
  const newer = new Database(join(first.dir, 'logs.db'))
  newer.pragma('user_version = 99')
  newer.close()

  const second = await openLogs({ dir: first.dir })

  expect(second.ids()).toEqual([])
  expect(second.logs.setAside).toMatch(/^logs\.newer-/)
  const kept = new Database(join(first.dir, second.logs.setAside ?? ''), { readonly: true })
  expect(kept.prepare('SELECT count(*) AS rows FROM requests').get()).toEqual({ rows: 1 })
  kept.close()
})

test('deleting logs.db loses the log alone: what the journal still holds is written again', async () => {
  const first = await openLogs()
  first.append(...records(2))
  first.drain()
  first.logs.close()
  for (const name of readdirSync(first.dir)) if (name.startsWith('logs.db')) writeFileSync(join(first.dir, name), '')

  const second = await openLogs({ dir: first.dir })
  second.append(makeRecord())

  expect(second.drain()).toBe(3)
  expect(existsSync(join(first.dir, 'journal.bad.jsonl'))).toBe(false)
})

test('sizes on disk are told', async () => {
  const { append, drain, logs } = await openLogs()
  append(...records(50))

  expect(logs.journalBytes()).toBeGreaterThan(10_000)
  drain()
  expect(logs.bytes()).toBeGreaterThan(20_000)
})
