import type { AffinityStats, SessionView } from '../../shared/contract'
import type { ChannelId, ClientKeyId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'

/** B11. */
const DEFAULT_LIMIT = 10_000
const SLIDING_MS = 5 * 3_600_000
const SWEEP_MS = 10 * 60_000
const EVICTED_PART = 0.1
/** Longer ones come from no known client; they are not kept in memory, so they are never bound. */
const LONGEST_NAME = 256

/** What a binding belongs to: prompt caches are per model, and one client's sessions are none of another's business. */
export interface SessionIdentity {
  readonly clientKeyId: ClientKeyId | null
  readonly sessionId: string
  readonly model: string
}

/**
 * Which binding a success may replace (B12): only that of the channel which this request found unfit or failing; null
 * replaces none; `any` begins anew, for a first turn that shares its hash with other conversations (B10).
 */
export type Replaces = ChannelId | null | 'any'

interface Binding {
  readonly identity: SessionIdentity
  channelId: ChannelId
  createdAt: number
  lastUsedAt: number
  requests: number
}

/**
 * Which channel each session is bound to (B10–B12), so that the upstream's prompt cache stays warm. The map's order of
 * insertion is the order of use, so sweep and eviction only touch what goes.
 */
export class SessionAffinity {
  readonly #clock: Clock
  readonly #limit: number
  readonly #stopSweep: Stop
  /** Least recently used first. */
  readonly #bindings = new Map<string, Binding>()
  #hits = 0
  #misses = 0
  #repins = 0
  #evictions = 0
  #expiries = 0

  /** Starts the sweep's timer, which `destroy` ends. `limit`: most bindings at once, 10,000 when unset. */
  constructor(clock: Clock, limit = DEFAULT_LIMIT) {
    this.#clock = clock
    this.#limit = limit
    this.#stopSweep = clock.every(SWEEP_MS, () => this.#sweep())
  }

  /** The session's channel, counted as a hit or a miss; its 5 h begin again. */
  get(identity: SessionIdentity): ChannelId | null {
    const key = keyOf(identity)
    const binding = this.#live(key)
    if (!binding) {
      this.#misses++
      return null
    }
    this.#hits++
    this.#use(key, binding)
    return binding.channelId
  }

  /** The session's channel; nothing is counted or changed. */
  peek(identity: SessionIdentity): ChannelId | null {
    return this.#live(keyOf(identity))?.channelId ?? null
  }

  /**
   * Records a whole, good answer of `channelId` to this session: binds it when it is unbound, and moves it when `replaces`
   * says so. A binding that another request has moved meanwhile stays.
   */
  bind(identity: SessionIdentity, channelId: ChannelId, replaces: Replaces): void {
    if (identity.sessionId.length > LONGEST_NAME || identity.model.length > LONGEST_NAME) return
    const key = keyOf(identity)
    const binding = this.#live(key)
    if (!binding || replaces === 'any') {
      this.#insert(key, identity, channelId)
      return
    }
    if (binding.channelId !== channelId) {
      if (binding.channelId !== replaces) return
      binding.channelId = channelId
      this.#repins++
    }
    binding.requests++
    this.#use(key, binding)
  }

  /** Most recently used first; `key` is what `clear` takes. */
  list(limit: number): SessionView[] {
    const now = this.#clock.now()
    const live = Array.from(this.#bindings).filter(([, binding]) => !isExpired(binding, now))
    return live
      .slice(-limit)
      .reverse()
      .map(([key, { identity, channelId, createdAt, lastUsedAt, requests }]) => ({
        key,
        sessionId: identity.sessionId,
        clientKeyId: identity.clientKeyId,
        model: identity.model,
        channelId,
        createdAt,
        lastUsedAt,
        requests
      }))
  }

  /** Unpins one session, by the key that `list` gave, or all. How many were bound. */
  clear(key?: string): number {
    if (key !== undefined) return this.#bindings.delete(key) ? 1 : 0
    const cleared = this.#bindings.size
    this.#bindings.clear()
    return cleared
  }

  getCacheStats(): AffinityStats {
    let newest: Binding | undefined
    let oldest: Binding | undefined
    for (const binding of this.#bindings.values()) {
      oldest ??= binding
      newest = binding
    }
    return {
      size: this.#bindings.size,
      limit: this.#limit,
      usedPercent: (this.#bindings.size / this.#limit) * 100,
      hits: this.#hits,
      misses: this.#misses,
      repins: this.#repins,
      evictions: this.#evictions,
      expiries: this.#expiries,
      oldest: oldest?.lastUsedAt ?? null,
      newest: newest?.lastUsedAt ?? null
    }
  }

  /** Ends the timer and forgets all bindings. */
  destroy(): void {
    this.#stopSweep()
    this.#bindings.clear()
  }

  #live(key: string): Binding | undefined {
    const binding = this.#bindings.get(key)
    if (!binding || !isExpired(binding, this.#clock.now())) return binding
    this.#bindings.delete(key)
    this.#expiries++
    return undefined
  }

  #use(key: string, binding: Binding): void {
    binding.lastUsedAt = this.#clock.now()
    this.#bindings.delete(key)
    this.#bindings.set(key, binding)
  }

  #insert(key: string, identity: SessionIdentity, channelId: ChannelId): void {
    this.#bindings.delete(key)
    if (this.#bindings.size >= this.#limit) this.#evict()
    const now = this.#clock.now()
    this.#bindings.set(key, { identity, channelId, createdAt: now, lastUsedAt: now, requests: 1 })
  }

  #evict(): void {
    let left = Math.max(1, Math.floor(this.#limit * EVICTED_PART))
    for (const key of this.#bindings.keys()) {
      if (left-- === 0) return
      this.#bindings.delete(key)
      this.#evictions++
    }
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const [key, binding] of this.#bindings) {
      if (!isExpired(binding, now)) return
      this.#bindings.delete(key)
      this.#expiries++
    }
  }
}

const isExpired = (binding: Binding, now: number): boolean => now - binding.lastUsedAt >= SLIDING_MS

/** The lengths in front keep `a` + `bc` and `ab` + `c` apart. */
function keyOf({ clientKeyId, sessionId, model }: SessionIdentity): string {
  return `${sessionId.length}.${model.length}.${sessionId}${model}${clientKeyId ?? ''}`
}
