import { z } from 'zod'

/** Whose form the answer of a vendor's balance endpoint has. */
const BALANCE_FORMS = ['openrouter', 'deepseek', 'moonshot', 'siliconflow'] as const
export const balanceForm = z.enum(BALANCE_FORMS)
export type BalanceForm = z.infer<typeof balanceForm>

/** What is left on the vendor's side. */
export const balanceView = z.discriminatedUnion('kind', [
  /** Several currencies where the account has them. */
  z.object({
    kind: z.literal('known'),
    amounts: z.array(z.object({ amount: z.number(), currency: z.enum(['USD', 'CNY']) })),
    /** ms since 1970. */
    askedAt: z.number()
  }),
  /** The key has no limit, and may not see the account. */
  z.object({ kind: z.literal('unlimited'), askedAt: z.number() }),
  z.object({ kind: z.literal('failed'), why: z.string(), askedAt: z.number() }),
  /** This vendor offers no endpoint for it, or the channel has no credential. */
  z.object({ kind: z.literal('not_offered') })
])
export type BalanceView = Readonly<z.infer<typeof balanceView>>
