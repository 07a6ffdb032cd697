import { jsonAnswer } from './demo-content'
import { listIn, memberOf, numberIn } from './foreign-json'
import type { DemoAnswer } from './protocol'

/** What OpenAI answers to a request that it can't take, in its own words: both of its protocols share them. */

function badRequest(message: string, param: string, code: string): DemoAnswer {
  return jsonAnswer({ error: { message, type: 'invalid_request_error', param, code } }, 400)
}

export const missingParameter = (param: string): DemoAnswer =>
  badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')

/** null: the list has entries. */
export function missingList(body: unknown, param: string): DemoAnswer | null {
  if (!Array.isArray(memberOf(body, param))) return missingParameter(param)
  if (listIn(body, param).length > 0) return null
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`
  return badRequest(message, param, 'empty_array')
}

/** null: no number is given, or one that is large enough. */
export function belowMinimum(body: unknown, param: string, least: number): DemoAnswer | null {
  const given = numberIn(body, param)
  if (given === null || given >= least) return null
  const message = `Invalid '${param}': integer below minimum value. Expected a value >= ${least}, but got ${given} instead.`
  return badRequest(message, param, 'integer_below_min_value')
}
