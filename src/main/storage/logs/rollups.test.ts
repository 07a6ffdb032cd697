import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import type { RequestRecord } from '../../../shared/request-log'
import { loadPrices } from './prices'
import type { TimeseriesQuery } from './rollups'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 1)

async function setup(...records: readonly RequestRecord[]) {
  const opened = await openLogs({ prices: await loadPrices() })
  opened.append(...records)
  opened.drain()
  const { rollups } = opened.logs
  return {
    ...opened,
    overview: (from = START, to = START + DAY, now = START + DAY) => rollups.overview(from, to, now),
    timeseries: (query: TimeseriesQuery, now = START + DAY) => rollups.timeseries(query, now)
  }
}

test('B31 totals are the sums of the rows, with the one definition of tokens', async () => {
  const records = [makeRecord(), makeRecord({ at: START + HOUR }), makeRecord({ at: START + 2 * MINUTE })]
  const { logs, overview } = await setup(...records)
  const rows = logs.requests.select('', []).map(({ row }) => row)

  const totals = overview()

  expect(totals).toMatchObject({
    requests: 3,
    errors: 0,
    tokens: { input: 300, cacheRead: 3000, cacheWrite: 150, output: 600, reasoning: 60 },
    usageUnknown: 0,
    costUnknown: 0,
    cacheHitRate: 3000 / 3450
  })
  expect(totals.costUsd).toBeCloseTo(
    rows.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    12
  )
})

test('B31 usage that was not sent counts as unknown, not as 0', async () => {
  const { overview } = await setup(
    makeRecord({ usage: null }),
    makeRecord({ usage: null, outcome: 'cancelled', status: 499 }),
    // Nothing was used here, so nothing is unknown:
    makeRecord({ usage: null, outcome: 'refused', channelId: null, status: 401 }),
    makeRecord({ usage: null, outcome: 'upstream_error', status: 502 }),
    makeRecord({ usage: null, operation: 'count_tokens' })
  )

  expect(overview()).toMatchObject({ requests: 5, errors: 2, usageUnknown: 2, costUnknown: 2, cacheHitRate: null })
})

test('B32 where no cost is known the sum is unknown, and where some are it says how many are not', async () => {
  const unpriced = { sentModel: 'nobody-knows', model: 'nobody-knows' }
  const none = await setup(makeRecord(unpriced))
  expect(none.overview()).toMatchObject({ costUsd: null, costUnknown: 1, usageUnknown: 0 })

  const some = await setup(makeRecord(unpriced), makeRecord())

  expect(some.overview()).toMatchObject({ costUnknown: 1 })
  expect(some.overview().costUsd).toBeGreaterThan(0)
})

test('B33 percentiles of the total time and of the first byte come from the same requests', async () => {
  const records = Array.from({ length: 100 }, (_, index) =>
    makeRecord({ totalMs: (index + 1) * 10, firstByteMs: index < 50 ? null : index + 1 })
  )
  const { overview } = await setup(...records)

  const { totalMs, firstByteMs } = overview()

  expect(totalMs.p50).toBeGreaterThan(700)
  expect(totalMs.p50).toBeLessThan(800)
  expect(totalMs.p95).toBeGreaterThan(900)
  expect(firstByteMs.p50).toBeGreaterThan(70)
  expect(firstByteMs.p50).toBeLessThan(80)
})

test("the Demo's rows are left out of totals, but not out of the log", async () => {
  const { ids, overview, timeseries } = await setup(makeRecord({ demo: true }), makeRecord())

  expect(overview().requests).toBe(1)
  expect(timeseries({ from: START, to: START + DAY, bucket: 'hour' })).toMatchObject([{ requests: 1 }])
  expect(ids()).toHaveLength(2)
})

test('batches add up in the same buckets', async () => {
  const { append, drain, overview } = await setup(makeRecord())

  append(makeRecord({ totalMs: 9999 }))
  drain()

  expect(overview()).toMatchObject({ requests: 2, tokens: { output: 400 } })
  expect(overview().totalMs.p99).toBeGreaterThan(9000)
})

test('a period counts the minutes that it touches, whichever buckets cover it', async () => {
  const times = [0, MINUTE, 61 * MINUTE, 25 * HOUR, 49 * HOUR, 72 * HOUR + 30_000]
  const { overview } = await setup(...times.map((ms) => makeRecord({ at: START + ms })))
  const now = START + 4 * DAY

  expect(overview(START, START + 4 * DAY, now).requests).toBe(6)
  expect(overview(START + MINUTE, START + 72 * HOUR, now).requests).toBe(4)
  expect(overview(START + 30_000, START + MINUTE, now).requests).toBe(1) // a part of a minute is the whole minute
  expect(overview(START + 4 * DAY, START + 5 * DAY, now).requests).toBe(0)
})

test('a series has the buckets that hold something, whole or by channel, model or key', async () => {
  const { timeseries } = await setup(
    makeRecord(),
    makeRecord({ model: 'gpt-5', channelId: 'ch_2' as ChannelId }),
    makeRecord({ at: START + 90 * MINUTE, clientKeyId: 'key_2' as ClientKeyId }),
    makeRecord({ at: START + 90 * MINUTE, channelId: null, model: null, clientKeyId: null, outcome: 'refused' })
  )
  const period = { from: START + 5000, to: START + 2 * HOUR }
  const counts = (query: Parameters<typeof timeseries>[0]) =>
    timeseries(query).map(({ at, group, requests }) => [(at - START) / MINUTE, group, requests])

  expect(counts({ ...period, bucket: 'minute' })).toEqual([
    [0, null, 2],
    [90, null, 2]
  ])
  expect(counts({ ...period, bucket: 'day' })).toEqual([[0, null, 4]])
  expect(counts({ ...period, bucket: 'minute', every: 15 })).toEqual([
    [0, null, 2],
    [90, null, 2]
  ])
  expect(counts({ from: START + MINUTE, to: START + 2 * HOUR, bucket: 'period' })).toEqual([[1, null, 2]])
  expect(counts({ ...period, bucket: 'hour', groupBy: 'channel' })).toEqual([
    [0, 'ch_1', 1],
    [0, 'ch_2', 1],
    [60, '', 1],
    [60, 'ch_1', 1]
  ])
  expect(counts({ ...period, bucket: 'day', groupBy: 'model' })).toEqual([
    [0, '', 1],
    [0, 'claude-sonnet-4-5', 2],
    [0, 'gpt-5', 1]
  ])
  expect(counts({ ...period, bucket: 'day', groupBy: 'clientKey' })).toEqual([
    [0, '', 1],
    [0, 'key_1', 2],
    [0, 'key_2', 1]
  ])
})

test('whatever the buckets and the period, together they are exactly what the overview of the period tells', async () => {
  const records = Array.from({ length: 400 }, (_, index) =>
    makeRecord({
      at: START + index * 17 * MINUTE + (index % 7) * 9_000,
      channelId: `ch_${index % 3}` as ChannelId,
      outcome: index % 11 === 0 ? 'upstream_error' : 'ok',
      totalMs: 100 + index
    })
  )
  const { overview, timeseries } = await setup(...records)
  const now = START + 5 * DAY
  const buckets: readonly Pick<TimeseriesQuery, 'bucket' | 'every'>[] = [
    { bucket: 'minute', every: 15 },
    { bucket: 'hour' },
    { bucket: 'hour', every: 6 },
    { bucket: 'day', every: 3 },
    { bucket: 'period' }
  ]
  for (const query of buckets) {
    for (const [from, to] of [
      [START + 7 * MINUTE, START + DAY + 7 * MINUTE],
      [START + 13 * HOUR + 31_000, START + 3 * DAY + 5 * HOUR + 59 * MINUTE + 1],
      [START, START + 3 * DAY]
    ] as const) {
      const whole = overview(from, to, now)
      for (const groupBy of [undefined, 'channel'] as const) {
        const series = timeseries({ from, to, ...query, groupBy }, now)
        const sum = (value: (bucket: (typeof series)[number]) => number) =>
          series.reduce((total, bucket) => total + value(bucket), 0)
        expect(sum(({ requests }) => requests)).toBe(whole.requests)
        expect(sum(({ errors }) => errors)).toBe(whole.errors)
        expect(sum(({ tokens }) => tokens.cacheRead)).toBe(whole.tokens.cacheRead)
        expect(sum(({ costUsd }) => costUsd ?? 0)).toBeCloseTo(whole.costUsd ?? 0, 10)
      }
    }
  }
})

test('B33 the percentiles of a bucket are those of all its requests, not a mean of finer ones', async () => {
  const at = (minute: number, totalMs: number) => makeRecord({ at: START + minute * MINUTE, totalMs })
  const { overview, timeseries } = await setup(...Array.from({ length: 99 }, () => at(0, 100)), at(14, 60_000))
  const [quarter] = timeseries({ from: START, to: START + HOUR, bucket: 'minute', every: 15 })

  expect(quarter?.totalMs).toEqual(overview(START, START + HOUR).totalMs)
  expect(quarter?.totalMs.p50).toBeLessThan(120)
})

test('a series of too many buckets is a 400', async () => {
  const { timeseries } = await setup()

  expect(() => timeseries({ from: START, to: START + 30 * DAY, bucket: 'minute' })).toThrow(
    expect.objectContaining({ code: 'too_many_buckets', status: 400 })
  )
})

test('old buckets are pruned by unit, and what is left still tells the whole', async () => {
  const times = Array.from({ length: 600 }, (_, index) => index * MINUTE)
  const { logs, overview } = await setup(...times.map((ms) => makeRecord({ at: START + ms })))
  const later = START + 20 * DAY
  const buckets = (unit: number) =>
    logs.database.prepare<[number], { count: number }>('SELECT count(*) AS count FROM rollups WHERE unit = ?').get(unit)
      ?.count

  expect(logs.rollups.prune(later)).toBe(true)
  while (logs.rollups.prune(later));

  expect([MINUTE, HOUR, DAY].map(buckets)).toEqual([0, 10, 1])
  expect(overview(START, START + DAY, later).requests).toBe(600)
  expect(overview(START + 30 * MINUTE, START + 90 * MINUTE, later).requests).toBe(120) // whole hours by now
})
