import type { Budget } from '../../shared/budget'
import { RULES } from '../../shared/rules'
import { switchTarget } from '../channels/budgets'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'

/**
 * A budget that switches to a channel which is not there, or to the one it is of (`own`), would stop instead.
 * @throws ApiError `bad_arguments`
 */
export function refuseUnknownSwitch(
  config: ApiDependencies['config'],
  budget: Budget | null | undefined,
  path: string,
  own?: string
): void {
  if (!budget || budget.then === 'stop') return
  const target = switchTarget(budget, config.channels())
  if (target !== undefined && target.id !== own) return
  const rule = { kind: 'own', code: 'another_channel' } as const
  throw badArguments([{ path: `${path}.switchTo`, message: RULES.another_channel, rule }])
}
