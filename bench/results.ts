import type { Account } from './accounting.ts'
import type { FieldRun } from './compat.ts'
import type { LongRun, OpenStreams } from './memory.ts'
import type { Latency, Throughput } from './scenarios.ts'
import type { TargetName } from './targets.ts'

/** Everything that a run found; what was left out is empty or null. */
export interface Results {
  readonly at16: Throughput | null
  readonly at100: Throughput | null
  readonly streams: Throughput | null
  readonly large: Throughput | null
  readonly latency: Latency | null
  readonly firstContent: Latency | null
  readonly longRuns: readonly LongRun[]
  readonly slowStreams: readonly OpenStreams[]
  readonly accounts: readonly Account[]
  readonly fieldRuns: readonly FieldRun[]
}

export function rowOf<Row extends { readonly name: TargetName }>(
  result: { readonly rows: readonly Row[] } | null,
  name: TargetName
): Row | undefined {
  return result?.rows.find((row) => row.name === name)
}

export function runOf<Run extends { readonly name: TargetName }>(
  runs: readonly Run[],
  name: TargetName
): Run | undefined {
  return runs.find((run) => run.name === name)
}
