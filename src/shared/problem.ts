import { z } from 'zod'

const limits = { min: z.number().optional(), max: z.number().optional() }

/** What is allowed in a place, so that a page can say it in its own words. */
const problemRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('one_of'), values: z.array(z.string()) }),
  z.object({ kind: z.literal('whole_number'), ...limits }),
  z.object({ kind: z.literal('number'), ...limits }),
  /** Characters. */
  z.object({ kind: z.literal('text'), ...limits }),
  /** Entries. */
  z.object({ kind: z.literal('list'), ...limits }),
  z.object({ kind: z.literal('unknown') }),
  /** One of `RULES`. */
  z.object({ kind: z.literal('own'), code: z.string() })
])
export type ProblemRule = Readonly<z.infer<typeof problemRule>>

/** What is wrong with a value that came from outside: where it stands, and what is allowed there. Never the value itself. */
export interface Problem {
  /** `channels[1].priority`; '' for the whole. */
  readonly path: string
  readonly message: string
  /** The same for programs; left out where only the text tells it. */
  readonly rule?: ProblemRule | undefined
}

/** The same as it crosses the API. */
export const problem = z.object({
  path: z.string(),
  message: z.string(),
  /** A rule that this side does not know is told by its message. */
  rule: problemRule.optional().catch(undefined)
})
