import { z } from 'zod'

/**
 * B31, the one definition of tokens: `input` is what was not cached, `reasoning` lies inside `output`, and the prompt's
 * whole size is `input + cacheRead + cacheWrite`. `cacheWrite1h` lies inside `cacheWrite`.
 */
export const tokenUsage = z.object({
  input: z.int().min(0),
  cacheRead: z.int().min(0),
  cacheWrite: z.int().min(0),
  cacheWrite1h: z.int().min(0),
  output: z.int().min(0),
  reasoning: z.int().min(0)
})
export type TokenUsage = Readonly<z.infer<typeof tokenUsage>>
