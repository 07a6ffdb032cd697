import { z } from 'zod'
import { channelId } from './ids'
import { RULES } from './rules'

export const BUDGET_PERIODS = ['day', 'week', 'month'] as const
const budgetPeriod = z.enum(BUDGET_PERIODS)
export type BudgetPeriod = z.infer<typeof budgetPeriod>

/** From this share of a budget on it is said that it is nearly used up. */
export const WARN_SHARE = 0.8

const fields = z.strictObject({
  /** Of the calendar, in the local time of the machine; a week begins on Monday. */
  period: budgetPeriod,
  limitUsd: z.number().min(0.01).max(1_000_000),
  /** `stop`: no more requests until the next period; `switch`: they go to the channel `switchTo`. */
  then: z.enum(['stop', 'switch']).default('stop'),
  /** Id or name of a channel; only with `switch`. The API keeps a name as the id that it has then. */
  switchTo: z.string().min(1).max(200).optional()
})

/** What may be spent in a period, and what happens when it is. */
export const budget = fields
  .refine((given) => given.then === 'stop' || given.switchTo !== undefined, {
    error: RULES.switch_needs_channel,
    path: ['switchTo']
  })
  .refine((given) => given.then === 'switch' || given.switchTo === undefined, {
    error: RULES.switch_without_then,
    path: ['switchTo']
  })

/** As earlier versions stored it too: a channel to switch to beside `stop`, which meant nothing. */
export const storedBudget = fields.transform(({ switchTo, ...rest }) =>
  rest.then === 'stop' || switchTo === undefined ? rest : { ...rest, switchTo }
)
export type Budget = Readonly<z.infer<typeof budget>>

const budgetOwner = z.object({
  kind: z.enum(['channel', 'clientKey']),
  /** Of the channel or the client key. */
  id: z.string(),
  name: z.string()
})

/** How much of a budget is used. */
export const budgetStanding = z.object({
  owner: budgetOwner,
  period: budgetPeriod,
  limitUsd: z.number(),
  /** The known costs of the requests of this period, to a millionth. */
  spentUsd: z.number(),
  /** Requests of this period whose cost is not known (B32): they count as nothing. */
  unknownRequests: z.int(),
  /** `warned`: 80 % or more is used. */
  state: z.enum(['ok', 'warned', 'used_up']),
  /** The channel that its requests go to once it is used up; null: they stop. */
  switchesTo: channelId.nullable(),
  /** That channel lists each model that this one does; a key's requests may be for any. */
  switchTakesAll: z.boolean(),
  /** The channel that it switches to is not there (any more): it stops instead. */
  isTargetGone: z.boolean(),
  /** ms since 1970 when the next period begins. */
  until: z.number()
})
export type BudgetStanding = Readonly<z.infer<typeof budgetStanding>>
