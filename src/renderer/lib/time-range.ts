/** Stretches of time that end now, the shortest first. */
export const TIME_RANGES = ['15m', '1h', '6h', '24h', '7d', '30d', '90d'] as const
export type TimeRangeName = (typeof TIME_RANGES)[number]
