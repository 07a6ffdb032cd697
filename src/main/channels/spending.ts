import type { BudgetPeriod } from '../../shared/budget'
import type { ChannelId, ClientKeyId } from '../../shared/ids'

/** What was spent: the known costs, and the requests whose cost is not known (B32). */
export interface Spent {
  readonly usd: number
  readonly unknown: number
}

/** Costs of one minute that were just recorded, of one channel and client key. */
export interface SpendingEntry extends Spent {
  /** The minute's begin, ms since 1970. */
  readonly at: number
  /** null: no channel answered. */
  readonly channelId: ChannelId | null
  /** null: a keyless request. */
  readonly clientKeyId: ClientKeyId | null
}

/** What was spent since a moment, by the ids of channels and of client keys. */
export interface SpentSince {
  readonly channels: readonly (Spent & { readonly id: string })[]
  readonly clientKeys: readonly (Spent & { readonly id: string })[]
}

/** From when to when a period goes, ms since 1970; the end is not in it. */
export interface PeriodBounds {
  readonly from: number
  readonly to: number
}

export type Periods = Readonly<Record<BudgetPeriod, PeriodBounds>>
export type SpendingByPeriod = Readonly<Record<BudgetPeriod, SpentSince>>
