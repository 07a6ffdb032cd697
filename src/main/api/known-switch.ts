import type { Budget } from '../../shared/budget'
import { RULES } from '../../shared/rules'
import { switchTarget } from '../channels/budgets'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'

/**
 * The budget with the channel to switch to by its id, which stays when that is renamed.
 *
 * @param own the channel that it is of, to which it can't switch
 * @throws ApiError `bad_arguments` when there is no such other channel
 */
export function withKnownSwitch<T extends Budget | null | undefined>(
  config: Pick<ApiDependencies['config'], 'channels'>,
  budget: T,
  path: string,
  own?: string
): T | Budget {
  if (!budget || budget.then === 'stop') return budget
  const target = switchTarget(budget, config.channels())
  if (target !== undefined && target.id !== own) return { ...budget, switchTo: target.id }
  const rule = { kind: 'own', code: 'another_channel' } as const
  throw badArguments([{ path: `${path}.switchTo`, message: RULES.another_channel, rule }])
}
