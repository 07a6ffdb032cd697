import { z } from 'zod'

/** Which prices costs are worked out with now. */
const priceTable = z.object({
  source: z.enum(['built-in', 'fetched']),
  /** Of the built-in table its version, else the day on which it was fetched. */
  version: z.string(),
  /** ms since 1970; null: built in. */
  fetchedAt: z.number().nullable()
})
export type PriceTable = Readonly<z.infer<typeof priceTable>>

export const priceStatus = priceTable.extend({
  /** The user agreed that newer ones are fetched (setting `prices.update`). */
  updates: z.boolean(),
  /** Where they come from. */
  url: z.string(),
  /** When it was last tried since the start, ms since 1970; null: not yet. */
  triedAt: z.number().nullable(),
  /** Why the last try brought nothing; null when it did. */
  error: z.string().nullable()
})
export type PriceStatus = Readonly<z.infer<typeof priceStatus>>
