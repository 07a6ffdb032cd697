import { calls } from '../../shared/contract'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on the price table. */
export const priceCalls = ({ prices }: ApiDependencies) => ({
  'prices.status': implement(calls['prices.status'], () => prices.status()),
  'prices.update': implement(calls['prices.update'], () => prices.update())
})
