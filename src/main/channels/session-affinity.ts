import type { AffinityStats, SessionView } from '../../shared/sessions'
import type { ChannelId, ClientKeyId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'
import { UNKNOWN_USE, type SessionUse } from './lease'

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
  /** Tells it from all others for as long as this process lives. */
  readonly serial: number
  readonly identity: SessionIdentity
  channelId: ChannelId
  createdAt: number
  lastUsedAt: number
  requests: number
  /** The program that last used it. */
  client: string | null
  readonly tokens: SessionTokens
}

/** Sums over its good answers. */
interface SessionTokens {
  input: number
  cacheRead: number
  cacheWrite: number
  output: number
}

/**
 * Which channel each session is bound to (B10–B12), so that the upstream's prompt cache stays warm. The map's order of
 * insertion is the order of use, so an eviction only touches what goes. Sessions are looked up by their id alone, which
 * needs no key to be put together; the few bindings of one session (its models, in turn) are used and evicted together.
 */
export class SessionAffinity {
  readonly #clock: Clock
  readonly #limit: number
  readonly #stopSweep: Stop
  /** By session id, least recently used first. */
  readonly #sessions = new Map<string, Binding[]>()
  #size = 0
  #lastSerial = 0
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
    const now = this.#clock.now()
    const binding = this.#live(identity, now)
    if (!binding) {
      this.#misses++
      return null
    }
    this.#hits++
    this.#use(binding, now)
    return binding.channelId
  }

  /** The session's channel; nothing is counted or changed. */
  peek(identity: SessionIdentity): ChannelId | null {
    return this.#live(identity, this.#clock.now())?.channelId ?? null
  }

  /**
   * Records a whole, good answer of `channelId` to this session: binds it when it is unbound, and moves it when `replaces`
   * says so. A binding that another request has moved meanwhile stays. `use` is counted to the one that is written.
   */
  bind(identity: SessionIdentity, channelId: ChannelId, replaces: Replaces, use = UNKNOWN_USE): void {
    if (identity.sessionId.length > LONGEST_NAME || identity.model.length > LONGEST_NAME) return
    const now = this.#clock.now()
    const binding = this.#live(identity, now)
    if (!binding || replaces === 'any') {
      if (binding) this.#remove(binding)
      count(this.#insert(identity, channelId, now), use)
      return
    }
    if (binding.channelId !== channelId) {
      if (binding.channelId !== replaces) return
      binding.channelId = channelId
      this.#repins++
    }
    count(binding, use)
    this.#use(binding, now)
  }

  /** Most recently used first; `key` is what `clear` and `move` take. */
  list(limit: number): SessionView[] {
    const now = this.#clock.now()
    return this.#all()
      .filter((binding) => !isExpired(binding, now))
      .sort((one, other) => other.lastUsedAt - one.lastUsedAt || other.serial - one.serial)
      .slice(0, limit)
      .map(viewOf)
  }

  /** One session, by the key that `list` gave; null when it is not bound (any more). */
  find(key: string): SessionView | null {
    const binding = this.#bySerial(key)
    return binding === undefined ? null : viewOf(binding)
  }

  /** Binds a session, by the key that `list` gave, to another channel; null when it is not bound (any more). */
  move(key: string, channelId: ChannelId): SessionView | null {
    const binding = this.#bySerial(key)
    if (binding === undefined) return null
    if (binding.channelId !== channelId) this.#repins++
    binding.channelId = channelId
    return viewOf(binding)
  }

  /** Unpins one session, by the key that `list` gave, or all. How many were bound. */
  clear(key?: string): number {
    const cleared = key === undefined ? this.#all() : this.#all().filter(({ serial }) => String(serial) === key)
    for (const binding of cleared) this.#remove(binding)
    return cleared.length
  }

  getCacheStats(): AffinityStats {
    let oldest = Infinity
    let newest = -Infinity
    for (const { lastUsedAt } of this.#all()) {
      oldest = Math.min(oldest, lastUsedAt)
      newest = Math.max(newest, lastUsedAt)
    }
    return {
      size: this.#size,
      limit: this.#limit,
      usedPercent: (this.#size / this.#limit) * 100,
      hits: this.#hits,
      misses: this.#misses,
      repins: this.#repins,
      evictions: this.#evictions,
      expiries: this.#expiries,
      oldest: this.#size === 0 ? null : oldest,
      newest: this.#size === 0 ? null : newest
    }
  }

  /** Ends the timer and forgets all bindings. */
  destroy(): void {
    this.#stopSweep()
    this.clear()
  }

  #all(): Binding[] {
    return Array.from(this.#sessions.values()).flat()
  }

  #bySerial(key: string): Binding | undefined {
    const now = this.#clock.now()
    return this.#all().find((binding) => String(binding.serial) === key && !isExpired(binding, now))
  }

  #live({ sessionId, model, clientKeyId }: SessionIdentity, now: number): Binding | undefined {
    const bindings = this.#sessions.get(sessionId)
    if (!bindings) return undefined
    for (const binding of bindings) {
      if (binding.identity.model !== model || binding.identity.clientKeyId !== clientKeyId) continue
      if (!isExpired(binding, now)) return binding
      this.#remove(binding)
      this.#expiries++
      return undefined
    }
    return undefined
  }

  /** Begins its 5 h again and makes its session the most recently used. */
  #use(binding: Binding, now: number): void {
    binding.lastUsedAt = now
    const { sessionId } = binding.identity
    const bindings = this.#sessions.get(sessionId)
    if (!bindings) return
    this.#sessions.delete(sessionId)
    this.#sessions.set(sessionId, bindings)
  }

  #insert(identity: SessionIdentity, channelId: ChannelId, now: number): Binding {
    if (this.#size >= this.#limit) this.#evict()
    const serial = ++this.#lastSerial
    const tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 }
    const times = { createdAt: now, lastUsedAt: now }
    const binding: Binding = { serial, identity, channelId, ...times, requests: 0, client: null, tokens }
    const bindings = this.#sessions.get(identity.sessionId)
    if (bindings) bindings.push(binding)
    else this.#sessions.set(identity.sessionId, [binding])
    this.#use(binding, now)
    this.#size++
    return binding
  }

  #remove(binding: Binding): void {
    const { sessionId } = binding.identity
    const bindings = this.#sessions.get(sessionId)
    if (!bindings) return
    bindings.splice(bindings.indexOf(binding), 1)
    if (bindings.length === 0) this.#sessions.delete(sessionId)
    this.#size--
  }

  #evict(): void {
    const wanted = Math.max(1, Math.floor(this.#limit * EVICTED_PART))
    let evicted = 0
    for (const [sessionId, bindings] of this.#sessions) {
      if (evicted >= wanted) break
      this.#sessions.delete(sessionId)
      evicted += bindings.length
    }
    this.#size -= evicted
    this.#evictions += evicted
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const binding of this.#all()) {
      if (!isExpired(binding, now)) continue
      this.#remove(binding)
      this.#expiries++
    }
  }
}

const isExpired = (binding: Binding, now: number): boolean => now - binding.lastUsedAt >= SLIDING_MS

function count(binding: Binding, { client, usage }: SessionUse): void {
  binding.requests++
  binding.client = client ?? binding.client
  if (usage === null) return
  const { tokens } = binding
  tokens.input += usage.input
  tokens.cacheRead += usage.cacheRead
  tokens.cacheWrite += usage.cacheWrite
  tokens.output += usage.output
}

function viewOf({ serial, identity, tokens, ...binding }: Binding): SessionView {
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite
  return {
    key: String(serial),
    ...identity,
    ...binding,
    tokens: { ...tokens },
    cacheHitRate: prompt === 0 ? null : tokens.cacheRead / prompt
  }
}
