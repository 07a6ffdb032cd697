import { z } from 'zod'
import { phrase } from '../../../shared/phrase'
import type { NotCarried, Reading } from '../importer'

/** A number, which cc-switch keeps as text (src-tauri/src/provider.rs); a column of some versions, else a member of `meta`. */
const number = z.union([z.number(), z.string().trim().min(1).transform(Number)])
const amount = number.pipe(z.number().min(0)).nullish().catch(undefined)
const multiplier = number.pipe(z.number().min(0).max(1000)).nullish().catch(undefined)

const terms = z.object({
  cost_multiplier: multiplier,
  costMultiplier: multiplier,
  limit_daily_usd: amount,
  limitDailyUsd: amount,
  limit_monthly_usd: amount,
  limitMonthlyUsd: amount,
  custom_endpoints: z.record(z.string(), z.unknown()).nullish().catch(undefined)
})

const isSame = (url: string, other: string): boolean => url.replace(/\/+$/, '') === other.replace(/\/+$/, '')

/** What a provider costs and may cost, and its further addresses. `urls`: those of the table `provider_endpoints`. */
export function withTerms(
  { accounts, notCarried }: Reading,
  row: Readonly<Record<string, unknown>>,
  meta: Readonly<Record<string, unknown>>,
  urls: readonly string[],
  { from, name }: { readonly from: string; readonly name: string }
): Reading {
  const said = terms.safeParse({ ...meta, ...row }).data
  if (said === undefined || accounts.length === 0) return { accounts, notCarried }
  const priceMultiplier = said.cost_multiplier ?? said.costMultiplier ?? 1
  const further = [...new Set([...urls, ...Object.keys(said.custom_endpoints ?? {})])].filter(
    (url) => !accounts.some(({ baseUrl }) => isSame(url, baseUrl))
  )
  const left = (what: string, isSaid: boolean, why: NotCarried['why']): readonly NotCarried[] =>
    isSaid ? [{ from, what: `${name}: ${what}`, why }] : []
  const note = phrase('price_multiplier', { multiplier: String(priceMultiplier) })
  return {
    accounts: accounts.map((one) => ({
      ...one,
      priceMultiplier,
      notes: priceMultiplier === 1 ? one.notes : [...one.notes, note]
    })),
    notCarried: [
      ...notCarried,
      ...left('limit_daily_usd', (said.limit_daily_usd ?? said.limitDailyUsd ?? 0) > 0, phrase('own_budget')),
      ...left('limit_monthly_usd', (said.limit_monthly_usd ?? said.limitMonthlyUsd ?? 0) > 0, phrase('own_budget')),
      ...left(`provider_endpoints (${further.length})`, further.length > 0, phrase('further_addresses'))
    ]
  }
}
