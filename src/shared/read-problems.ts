import './schemas-without-eval'
import { z } from 'zod'
import { problem, type Problem } from './problem'

const details = z.object({ problems: z.array(problem) })

/** The problems that a refused call names in its `details`; none where it names none. */
export function readProblems(value: unknown): readonly Problem[] {
  const read = details.safeParse(value)
  return read.success ? read.data.problems : []
}
