import { timeBucket, type TimeBucket } from '../../../src/shared/stats'
import { sampleOverview } from './sample-data'

/** A bucket of ten requests, one of them failed. */
export function sampleBucket(at: number, change: Partial<Record<keyof TimeBucket, unknown>> = {}): TimeBucket {
  return timeBucket.parse({
    ...sampleOverview,
    at,
    group: null,
    requests: 10,
    errors: 1,
    tokens: { input: 100, cacheRead: 900, cacheWrite: 50, output: 200, reasoning: 20 },
    costUsd: 0.5,
    ...change
  })
}
