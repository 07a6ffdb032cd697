import { calls } from '../../shared/contract'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

/** Calls on the program's own updates. */
export function updateCalls({ updates }: ApiDependencies) {
  return {
    'updates.status': implement(calls['updates.status'], () => updates.status()),
    'updates.check': implement(calls['updates.check'], () => updates.check()),
    'updates.install': implement(calls['updates.install'], () => updates.install())
  }
}
