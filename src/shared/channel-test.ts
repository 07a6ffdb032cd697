import { z } from 'zod'

/** The steps of a channel's test, in their order. */
export const TEST_STEPS = ['connect', 'auth', 'request', 'stream'] as const

export const testStep = z.object({
  step: z.enum(TEST_STEPS),
  ok: z.boolean(),
  ms: z.number(),
  /** Two lines at most: what, and what to do. */
  error: z.string().nullable()
})
export type TestStep = z.infer<typeof testStep>

export const channelTestResult = z.object({
  ok: z.boolean(),
  /** The model that was asked; null when none is known. */
  model: z.string().nullable(),
  steps: z.array(testStep)
})
export type ChannelTestResult = z.infer<typeof channelTestResult>

/** Made by whoever starts a test, so that it knows the steps of its own in `test.step`. */
export const testId = z.string().min(1).max(64)
