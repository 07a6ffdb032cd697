import { join } from 'node:path'
import { clipboard, dialog, Menu, nativeImage, Tray, type NativeImage } from 'electron'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Overview } from '../../shared/stats'
import type { Api } from '../api/api'
import type { Gateway } from '../api/gateway'
import type { ClientView } from '../../shared/clients'
import type { ChannelWatch } from './channel-watch'
import type { ClientWatch } from './client-watch'
import type { LiveSettings } from './live-settings'
import { MenuPace } from './menu-pace'
import type { ShellStrings } from './strings'
import { Today } from './today'
import { trayMenu, trayTip, type TrayActions, type TrayView } from './tray-menu'
import { trayState, type TrayState } from './tray-state'

export interface TrayOptions {
  readonly api: Pick<Api, 'call'>
  readonly gateway: Gateway
  readonly channels: ChannelWatch
  readonly clients: ClientWatch
  readonly settings: LiveSettings
  readonly clock: Clock
  readonly logger: Logger
  /** In the language that is chosen now. */
  readonly strings: () => ShellStrings
  /** `resources/tray` */
  readonly iconDir: string
  /** macOS draws template images in the menu bar's own colour. */
  readonly templateIcons: boolean
  /** A new menu closes the one that is open (Linux). */
  readonly newMenuCloses: boolean
  /** Runs a call of the contract for an item of the menu. */
  readonly call: Api['call']
  /** At that place of the page's router, or where it was. */
  readonly onOpen: (place?: string) => void
  readonly onQuit: () => void
}

/** Where a new menu closes the open one, today's totals alone make one no more often than this. */
const FIGURES_MS = 30_000

/**
 * The app's remote control in the system's tray. It tells the truth within a second of any change, whoever made it: what
 * the gateway, the channels and the settings say is drawn as they say it, today's totals as requests end. On Linux those are
 * up to date in the tip; the menu's line of them follows every 30 s and with whatever else changes, see `MenuPace`.
 */
export class AppTray {
  readonly #options: TrayOptions
  readonly #tray: Tray
  readonly #today: Today
  readonly #stops: readonly Stop[]
  readonly #images = new Map<TrayState, NativeImage>()
  readonly #actions: TrayActions
  readonly #pace: MenuPace
  #totals: Overview | null = null
  #state: TrayState | null = null
  #tip = ''

  constructor(options: TrayOptions) {
    this.#options = options
    const { gateway, channels, clients, settings, onOpen, onQuit } = options
    this.#tray = new Tray(this.#imageOf(gateway.status().state))
    this.#actions = {
      call: (name, params) => void this.#run(name, params),
      copy: (text) => {
        clipboard.writeText(text).catch((error: unknown) => options.logger.warn('could not copy', { error }))
      },
      connect: (client) => onOpen(`#/clients?connect=${client}`),
      restore: (client) => void this.#restore(client),
      open: () => onOpen(),
      quit: onQuit
    }
    // macOS opens the menu with a click.
    if (!options.templateIcons) this.#tray.on('click', () => onOpen())
    const draw = (): void => this.#draw()
    this.#pace = new MenuPace({
      clock: options.clock,
      figuresMs: options.newMenuCloses ? FIGURES_MS : 0,
      onDue: draw
    })
    this.#stops = [gateway.onChange(draw), channels.onChange(draw), clients.onChange(draw), settings.onChange(draw)]
    this.#today = new Today({
      ...options,
      onChange: (totals) => {
        this.#totals = totals
        draw()
      }
    })
    draw()
  }

  /** Reads today's totals anew; for a machine that slept, whose timers are late. */
  refresh(): void {
    this.#today.read()
  }

  remove(): void {
    for (const stop of this.#stops) stop()
    this.#today.stop()
    this.#pace.stop()
    this.#tray.destroy()
  }

  #imageOf(state: TrayState): NativeImage {
    const present = this.#images.get(state)
    if (present !== undefined) return present
    const name = `${state}${this.#options.templateIcons ? 'Template' : ''}.png`
    const image = nativeImage.createFromPath(join(this.#options.iconDir, name))
    this.#images.set(state, image)
    return image
  }

  #view(): TrayView {
    const { gateway, channels, clients, settings } = this.#options
    const status = gateway.status()
    const standings = channels.standings(settings.settings.onlyChannel)
    return {
      status,
      state: trayState(status, [...standings.values()]),
      channels: channels.channels,
      standings,
      clients: clients.clients,
      settings: settings.settings,
      managed: settings.managed,
      today: this.#totals
    }
  }

  /** Only what is other is set. */
  #draw(): void {
    const strings = this.#options.strings()
    const view = this.#view()
    const { state, today } = view
    if (state !== this.#state) this.#tray.setImage(this.#imageOf(state))
    this.#state = state
    const tip = trayTip(view, strings)
    if (tip !== this.#tip) this.#tray.setToolTip(tip)
    this.#tip = tip
    const items = JSON.stringify([today === null, trayMenu({ ...view, today: null }, this.#actions, strings)])
    const template = trayMenu(view, this.#actions, strings)
    if (this.#pace.isDue(items, JSON.stringify(template))) this.#tray.setContextMenu(Menu.buildFromTemplate(template))
  }

  async #restore({ id, name }: ClientView): Promise<void> {
    const { restoreTitle, restoreHint, restoreNow, cancel } = this.#options.strings()
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: restoreTitle(name),
      detail: restoreHint,
      buttons: [restoreNow, cancel],
      defaultId: 0,
      cancelId: 1
    })
    if (response === 0) await this.#run('clients.restore', { client: id })
  }

  async #run(name: string, params: unknown): Promise<void> {
    const { call, logger, strings } = this.#options
    try {
      await call(name, params)
    } catch (error) {
      logger.warn('what was chosen in the tray could not be done', { name, params, error })
      dialog.showErrorBox(strings().cannotChange, error instanceof Error ? error.message : String(error))
    }
    // Electron checks what was clicked by itself, so what came of it is drawn even when nothing changed.
    this.#pace.forget()
    this.#draw()
  }
}
