import type { RequestRow } from '../../../shared/request-log'
import type { PeriodBounds, Periods, SpendingByPeriod, SpendingEntry, Spent, SpentSince } from '../../channels/spending'
import type { Rollups } from './rollups'
import { floorTo, UNITS } from './rollup-units'
import { usedTokens } from './totals'

/** What a commit adds to what was spent: by minute, channel and client key, as the rollups count it. */
export function spentBy(rows: readonly RequestRow[]): readonly SpendingEntry[] {
  const entries = new Map<string, SpendingEntry>()
  for (const row of rows) {
    if (row.demo) continue
    const spent = spentOn(row)
    if (spent.usd === 0 && spent.unknown === 0) continue
    const { channelId, clientKeyId } = row
    const at = floorTo(row.at, UNITS.minute)
    const name = JSON.stringify([at, channelId, clientKeyId])
    const before = entries.get(name) ?? { usd: 0, unknown: 0 }
    entries.set(name, {
      ...{ at, channelId, clientKeyId },
      usd: before.usd + spent.usd,
      unknown: before.unknown + spent.unknown
    })
  }
  return [...entries.values()]
}

const spentOn = (row: RequestRow): Spent =>
  row.costUsd === null ? { usd: 0, unknown: usedTokens(row) ? 1 : 0 } : { usd: row.costUsd, unknown: 0 }

/** What the rollups know of each period. */
export const spendingOf = (rollups: Rollups, { day, week, month }: Periods, now: number): SpendingByPeriod => ({
  day: spentIn(rollups, day, now),
  week: spentIn(rollups, week, now),
  month: spentIn(rollups, month, now)
})

const spentIn = (rollups: Rollups, period: PeriodBounds, now: number): SpentSince => ({
  channels: grouped(rollups, period, 'channel', now),
  clientKeys: grouped(rollups, period, 'clientKey', now)
})

function grouped(
  rollups: Rollups,
  { from, to }: PeriodBounds,
  groupBy: 'channel' | 'clientKey',
  now: number
): readonly (Spent & { readonly id: string })[] {
  return rollups
    .timeseries({ from, to, bucket: 'period', groupBy }, now)
    .map(({ group, costUsd, costUnknown }) => ({ id: group ?? '', usd: costUsd ?? 0, unknown: costUnknown }))
}
