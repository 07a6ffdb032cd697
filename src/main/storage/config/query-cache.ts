import { isDeepStrictEqual } from 'node:util'
import type { QueryCacheStats } from '../../../shared/stats'
import type { Clock, Stop } from '../../../shared/ports'
import { deepFreeze } from './deep-freeze'

/** How old an answer may grow, ms. */
const TTL_MS = 30_000
const SWEEP_MS = 5000
/** Query times that p50 and p99 are taken from: the last so many. */
const REMEMBERED_TIMES = 200

interface Entry<T> {
  value: T
  loadedAt: number
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

/**
 * The answers of one named query, by its parameter. A read takes what is there, in nanoseconds; only a first read, or one
 * after `clear`, runs the query. Writes and the sweep renew what is there, and an unchanged answer stays the same object.
 */
export class CachedQuery<T> {
  readonly name: string
  readonly #clock: Clock
  readonly #load: (key: string) => T
  readonly #entries = new Map<string, Entry<T>>()
  readonly #times: number[] = []
  #nextTime = 0
  #hits = 0
  #misses = 0

  constructor(name: string, clock: Clock, load: (key: string) => T) {
    this.name = name
    this.#clock = clock
    this.#load = load
  }

  /** Deeply frozen. */
  get(key = ''): T {
    const entry = this.#entries.get(key)
    if (entry) {
      this.#hits++
      return entry.value
    }
    this.#misses++
    const value = this.#run(key)
    // What is not there is not kept: anybody may ask for any id.
    if (value !== undefined) this.#entries.set(key, { value, loadedAt: this.#clock.monotonic() })
    return value
  }

  /** After a write that touches the query: everything that is there is asked for again. */
  renew(): void {
    for (const [key, entry] of this.#entries) this.#renewEntry(key, entry)
  }

  /** Asks again for what would grow older than its time to live before the next sweep. */
  renewExpiring(): void {
    const latest = this.#clock.monotonic() - (TTL_MS - SWEEP_MS)
    for (const [key, entry] of this.#entries) if (entry.loadedAt <= latest) this.#renewEntry(key, entry)
  }

  clear(): void {
    this.#entries.clear()
  }

  stats(): QueryCacheStats {
    const reads = this.#hits + this.#misses
    const times = this.#times.toSorted((one, other) => one - other)
    const oldest = Math.min(...[...this.#entries.values()].map(({ loadedAt }) => loadedAt))
    return {
      name: this.name,
      hits: this.#hits,
      misses: this.#misses,
      hitRate: reads === 0 ? null : this.#hits / reads,
      entries: this.#entries.size,
      ageMs: this.#entries.size === 0 ? null : this.#clock.monotonic() - oldest,
      ttlMs: TTL_MS,
      queryMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
    }
  }

  #renewEntry(key: string, entry: Entry<T>): void {
    const value = this.#run(key)
    if (value === undefined) this.#entries.delete(key)
    if (!isDeepStrictEqual(value, entry.value)) entry.value = value
    entry.loadedAt = this.#clock.monotonic()
  }

  #run(key: string): T {
    const begun = this.#clock.monotonic()
    const value = deepFreeze(this.#load(key))
    this.#times[this.#nextTime] = this.#clock.monotonic() - begun
    this.#nextTime = (this.#nextTime + 1) % REMEMBERED_TIMES
    return value
  }
}

/** What the set asks of each of its queries, whatever they answer. */
type AnyQuery = Pick<CachedQuery<unknown>, 'name' | 'clear' | 'renew' | 'renewExpiring' | 'stats'>

/** All named queries of the configuration, kept fresh by one timer. */
export class QueryCache {
  readonly #queries: readonly AnyQuery[]
  readonly #stopSweep: Stop

  constructor(clock: Clock, queries: readonly AnyQuery[]) {
    this.#queries = queries
    this.#stopSweep = clock.every(SWEEP_MS, () => this.cleanupExpiredCache())
  }

  getCacheStats(): readonly QueryCacheStats[] {
    return this.#queries.map((query) => query.stats())
  }

  /** The next read of each query runs it again, and counts as a miss. */
  clearAllCaches(): void {
    for (const query of this.#queries) query.clear()
  }

  /** The same for one query; false when there is none of that name. */
  clearCache(name: string): boolean {
    const query = this.#queries.find((one) => one.name === name)
    query?.clear()
    return query !== undefined
  }

  /** The sweep: renews what expires, so that no request ever waits for SQL. */
  cleanupExpiredCache(): void {
    for (const query of this.#queries) query.renewExpiring()
  }

  /** Ends the sweep. */
  destroy(): void {
    this.#stopSweep()
  }
}
