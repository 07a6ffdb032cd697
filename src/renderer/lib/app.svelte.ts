import { getContext, setContext } from 'svelte'
import type { Backend, Connection } from './backend'
import { AddingChannel } from './channel/begun-channel.svelte'
import { ChannelForms } from './channel/channel-forms.svelte'
import { BudgetsState } from './state/budgets.svelte'
import { ChannelsState } from './state/channels.svelte'
import { ClientsState } from './state/clients.svelte'
import { GatewayState } from './state/gateway.svelte'
import { InFlightState } from './state/in-flight.svelte'
import { SettingsState } from './state/settings.svelte'
import { ToastsState } from './state/toasts.svelte'
import { TodayState } from './state/today.svelte'

/** What all pages share: the tie to the program, and what the frame shows of it. Kept by events, loaded anew after each gap. */
export class AppState {
  readonly backend: Backend
  readonly gateway: GatewayState
  readonly channels: ChannelsState
  readonly clients: ClientsState
  readonly budgets: BudgetsState
  readonly settings: SettingsState
  readonly inFlight: InFlightState
  readonly today: TodayState
  readonly toasts = new ToastsState()
  readonly channelForms: ChannelForms
  readonly adding: AddingChannel
  /** A channel has edits that are not saved, or one is being added: they are kept while the app is open. */
  readonly hasUnsaved: boolean = $derived.by(
    () => this.adding.unsaved || this.channelForms.anyDirty((id) => this.channels.get(id) !== undefined)
  )
  /** The settings want it to listen elsewhere than where it was turned on. What the command line gave stands over them. */
  readonly restartNeeded: boolean = $derived.by(() => {
    const { current: settings } = this.settings
    const { turnedOnAt = null, givenAtStart } = this.gateway.current ?? {}
    if (settings === null || turnedOnAt === null) return false
    const hostMoves = givenAtStart?.host === null && turnedOnAt.host !== settings.host
    return hostMoves || (givenAtStart?.port === null && turnedOnAt.port !== settings.port)
  })
  connection: Connection = $state.raw({ kind: 'connecting' })
  /** What is on the page may be old. */
  offline = $state(false)
  /** The token is missing or was refused, and none was taken since. */
  locked = $state(false)
  /** There was a connection, so pages may load. */
  wasLive = $state(false)

  readonly #reloads = new Set<() => void>()

  constructor(backend: Backend) {
    this.backend = backend
    this.gateway = new GatewayState(backend)
    this.channels = new ChannelsState(backend, {
      only: () => this.settings.current?.onlyChannel ?? null,
      budgets: () => this.budgets.list
    })
    this.clients = new ClientsState(backend)
    this.budgets = new BudgetsState(backend)
    this.settings = new SettingsState(backend)
    this.inFlight = new InFlightState(backend)
    this.today = new TodayState(backend)
    this.channelForms = new ChannelForms(backend)
    this.adding = new AddingChannel(backend)
  }

  /** Returns what ends every subscription. */
  start(): () => void {
    const parts = [this.settings, this.gateway, this.channels, this.clients, this.budgets, this.inFlight, this.today]
    const stops = parts.map((part) => part.listen())
    stops.push(
      this.backend.onConnection((connection) => {
        this.connection = connection
        if (connection.kind === 'lost') this.offline = true
        if (connection.kind !== 'connecting') this.locked = connection.kind === 'locked'
        if (connection.kind !== 'live') return
        this.offline = false
        for (const part of parts) void part.load()
        if (this.wasLive) for (const reload of this.#reloads) reload()
        this.wasLive = true
      })
    )
    return () => stops.forEach((stop) => stop())
  }

  /**
   * Runs `load` whenever a connection was lost and is back. A page opens on a connection that is there, so it loads by
   * itself the first time. Returns what ends it.
   */
  onReconnect(load: () => void): () => void {
    const own = (): void => load()
    this.#reloads.add(own)
    return () => void this.#reloads.delete(own)
  }
}

const contextKey = Symbol('app')

/** Called once by the page's root, and by tests of a part of it. */
export function provideApp(app: AppState): AppState {
  return setContext(contextKey, app)
}

/** The shared state, while a component is made. */
export function getApp(): AppState {
  const app: unknown = getContext(contextKey)
  if (!(app instanceof AppState)) throw new Error('there is no AppState above this component')
  return app
}
