import { z } from 'zod'

/** How it stands with a newer Routex. */
export const updateStatus = z.discriminatedUnion('kind', [
  /** Not a packaged desktop app, so it doesn't update itself. */
  z.object({ kind: z.literal('unsupported') }),
  z.object({ kind: z.literal('idle'), checkedAt: z.number().nullable() }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('downloading'), version: z.string(), percent: z.number() }),
  /** Downloaded; it is installed at the next quit, or at once by `updates.install`. */
  z.object({ kind: z.literal('ready'), version: z.string() }),
  z.object({ kind: z.literal('failed'), message: z.string(), checkedAt: z.number() })
])
export type UpdateStatus = z.infer<typeof updateStatus>
