import { REMOTE_DATA_JSON_URL } from '../../shared/price-source'
import type { PriceStatus } from '../../shared/price-table'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { UpstreamTransport } from '../proxy/ports'
import type { ConfigStore, LogStore } from '../storage/ports'
import { ApiError } from './api-error'
import { askUpstream } from './ask-upstream'

const DAY_MS = 24 * 3_600_000
/** How often it is looked whether a day is over: by the wall clock, which goes on while the machine sleeps. */
const LOOK_MS = 3_600_000
/** The table has some 2 MB. */
const LIMITS = { connectMs: 10_000, totalMs: 60_000, maxBytes: 16 * 1024 * 1024 }

interface PriceUpdatesParts {
  readonly config: Pick<ConfigStore, 'settings' | 'onChange'>
  readonly logs: Pick<LogStore, 'priceTable' | 'installPrices'>
  readonly transport: UpstreamTransport
  /** genai-prices' own unless given. */
  readonly url?: string | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/** Fetches a newer price table once a day, where the user agreed. What can't be fetched or read leaves the present one. */
export class PriceUpdates {
  readonly #parts: PriceUpdatesParts
  readonly #url: URL
  readonly #stops: readonly Stop[]
  #triedAt: number | null = null
  #error: string | null = null
  #fetching: Promise<void> | null = null

  constructor(parts: PriceUpdatesParts) {
    this.#parts = parts
    this.#url = new URL(parts.url ?? REMOTE_DATA_JSON_URL)
    const look = (): void => void this.#fetchWhenDue()
    this.#stops = [
      parts.clock.every(LOOK_MS, look),
      parts.config.onChange(({ kind }) => {
        if (kind === 'settings') look()
      })
    ]
    look()
  }

  async status(): Promise<PriceStatus> {
    const table = await this.#parts.logs.priceTable()
    const updates = this.#agreed
    return { ...table, updates, url: this.#url.href, triedAt: this.#triedAt, error: this.#error }
  }

  /**
   * Fetches now; resolves with what came of it, which may be that it failed.
   * @throws ApiError `prices_not_agreed`
   */
  async update(): Promise<PriceStatus> {
    if (!this.#agreed) {
      throw new ApiError('prices_not_agreed', 'Prices are fetched only with the setting prices.update: switch it on')
    }
    await this.#fetch()
    return this.status()
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  get #agreed(): boolean {
    return this.#parts.config.settings().prices.update
  }

  async #fetchWhenDue(): Promise<void> {
    const { clock, logger, logs } = this.#parts
    const isDue = (at: number | null): boolean => at === null || clock.now() - at >= DAY_MS
    if (!this.#agreed || !isDue(this.#triedAt)) return
    try {
      const { fetchedAt } = await logs.priceTable()
      if (isDue(fetchedAt)) await this.#fetch()
    } catch (error) {
      logger.warn('it is not known how old the prices are; they are looked at again in an hour', { error })
    }
  }

  /** One at a time: whoever asks meanwhile gets the same. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchOnce().finally(() => (this.#fetching = null))
    return this.#fetching
  }

  async #fetchOnce(): Promise<void> {
    const { clock, logger, logs } = this.#parts
    this.#triedAt = clock.now()
    const request = { method: 'GET', url: this.#url, headers: ['accept', 'application/json'], body: null }
    const answer = await askUpstream(this.#parts, request, LIMITS)
    try {
      if (answer.kind === 'failed') throw answer.error
      if (answer.status !== 200) throw new Error(`${this.#url.host} answered with status ${answer.status}`)
      await logs.installPrices(answer.body, this.#triedAt)
      this.#error = null
      logger.info('newer prices were fetched', { bytes: answer.body.length })
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error)
      logger.warn('no newer prices could be fetched; the present ones count', { error })
    }
  }
}
