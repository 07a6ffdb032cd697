import { z } from 'zod'

/** The steps of a channel's test, in their order. */
export const TEST_STEPS = ['connect', 'auth', 'request', 'stream'] as const

/** Why a step failed: no connection, no answer of this protocol, or how the answer was judged. */
const TEST_FAULTS = [
  'no_connection',
  'no_answer',
  'auth',
  'quota',
  'model_missing',
  'busy',
  'failure',
  'client_fault',
  'retry_elsewhere',
  'signature'
] as const
export type TestFault = (typeof TEST_FAULTS)[number]

/** The longest that each request of a test may take, ms: a person waits for it. */
export const TEST_REQUEST_MS = 60_000

export const testStep = z.object({
  step: z.enum(TEST_STEPS),
  ok: z.boolean(),
  ms: z.number(),
  /** Two lines at most: what, and what to do. */
  error: z.string().nullable(),
  /** Of what kind the error is, for a page that says what to do in its own words. */
  fault: z.enum(TEST_FAULTS).nullable().default(null)
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
