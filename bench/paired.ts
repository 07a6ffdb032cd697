import type { Target, TargetName } from './targets.ts'

/**
 * Measures each target once a round, in an order that moves on by one each round, so that a machine that gets slower or
 * faster meanwhile does so for all of them.
 */
export async function paired<T>(
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target) => Promise<T>
): Promise<ReadonlyMap<TargetName, readonly T[]>> {
  const results = new Map<TargetName, T[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const first = round % targets.length
    for (const target of [...targets.slice(first), ...targets.slice(0, first)]) {
      results.get(target.name)?.push(await measure(target))
    }
  }
  return results
}
