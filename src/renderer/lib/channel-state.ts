import type { HealthState } from '../../shared/health'

/** What the page says of a channel: one that is switched off has no health. */
export type ChannelState = HealthState | 'disabled'

/** Of the channels that requests may go to: one counts as healthy when its breaker is closed. */
export interface HealthCount {
  readonly healthy: number
  readonly enabled: number
}
