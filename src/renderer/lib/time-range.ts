import type { CallParams } from '../../shared/contract'

/** Stretches of time that end now, the shortest first. */
export const TIME_RANGES = ['15m', '1h', '6h', '24h', '7d', '30d', '90d'] as const
export type TimeRangeName = (typeof TIME_RANGES)[number]

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const lengths: Readonly<Record<TimeRangeName, number>> = {
  '15m': 15 * minute,
  '1h': hour,
  '6h': 6 * hour,
  '24h': day,
  '7d': 7 * day,
  '30d': 30 * day,
  '90d': 90 * day
}

/** What `stats.timeseries` is asked for: minutes up to 6 hours, hours up to 7 days, days above. */
export function timeRange(
  name: TimeRangeName,
  now: number
): { readonly from: number; readonly to: number; readonly bucket: CallParams<'stats.timeseries'>['bucket'] } {
  const ms = lengths[name]
  return { from: now - ms, to: now, bucket: ms <= 6 * hour ? 'minute' : ms <= 7 * day ? 'hour' : 'day' }
}
