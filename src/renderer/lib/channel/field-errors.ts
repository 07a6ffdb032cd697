import { readProblems } from '../../../shared/read-problems'
import type { ApiFailure } from '../backend'
import { failureText } from '../failure-text'
import { problemText } from '../problem-text'

/** What is wrong with a field, by its name in the contract. '' is the whole form. */
export type FieldErrors = ReadonlyMap<string, string>

export const noErrors: FieldErrors = new Map()

/** A call may hold the channel in a parameter of its own. */
const wrapper = /^(change|channel)\./

/** `change.headers["x y"]` → `headers`. */
const fieldOf = (path: string): string => /^[\w$]+/.exec(path.replace(wrapper, ''))?.[0] ?? ''

/** Where a refused call's complaints belong: each at its field, what fits none at ''. */
export function errorsOf(failure: ApiFailure): FieldErrors {
  if (failure.code === 'name_taken') return new Map([['name', failureText(failure)]])
  const problems = readProblems(failure.details)
  if (problems.length === 0) return new Map([['', failureText(failure)]])
  const errors = new Map<string, string>()
  for (const problem of problems) {
    const field = fieldOf(problem.path)
    const text = problemText(problem)
    errors.set(field, errors.has(field) ? `${errors.get(field) ?? ''}\n${text}` : text)
  }
  return errors
}

/** Both; where a field stands in both, the later counts. */
export const bothErrors = (one: FieldErrors, other: FieldErrors): FieldErrors => new Map([...one, ...other])
