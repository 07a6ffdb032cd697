import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import { Retention } from './retention'

const DAY = 86_400_000
const MIB = 1024 * 1024
const NOW = Date.UTC(2026, 5, 1)

async function setup(count: number, at: (index: number) => number) {
  const opened = await openLogs()
  opened.append(
    ...Array.from({ length: count }, (_, index) => makeRecord({ at: at(index), rawUsage: 'x'.repeat(1000) }))
  )
  opened.drain()
  const retention = new Retention(opened.logs.database, opened.logs.rollups)
  const pragma = (name: string): number => Number(opened.logs.database.pragma(name))
  return {
    ...opened,
    retention,
    rows: () => opened.ids().length,
    fileBytes: () => pragma('page_count') * pragma('page_size'),
    freePages: () => pragma('freelist_count')
  }
}

test('rows older than the limit go, in steps of 500, and the others stay', async () => {
  const { retention, rows } = await setup(1600, (index) => NOW - (index < 1200 ? 31 : 29) * DAY)
  const limits = { days: 30, maxBytes: 100 * MIB }

  expect(retention.step(limits, NOW)).toBe(true)
  expect(rows()).toBe(1100)
  while (retention.step(limits, NOW));

  expect(rows()).toBe(400)
})

test('over the limit of bytes the oldest rows go, and the file itself grows smaller', async () => {
  const { ids, retention, rows, fileBytes, freePages, logs } = await setup(6000, (index) => NOW - 6000 + index)
  const newest = ids()[0]
  const before = fileBytes()
  expect(before).toBeGreaterThan(6 * MIB)

  while (retention.step({ days: 3650, maxBytes: 4 * MIB }, NOW));

  expect(fileBytes()).toBeLessThanOrEqual(4 * MIB)
  expect(freePages()).toBe(0)
  expect(rows()).toBeGreaterThan(2000)
  expect(ids()[0]).toBe(newest)
  expect(logs.requests.select('WHERE at < ? LIMIT 1', [NOW - 6000 + 500])).toEqual([])
})

test('totals outlive the rows that they were made of', async () => {
  const { logs, retention, rows } = await setup(10, () => NOW - 40 * DAY)

  while (retention.step({ days: 30, maxBytes: 100 * MIB }, NOW));

  expect(rows()).toBe(0)
  expect(logs.rollups.overview(NOW - 60 * DAY, NOW, NOW).requests).toBe(10)
})

test('where nothing is too old or too much nothing is done', async () => {
  const { logs, retention, rows } = await setup(10, () => NOW)

  expect(retention.step({ days: 30, maxBytes: 100 * MIB }, NOW)).toBe(false)

  expect(rows()).toBe(10)
  expect(logs.rollups.overview(NOW, NOW + 1, NOW).requests).toBe(10)
})

test('a preview says by age exactly what would go, and deletes nothing', async () => {
  const { retention, rows } = await setup(1600, (index) => NOW - (index < 1200 ? 31 : 29) * DAY + index)
  const limits = { days: 30, maxBytes: 100 * MIB }

  expect(retention.preview(limits, NOW)).toEqual({ rows: 1200, kept: 400, oldestKept: NOW - 29 * DAY + 1200 })

  expect(rows()).toBe(1600)
  while (retention.step(limits, NOW));
  expect(retention.preview(limits, NOW)).toEqual({ rows: 0, kept: 400, oldestKept: NOW - 29 * DAY + 1200 })
})

test('a preview says by size, within a tenth, what would go', async () => {
  const { retention, rows } = await setup(6000, (index) => NOW - 6000 + index)
  const limits = { days: 3650, maxBytes: 4 * MIB }

  const preview = retention.preview(limits, NOW)

  while (retention.step(limits, NOW));
  expect(Math.abs(preview.kept - rows())).toBeLessThan(600)
  expect(preview.rows + preview.kept).toBe(6000)
  expect(preview.oldestKept).toBe(NOW - preview.kept)
})

test('limits that keep nothing keep no oldest row, and an empty log has none', async () => {
  const { retention } = await setup(10, () => NOW - 5 * DAY)

  expect(retention.preview({ days: 1, maxBytes: MIB }, NOW)).toEqual({ rows: 10, kept: 0, oldestKept: null })

  while (retention.step({ days: 1, maxBytes: MIB }, NOW));
  expect(retention.preview({ days: 1, maxBytes: MIB }, NOW)).toEqual({ rows: 0, kept: 0, oldestKept: null })
})
