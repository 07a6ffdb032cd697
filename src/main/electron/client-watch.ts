import type { ClientView } from '../../shared/clients'
import { calls } from '../../shared/contract'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Api } from '../api/api'

/** Changes within this are told as one, ms. */
const GATHER_MS = 100
/** What others change in the files is no event, ms. A look is a few dozen `stat`s. */
const LOOK_MS = 30_000

export interface ClientWatchOptions {
  readonly api: Pick<Api, 'call' | 'on'>
  readonly clock: Clock
  readonly logger: Logger
}

/** How it stands with each assistant, followed for the tray: what Routex changes at once, what others change in time. */
export class ClientWatch {
  readonly #options: ClientWatchOptions
  readonly #listeners = new Set<() => void>()
  readonly #stops: readonly Stop[]
  #clients: readonly ClientView[] = []
  #pending: Stop | undefined
  #stopped = false

  constructor(options: ClientWatchOptions) {
    this.#options = options
    const { api, clock } = options
    const soon = (): void => this.#readSoon()
    this.#stops = [
      api.on('clients.changed', soon),
      api.on('gateway.changed', soon),
      clock.every(LOOK_MS, () => this.read())
    ]
    this.read()
  }

  get clients(): readonly ClientView[] {
    return this.#clients
  }

  onChange(listener: () => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads them anew now. */
  read(): void {
    this.#pending?.()
    this.#pending = undefined
    const { api, logger } = this.#options
    api
      .call('clients.list', {})
      .then((result) => this.#take(calls['clients.list'].result.parse(result).clients))
      .catch((error: unknown) => {
        if (!this.#stopped) logger.error('the clients could not be read', { error })
      })
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop()
    this.#pending?.()
    this.#listeners.clear()
  }

  #readSoon(): void {
    this.#pending ??= this.#options.clock.after(GATHER_MS, () => this.read())
  }

  #take(clients: readonly ClientView[]): void {
    if (this.#stopped) return
    this.#clients = clients
    for (const listener of this.#listeners) listener()
  }
}
