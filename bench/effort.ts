/** How much a run does. The numbers of a quick one only show that everything works. */
export interface Effort {
  readonly label: 'full' | 'quick'
  readonly rounds: number
  /** Of one closed-loop slice. */
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly fixedRate: number
  readonly fixedRateSeconds: number
  /** Streams a second, for the time to the first content event. */
  readonly streamRate: number
  readonly memoryRequests: number
  readonly slowStreams: number
  readonly accountingSeconds: number
  readonly ab: { readonly requests: number; readonly connections: number }
  readonly wrk: { readonly threads: number; readonly connections: number; readonly seconds: number }
  /** No new part is begun after so long. */
  readonly limitSeconds: number
}

export const FULL: Effort = {
  label: 'full',
  rounds: 3,
  seconds: 3,
  warmUpSeconds: 2,
  fixedRate: 500,
  fixedRateSeconds: 4,
  streamRate: 20,
  memoryRequests: 100_000,
  slowStreams: 1000,
  accountingSeconds: 6,
  ab: { requests: 10_000, connections: 100 },
  wrk: { threads: 4, connections: 100, seconds: 30 },
  limitSeconds: 320
}

export const QUICK: Effort = {
  label: 'quick',
  rounds: 2,
  seconds: 1,
  warmUpSeconds: 1,
  fixedRate: 500,
  fixedRateSeconds: 1,
  streamRate: 20,
  memoryRequests: 5000,
  slowStreams: 200,
  accountingSeconds: 2,
  ab: { requests: 1000, connections: 100 },
  wrk: { threads: 4, connections: 100, seconds: 3 },
  limitSeconds: 120
}
