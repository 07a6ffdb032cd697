import { z } from 'zod'

/** One call of the management API: validated on the main side for IPC and HTTP alike. */
export interface Call<P extends z.ZodType, R extends z.ZodType> {
  readonly params: P
  readonly result: R
  /** One sentence for the generated reference. */
  readonly summary: string
}
export const call = <P extends z.ZodType, R extends z.ZodType>(summary: string, params: P, result: R): Call<P, R> => ({
  params,
  result,
  summary
})

/** No arguments. */
export const nothing = z.strictObject({})
export const done = z.object({ ok: z.literal(true) })
