import type { GatewayStatus, InFlightList } from '../shared/gateway-status'
import type { Clock, Logger, Stop } from '../shared/ports'
import type { Address, Gateway, Traffic } from './api/gateway'
import type { Listener } from './http/listener'
import type { Activity } from './proxy/activity'

export interface RunningGatewayOptions {
  readonly listener: Listener
  readonly activity: Activity
  /** Where to listen, read whenever it is turned on. */
  readonly wanted: () => Address
  /** What of it the command line set. */
  readonly overrides: Partial<Address>
  readonly version: string
  readonly secretStore: GatewayStatus['secretStore']
  readonly startedAt: number
  /** Headless has nobody who could turn it on again. */
  readonly canTurnOff: boolean
  /** How long requests in flight may go on when it is turned off, ms. */
  readonly graceMs: number
  /** Ends what is still in flight after that: the client is told, no channel is blamed. */
  readonly interrupt: () => void
  readonly clock: Clock
  readonly logger: Logger
}

/** How often it is looked whether a pause is over: by the wall clock, which goes on while the machine sleeps. */
const PAUSE_LOOK_MS = 1000
const MINUTE_MS = 60_000

/** A pause that ends by itself. */
interface TimedPause {
  /** ms since 1970. */
  readonly until: number
  readonly stopLooking: Stop
}

/** So long may the last words of those take to be sent before their connections are cut. */
const LAST_WORDS_MS = 1000

/**
 * The gateway's switch. *Paused* keeps the port and answers 503; *off* closes it. A pause may end by itself, unless the
 * state is changed before.
 *
 *   off ──► on ◄──► paused
 *    ▲       │        │
 *    └───────┴────────┘
 */
export class RunningGateway implements Gateway {
  readonly canTurnOff: boolean
  readonly #options: RunningGatewayOptions
  readonly #listeners = new Set<(status: GatewayStatus) => void>()
  #state: GatewayStatus['state'] = 'off'
  #turnedOnAt: GatewayStatus['turnedOnAt'] = null
  #timedPause: TimedPause | null = null
  #configError: string | null = null
  /** Changes of state follow one another: a second one waits for the first. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(options: RunningGatewayOptions) {
    this.#options = options
    this.canTurnOff = options.canTurnOff
  }

  get isPaused(): boolean {
    return this.#state === 'paused'
  }

  status(): GatewayStatus {
    const { version, startedAt, secretStore, activity, overrides } = this.#options
    return {
      state: this.#state,
      pausedUntil: this.#timedPause?.until ?? null,
      url: this.url(),
      version,
      startedAt,
      configError: this.#configError,
      givenAtStart: { host: overrides.host ?? null, port: overrides.port ?? null },
      turnedOnAt: this.#turnedOnAt,
      secretStore,
      inFlight: activity.inFlight
    }
  }

  /** null while it is off. */
  url(): string | null {
    const bound = this.#options.listener.address()
    return bound === null ? null : urlOf(bound)
  }

  setState(state: GatewayStatus['state'], pauseMinutes?: number): Promise<GatewayStatus> {
    return this.#inTurn(async () => {
      const before = this.status()
      await this.#change(state, this.#options.graceMs)
      if (state === 'paused' && pauseMinutes !== undefined) this.#pauseFor(pauseMinutes * MINUTE_MS)
      const after = this.status()
      if (before.state !== after.state || before.pausedUntil !== after.pausedUntil) this.#tell()
      return after
    })
  }

  /** Turns it off for good: at most `graceMs` for what is in flight. */
  async stop(graceMs: number): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#state === 'off') return
      await this.#change('off', graceMs)
      this.#tell()
    })
  }

  /** The error of the config file that was last refused; null when it is good again. */
  setConfigError(error: string | null): void {
    if (this.#configError === error) return
    this.#configError = error
    this.#tell()
  }

  /** A listener that throws is logged: the change stands, and the others are told of it all the same. */
  onChange(listener: (status: GatewayStatus) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  addresses(): readonly Address[] {
    return [this.#options.listener.address() ?? this.#options.wanted()]
  }

  traffic(): Traffic {
    const { inFlight, requests, errors } = this.#options.activity
    return { inFlight, finished: requests, errors }
  }

  inFlight(): InFlightList {
    return this.#options.activity.list()
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change)
    // A failed change is told to whoever asked for it, and does not stand in the way of the next.
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async #change(state: GatewayStatus['state'], graceMs: number): Promise<void> {
    const { listener, wanted, clock, interrupt } = this.#options
    this.#forgetPause()
    if (state === this.#state) return
    if (state === 'off') {
      const stopWaiting = clock.after(graceMs, interrupt)
      await listener.stop(graceMs + LAST_WORDS_MS)
      stopWaiting()
      // Those that were cut off learn of it after the listener does; what they leave in the log is their own ending.
      await this.#options.activity.whenIdle()
      this.#turnedOnAt = null
    } else if (this.#state === 'off') {
      const { host, port } = wanted()
      await listener.start(host, port)
      this.#turnedOnAt = { host, port }
    }
    this.#state = state
  }

  #pauseFor(ms: number): void {
    const { clock } = this.#options
    const until = clock.now() + ms
    const stopLooking = clock.every(PAUSE_LOOK_MS, () => {
      // Not through `setState`: a change that is under way, such as turning off, has ended this pause already.
      if (clock.now() >= until) this.#resume()
    })
    this.#timedPause = { until, stopLooking }
  }

  #resume(): void {
    this.#forgetPause()
    this.#state = 'on'
    this.#tell()
  }

  #forgetPause(): void {
    this.#timedPause?.stopLooking()
    this.#timedPause = null
  }

  #tell(): void {
    const status = this.status()
    for (const listener of this.#listeners) {
      try {
        listener(status)
      } catch (error) {
        this.#options.logger.error('a change of the gateway could not be followed', { state: status.state, error })
      }
    }
  }
}

/** What a client on this machine is told: a wildcard address is reached over loopback. */
function urlOf({ host, port }: Address): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
