import type { HealthState } from '../../shared/contract'

/** What the page says of a channel: one that is switched off has no health. */
export type ChannelState = HealthState | 'disabled'
