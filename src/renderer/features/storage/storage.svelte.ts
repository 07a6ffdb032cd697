import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { ProcessStats, QueryCacheStats, WriterStats } from '../../../shared/stats'
import { asFailure, type ApiFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

const pollMs = 2_000
const mostSamples = 150
/** Of all samples that are kept: five minutes. */
export const sampleSpanMs = pollMs * (mostSamples - 1)

/** The program at one moment. */
export interface ProcessSample {
  readonly at: number
  readonly eventLoopP99Ms: number | null
  readonly eventLoopMaxMs: number | null
  readonly rssBytes: number
  readonly heapUsedBytes: number
}

/**
 *   idle ──► running ──► done | failed ──► running …
 */
type Vacuum =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly since: number }
  | { readonly kind: 'done'; readonly result: CallResult<'storage.vacuum'> }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

/** Cache, log writer and the program itself, asked every 2 s while the page can be seen. */
export class StorageState {
  cache: Loaded<readonly QueryCacheStats[]> = $state.raw({ kind: 'loading' })
  writer: Loaded<WriterStats> = $state.raw({ kind: 'loading' })
  process: Loaded<ProcessStats> = $state.raw({ kind: 'loading' })
  /** The oldest first, at most five minutes of them. */
  samples: readonly ProcessSample[] = $state.raw([])
  vacuum: Vacuum = $state.raw({ kind: 'idle' })
  /** Why the last clearing failed, until one succeeds. */
  clearFailure: ApiFailure | null = $state.raw(null)

  readonly #api: RoutexApi
  #loading = false

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Polls until it is stopped. */
  listen(): () => void {
    const poll = setInterval(() => this.#loadWhenSeen(), pollMs)
    const seen = (): void => this.#loadWhenSeen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(poll)
      document.removeEventListener('visibilitychange', seen)
    }
  }

  /** Each part by itself: one that fails takes no other along. */
  async load(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    const [cache, writer, process] = await Promise.all([
      asked(this.#api.call('stats.cache', {})),
      asked(this.#api.call('stats.writer', {})),
      asked(this.#api.call('stats.process', {}))
    ])
    this.cache = cache.kind === 'ready' ? { kind: 'ready', value: cache.value.queries } : cache
    this.writer = writer
    this.process = process
    if (process.kind === 'ready') this.#keepSample(process.value)
    this.#loading = false
  }

  /** Clears one query of the cache, or all. Resolves with whether it did. */
  async clear(name?: string): Promise<boolean> {
    try {
      await this.#api.call('cache.clear', name === undefined ? {} : { name })
      this.clearFailure = null
    } catch (cause) {
      this.clearFailure = asFailure(cause)
      return false
    }
    const cache = await asked(this.#api.call('stats.cache', {}))
    if (cache.kind === 'ready') this.cache = { kind: 'ready', value: cache.value.queries }
    return true
  }

  async vacuumNow(): Promise<void> {
    if (this.vacuum.kind === 'running') return
    this.vacuum = { kind: 'running', since: Date.now() }
    try {
      this.vacuum = { kind: 'done', result: await this.#api.call('storage.vacuum', {}) }
    } catch (cause) {
      this.vacuum = { kind: 'failed', failure: asFailure(cause) }
    }
    const writer = await asked(this.#api.call('stats.writer', {}))
    if (writer.kind === 'ready') this.writer = writer
  }

  #loadWhenSeen(): void {
    if (!document.hidden) void this.load()
  }

  #keepSample({ eventLoop, rssBytes, heapUsedBytes }: ProcessStats): void {
    const sample: ProcessSample = {
      at: Date.now(),
      eventLoopP99Ms: eventLoop.p99Ms,
      eventLoopMaxMs: eventLoop.maxMs,
      rssBytes,
      heapUsedBytes
    }
    this.samples = [...this.samples, sample].slice(-mostSamples)
  }
}

async function asked<T>(answer: Promise<T>): Promise<Loaded<T>> {
  try {
    return { kind: 'ready', value: await answer }
  } catch (cause) {
    return { kind: 'failed', failure: asFailure(cause) }
  }
}
