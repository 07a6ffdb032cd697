import { calls } from '../../shared/contract'
import type { ChannelHealthView } from '../../shared/health'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Api } from '../api/api'

/** Changes within this are told as one, ms. */
const GATHER_MS = 200

export interface ChannelWatchOptions {
  readonly api: Pick<Api, 'call' | 'on'>
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * The channels with their health, followed for tray and notifications. A rest that ends by itself is no event, so the end
 * of the first one is waited for as well.
 */
export class ChannelWatch {
  readonly #options: ChannelWatchOptions
  readonly #listeners = new Set<(channels: readonly ChannelHealthView[]) => void>()
  readonly #stops: readonly Stop[]
  #channels: readonly ChannelHealthView[] = []
  #pending: Stop | undefined
  #nextEnd: Stop | undefined
  #stopped = false

  constructor(options: ChannelWatchOptions) {
    this.#options = options
    const { api } = options
    const soon = (): void => this.#readSoon()
    this.#stops = [api.on('health.changed', soon), api.on('channel.changed', soon)]
    this.read()
  }

  get channels(): readonly ChannelHealthView[] {
    return this.#channels
  }

  onChange(listener: (channels: readonly ChannelHealthView[]) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads them anew now; for a machine that slept, whose timers are late. */
  read(): void {
    this.#pending?.()
    this.#pending = undefined
    const { api, logger } = this.#options
    api
      .call('stats.health', {})
      .then((result) => this.#take(calls['stats.health'].result.parse(result).channels))
      .catch((error: unknown) => logger.error('the health of the channels could not be read', { error }))
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop()
    this.#pending?.()
    this.#nextEnd?.()
    this.#listeners.clear()
  }

  #readSoon(): void {
    this.#pending ??= this.#options.clock.after(GATHER_MS, () => this.read())
  }

  #take(channels: readonly ChannelHealthView[]): void {
    if (this.#stopped) return
    const { clock } = this.#options
    this.#channels = channels
    this.#nextEnd?.()
    const now = clock.now()
    const ends = channels.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []))
    // A rest is over when its end has passed, so one millisecond later.
    this.#nextEnd = ends.length === 0 ? undefined : clock.after(Math.min(...ends) - now + 1, () => this.read())
    for (const listener of this.#listeners) listener(channels)
  }
}
