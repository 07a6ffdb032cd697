import type { ProtocolId } from '../../../src/shared/protocol'
import { FEATURE_NAMES, PAIRS, type FeatureName, type Kind } from './outcomes'

export interface Table {
  put(feature: FeatureName, client: ProtocolId, channel: ProtocolId, kind: Kind): void
  /** One row for each pair, one column for each feature, as they were seen. */
  print(): void
}

/** Collects what the matrix saw. */
export function tableOf(): Table {
  const cells = new Map<string, Kind>()
  const key = (...names: readonly string[]): string => names.join('|')
  return {
    put: (feature, client, channel, kind) => void cells.set(key(feature, client, channel), kind),
    print() {
      const seen = FEATURE_NAMES.filter((feature) =>
        PAIRS.some((pair) => cells.has(key(feature, pair.client, pair.channel)))
      )
      const rows = PAIRS.map(({ client, channel }) => [
        `${client} → ${channel}`,
        ...seen.map((feature) => cells.get(key(feature, client, channel)) ?? 'n.a.')
      ])
      const all = [['client → channel', ...seen], ...rows]
      const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
      const lines = all.map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()
      )
      process.stdout.write(`\n${lines.join('\n')}\n`)
    }
  }
}
