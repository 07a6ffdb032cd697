import { z } from 'zod'
import type { BalanceForm, BalanceView } from '../../shared/balance'

type Currency = Extract<BalanceView, { readonly kind: 'known' }>['amounts'][number]['currency']
type Amount = Extract<BalanceView, { readonly kind: 'known' }>['amounts'][number]

/** What an answer says: amounts, that there is no limit, or null when it can't be read so. */
type ReadBalance = readonly Amount[] | 'unlimited' | null

interface Question {
  /** On the base URL's host. */
  readonly path: string
  readonly read: (body: unknown, currency: Currency) => ReadBalance
}

/** Some send numbers, some texts. */
const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number)

function reads<T extends z.ZodType>(
  schema: T,
  of: (value: z.output<T>, currency: Currency) => ReadBalance
): Question['read'] {
  return (body, currency) => {
    const parsed = schema.safeParse(body)
    return parsed.success ? of(parsed.data, currency) : null
  }
}

/**
 * Where each vendor tells what is left, the most telling first. A later one is asked when the key may not ask the one before.
 * OpenRouter: openrouter.ai/docs/api/api-reference (`credits` wants a management key). DeepSeek: api-docs.deepseek.com,
 * get-user-balance. Moonshot: platform.moonshot.ai, misc. SiliconFlow: docs.siliconflow.com, get-user-info.
 */
export const BALANCE_QUESTIONS: Readonly<Record<BalanceForm, readonly Question[]>> = {
  openrouter: [
    {
      path: '/api/v1/credits',
      read: reads(z.object({ data: z.object({ total_credits: amount, total_usage: amount }) }), ({ data }) => [
        { amount: data.total_credits - data.total_usage, currency: 'USD' }
      ])
    },
    {
      path: '/api/v1/key',
      read: reads(z.object({ data: z.object({ limit_remaining: amount.nullable() }) }), ({ data }) =>
        data.limit_remaining === null ? 'unlimited' : [{ amount: data.limit_remaining, currency: 'USD' }]
      )
    }
  ],
  deepseek: [
    {
      path: '/user/balance',
      read: reads(
        z.object({ balance_infos: z.array(z.object({ currency: z.enum(['USD', 'CNY']), total_balance: amount })) }),
        ({ balance_infos: infos }) => infos.map((info) => ({ amount: info.total_balance, currency: info.currency }))
      )
    }
  ],
  moonshot: [
    {
      path: '/v1/users/me/balance',
      read: reads(z.object({ data: z.object({ available_balance: amount }) }), ({ data }, currency) => [
        { amount: data.available_balance, currency }
      ])
    }
  ],
  siliconflow: [
    {
      path: '/v1/user/info',
      read: reads(z.object({ data: z.object({ totalBalance: amount }) }), ({ data }, currency) => [
        { amount: data.totalBalance, currency }
      ])
    }
  ]
}

/** Vendors with a site in mainland China bill in its currency there. */
export const currencyAt = (baseUrl: string): Currency =>
  URL.parse(baseUrl)?.hostname.endsWith('.cn') === true ? 'CNY' : 'USD'
