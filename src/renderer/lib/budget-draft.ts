import type { Budget } from '../../shared/budget'
import { m } from './messages'

/** A budget as a form holds it. */
export interface BudgetDraft {
  period: Budget['period']
  /** As it is typed. */
  limit: string
  then: Budget['then']
  /** The id of a channel; '' for none. */
  switchTo: string
}

export const emptyBudget = (): BudgetDraft => ({ period: 'month', limit: '', then: 'stop', switchTo: '' })

export const budgetDraftOf = (budget: Budget | null): BudgetDraft | null =>
  budget === null
    ? null
    : {
        period: budget.period,
        limit: String(budget.limitUsd),
        then: budget.then,
        switchTo: budget.switchTo ?? ''
      }

/** A decimal comma is one too; NaN for what is no number. */
export const typedNumber = (text: string): number =>
  text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))

export const budgetOf = (draft: BudgetDraft | null): Budget | null =>
  draft === null
    ? null
    : {
        period: draft.period,
        limitUsd: typedNumber(draft.limit),
        then: draft.then,
        ...(draft.then === 'switch' && draft.switchTo !== '' && { switchTo: draft.switchTo })
      }

/** What can be seen to be wrong with it; null for nothing. */
export function budgetProblem(draft: BudgetDraft | null): string | null {
  if (draft === null) return null
  const limit = typedNumber(draft.limit)
  if (!(limit >= 0.01 && limit <= 1_000_000)) return m.common_budget_limit_wrong()
  return draft.then === 'switch' && draft.switchTo === '' ? m.errors_rule_switch_needs_channel() : null
}

export const periodName = (period: Budget['period']): string =>
  ({ day: m.common_budget_day, week: m.common_budget_week, month: m.common_budget_month })[period]()
