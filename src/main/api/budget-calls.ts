import { calls } from '../../shared/contract'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on budgets. They are set with the channel or the client key that they are of. */
export const budgetCalls = ({ budgets }: ApiDependencies) => ({
  'budgets.list': implement(calls['budgets.list'], () => ({ budgets: budgets.standings() }))
})
