import type { HealthState } from '../../shared/health'

/** What the page says of a channel: one that is switched off has no health. */
export type ChannelState = HealthState | 'disabled'

/** A channel counts as healthy when it is enabled and its breaker is closed; a disabled one counts nowhere. */
export interface HealthCount {
  readonly healthy: number
  readonly enabled: number
}
