import { join } from 'node:path'
import { Menu, nativeImage, Tray, type NativeImage } from 'electron'
import { calls } from '../../shared/contract'
import type { GatewayStatus } from '../../shared/gateway-status'
import type { ChannelHealthView } from '../../shared/health'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { Api } from '../api/api'
import type { Gateway } from '../api/gateway'
import type { ShellStrings } from './strings'
import { trayState, type TrayState } from './tray-state'

/** Changes within this are shown as one, ms. */
const GATHER_MS = 200

export interface TrayOptions {
  readonly api: Api
  readonly gateway: Gateway
  readonly clock: Clock
  readonly logger: Logger
  readonly strings: ShellStrings
  /** `resources/tray` */
  readonly iconDir: string
  /** macOS draws template images in the menu bar's own colour. */
  readonly templateIcons: boolean
  readonly onOpen: () => void
  readonly onSetState: (state: GatewayStatus['state']) => void
  readonly onQuit: () => void
}

/** The app's remote control in the system's tray. It follows every change, whoever made it. Returns what takes it away. */
export function showTray(options: TrayOptions): Stop {
  const { api, gateway, clock, strings } = options
  const images = new Map<TrayState, NativeImage>()
  const imageOf = (state: TrayState): NativeImage => {
    const present = images.get(state)
    if (present !== undefined) return present
    const name = `${state}${options.templateIcons ? 'Template' : ''}.png`
    const image = nativeImage.createFromPath(join(options.iconDir, name))
    images.set(state, image)
    return image
  }

  let channels: readonly ChannelHealthView[] = []
  const tray = new Tray(imageOf(gateway.status().state))
  let shown = ''
  const draw = (): void => {
    const status = gateway.status()
    const state = trayState(status, channels)
    const wanted = `${state} ${status.state} ${status.url ?? ''}`
    if (wanted === shown) return
    shown = wanted
    const title = titleOf(status, state, strings)
    tray.setImage(imageOf(state))
    tray.setToolTip(title)
    tray.setContextMenu(menuOf(title, status, options))
  }

  const refresh = (): void => {
    api
      .call('stats.health', {})
      .then((result) => {
        channels = calls['stats.health'].result.parse(result).channels
        draw()
      })
      .catch((error: unknown) => options.logger.error('the tray could not read the health of the channels', { error }))
  }
  let pending: Stop | undefined
  const refreshSoon = (): void => {
    pending ??= clock.after(GATHER_MS, () => {
      pending = undefined
      refresh()
    })
  }

  // macOS opens the menu with a click.
  if (!options.templateIcons) tray.on('click', options.onOpen)
  draw()
  refresh()
  const stops = [
    api.on('gateway.changed', draw),
    api.on('health.changed', refreshSoon),
    api.on('channel.changed', refreshSoon)
  ]
  return () => {
    for (const stop of stops) stop()
    pending?.()
    tray.destroy()
  }
}

function titleOf(status: GatewayStatus, state: TrayState, strings: ShellStrings): string {
  const address = status.url === null ? '' : ` · ${status.url.replace(/^http:\/\//, '')}`
  return `Routex: ${strings.state[status.state]}${address}${state === 'trouble' ? ` · ${strings.trouble}` : ''}`
}

function menuOf(title: string, status: GatewayStatus, options: TrayOptions) {
  const { strings } = options
  return Menu.buildFromTemplate([
    { label: title, enabled: false },
    { type: 'separator' },
    {
      label: strings.turnedOn,
      type: 'checkbox',
      checked: status.state === 'on',
      click: () => options.onSetState(status.state === 'on' ? 'off' : 'on')
    },
    { label: strings.open, click: options.onOpen },
    { type: 'separator' },
    { label: strings.quit, click: options.onQuit }
  ])
}
