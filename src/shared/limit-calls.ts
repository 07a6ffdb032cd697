import { z } from 'zod'
import { balanceView } from './balance'
import { budgetStanding } from './budget'
import { call, nothing } from './call'
import { channelId } from './ids'
import { priceStatus } from './price-table'

export const budgetStandings = z.object({ budgets: z.array(budgetStanding) })

/** What may be spent, what is left, and by which prices. */
export const limitCalls = {
  'channels.balance': call(
    'What is left on the vendor’s side, where it offers an endpoint for that: as it was asked within the last ten minutes, or with `refresh` asked now.',
    z.strictObject({ id: channelId, refresh: z.boolean().default(false) }),
    balanceView
  ),
  'budgets.list': call(
    'How much of each budget is used: of the channels, then of the client keys. Requests whose cost is not known count as nothing, and are told.',
    nothing,
    budgetStandings
  ),
  'prices.status': call(
    'Which prices costs are worked out with, and how it stands with newer ones.',
    nothing,
    priceStatus
  ),
  'prices.update': call(
    'Fetches newer prices now. 409 unless the setting `prices.update` is on. Costs that were worked out stay.',
    nothing,
    priceStatus
  )
} as const
