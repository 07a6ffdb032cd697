import type { Overview } from '../../../shared/stats'
import type { RequestRow } from '../../../shared/request-log'
import type { SqlValue } from '../counted-database'
import { Histogram } from './histogram'

/** A bucket's totals as columns. Both histograms are JSON. */
export interface StoredTotals {
  readonly requests: number
  readonly errors: number
  readonly input: number
  readonly cache_read: number
  readonly cache_write: number
  readonly output: number
  readonly reasoning: number
  readonly usage_unknown: number
  readonly cost_usd: number | null
  readonly cost_unknown: number
  readonly total_ms: string
  readonly first_byte_ms: string
}

/** In the order of `toColumns`. */
export const TOTALS_COLUMNS = [
  'requests',
  'errors',
  'input',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  'usage_unknown',
  'cost_usd',
  'cost_unknown',
  'total_ms',
  'first_byte_ms'
] as const satisfies readonly (keyof StoredTotals)[]

/** Operations that use up tokens; of the others (count_tokens, state) no usage is awaited. */
const USES_TOKENS: ReadonlySet<string | null> = new Set(['generate', 'complete', 'embed'])

/** An answer was begun, so tokens were used, whether the upstream told them or not. */
export function usedTokens(row: RequestRow): boolean {
  if (row.usage !== null) return true
  if (row.channelId === null || !USES_TOKENS.has(row.operation)) return false
  return row.outcome === 'ok' || row.outcome === 'truncated' || row.outcome === 'cancelled'
}

/** A client that went away is no error (B07). */
const isError = (row: RequestRow): boolean => row.outcome !== 'ok' && row.outcome !== 'cancelled'

/** Sums over requests: of a bucket while it is written, of a period while it is read. B31: the same for both. */
export class Totals {
  requests = 0
  errors = 0
  input = 0
  cacheRead = 0
  cacheWrite = 0
  output = 0
  reasoning = 0
  usageUnknown = 0
  /** null: no cost is known (B32). */
  costUsd: number | null = null
  costUnknown = 0
  readonly totalMs = new Histogram()
  readonly firstByteMs = new Histogram()

  add(row: RequestRow): void {
    this.requests++
    if (isError(row)) this.errors++
    if (row.usage) {
      this.input += row.usage.input
      this.cacheRead += row.usage.cacheRead
      this.cacheWrite += row.usage.cacheWrite
      this.output += row.usage.output
      this.reasoning += row.usage.reasoning
    }
    if (usedTokens(row)) {
      if (row.usage === null) this.usageUnknown++
      if (row.costUsd === null) this.costUnknown++
    }
    this.#addCost(row.costUsd)
    // Of the same requests, or those that failed at once would make the whole look faster than its beginning.
    if (row.firstByteMs === null) return
    this.totalMs.add(row.totalMs)
    this.firstByteMs.add(row.firstByteMs)
  }

  addTotals(other: Totals): void {
    this.requests += other.requests
    this.errors += other.errors
    this.input += other.input
    this.cacheRead += other.cacheRead
    this.cacheWrite += other.cacheWrite
    this.output += other.output
    this.reasoning += other.reasoning
    this.usageUnknown += other.usageUnknown
    this.costUnknown += other.costUnknown
    this.#addCost(other.costUsd)
    this.totalMs.addAll(other.totalMs)
    this.firstByteMs.addAll(other.firstByteMs)
  }

  addStored(stored: StoredTotals): void {
    this.requests += stored.requests
    this.errors += stored.errors
    this.input += stored.input
    this.cacheRead += stored.cache_read
    this.cacheWrite += stored.cache_write
    this.output += stored.output
    this.reasoning += stored.reasoning
    this.usageUnknown += stored.usage_unknown
    this.costUnknown += stored.cost_unknown
    this.#addCost(stored.cost_usd)
    this.totalMs.addText(stored.total_ms)
    this.firstByteMs.addText(stored.first_byte_ms)
  }

  toColumns(): readonly SqlValue[] {
    const stored: StoredTotals = {
      requests: this.requests,
      errors: this.errors,
      input: this.input,
      cache_read: this.cacheRead,
      cache_write: this.cacheWrite,
      output: this.output,
      reasoning: this.reasoning,
      usage_unknown: this.usageUnknown,
      cost_usd: this.costUsd,
      cost_unknown: this.costUnknown,
      total_ms: this.totalMs.toText(),
      first_byte_ms: this.firstByteMs.toText()
    }
    return TOTALS_COLUMNS.map((column) => stored[column])
  }

  toOverview(): Overview {
    const prompt = this.input + this.cacheRead + this.cacheWrite
    return {
      requests: this.requests,
      errors: this.errors,
      tokens: {
        input: this.input,
        cacheRead: this.cacheRead,
        cacheWrite: this.cacheWrite,
        output: this.output,
        reasoning: this.reasoning
      },
      usageUnknown: this.usageUnknown,
      costUsd: this.costUsd,
      costUnknown: this.costUnknown,
      cacheHitRate: prompt === 0 ? null : this.cacheRead / prompt,
      totalMs: percentiles(this.totalMs),
      firstByteMs: percentiles(this.firstByteMs)
    }
  }

  #addCost(costUsd: number | null): void {
    if (costUsd !== null) this.costUsd = (this.costUsd ?? 0) + costUsd
  }
}

const percentiles = (histogram: Histogram): Overview['totalMs'] => ({
  p50: histogram.percentile(0.5),
  p95: histogram.percentile(0.95),
  p99: histogram.percentile(0.99)
})
