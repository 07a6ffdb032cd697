import type { MenuItemConstructorOptions } from 'electron'
import { UNKNOWN_STANDING, type ChannelStanding } from '../../shared/channel-standing'
import type { ClientView } from '../../shared/clients'
import { cost, count, tokens } from '../../shared/figures'
import type { GatewayStatus } from '../../shared/gateway-status'
import type { ChannelHealthView } from '../../shared/health'
import { isDemoChannel, type ChannelId } from '../../shared/ids'
import { STRATEGIES, type Settings } from '../../shared/settings'
import type { Overview } from '../../shared/stats'
import { clientItems, type ClientActions } from './client-items'
import type { ShellStrings } from './strings'
import type { TrayState } from './tray-state'

/** Everything that the tray tells. */
export interface TrayView {
  readonly status: GatewayStatus
  readonly state: TrayState
  readonly channels: readonly ChannelHealthView[]
  readonly standings: ReadonlyMap<ChannelId, ChannelStanding>
  readonly clients: readonly ClientView[]
  readonly settings: Pick<Settings, 'strategy' | 'onlyChannel'>
  /** Names of the settings that the config file sets. */
  readonly managed: readonly string[]
  /** null until they are known. */
  readonly today: Overview | null
}

/** What the tray's items do. */
export interface TrayActions extends ClientActions {
  readonly call: (name: 'gateway.setState' | 'settings.update', params: unknown) => void
  readonly copy: (text: string) => void
  readonly open: () => void
  readonly quit: () => void
}

type Item = MenuItemConstructorOptions

/** `&` marks the next letter as the item's key in every system's menus. */
const literally = (text: string): string => text.replaceAll('&', '&&')

function clockTime(at: number, { locale }: ShellStrings): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** One line of the gateway's state, for the tip and the menu's head. */
export function trayTitle({ status, state }: TrayView, strings: ShellStrings): string {
  const { pausedUntil, url } = status
  const word = strings.state[status.state]
  const told = pausedUntil === null ? word : strings.until(word, clockTime(pausedUntil, strings))
  const address = url === null ? '' : ` · ${url.replace(/^http:\/\//, '')}`
  return `Routex: ${told}${address}${state === 'trouble' ? ` · ${strings.trouble}` : ''}`
}

function todayLine({ requests, tokens: used, costUsd }: Overview, strings: ShellStrings): string {
  const { locale } = strings
  const { input, cacheRead, cacheWrite, output } = used
  const all = input + cacheRead + cacheWrite + output
  return strings.today(count(locale, requests), tokens(locale, all), cost(locale, costUsd))
}

/** What the tray tells when it is pointed at: the gateway's state, and below it what today came to. */
export function trayTip(view: TrayView, strings: ShellStrings): string {
  const title = trayTitle(view, strings)
  return view.today === null ? title : `${title}\n${todayLine(view.today, strings)}`
}

function pauseItems({ status }: TrayView, { call }: TrayActions, strings: ShellStrings): Item {
  if (status.state === 'paused')
    return { label: strings.resume, click: () => call('gateway.setState', { state: 'on' }) }
  const forMinutes = (minutes: 15 | 60): Item => ({
    label: strings.pauseFor[minutes],
    click: () => call('gateway.setState', { state: 'paused', minutes })
  })
  const openEnd = (): void => call('gateway.setState', { state: 'paused' })
  return {
    label: strings.pause,
    enabled: status.state === 'on',
    submenu: [forMinutes(15), forMinutes(60), { label: strings.pauseOpenEnd, click: openEnd }]
  }
}

function strategyItems({ settings, managed }: TrayView, { call }: TrayActions, strings: ShellStrings): Item {
  return {
    label: strings.strategy,
    submenu: STRATEGIES.map((strategy) => ({
      label: strings.strategies[strategy],
      type: 'radio',
      checked: settings.strategy === strategy,
      enabled: !managed.includes('strategy'),
      click: () => call('settings.update', { strategy })
    }))
  }
}

/** A budget may begin anew only next month. */
function dayAndTime(at: number, { locale }: ShellStrings): string {
  const parts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(locale, parts).format(at)
}

function channelLabel({ id, name, until }: ChannelHealthView, { standings }: TrayView, strings: ShellStrings): string {
  const { state, budget } = standings.get(id) ?? UNKNOWN_STANDING
  const rest = state === 'disabled' || until === undefined ? null : clockTime(until, strings)
  const end = budget === null ? rest : dayAndTime(budget.until, strings)
  const word = strings.health[state]
  return literally(`${name} · ${end === null ? word : strings.until(word, end)}`)
}

/** One radio group, with no separator in it: Electron checks the first of a group that has none checked. */
function channelItems(view: TrayView, { call }: TrayActions, strings: ShellStrings): Item {
  const { channels, settings } = view
  if (channels.length === 0)
    return { label: strings.channels, submenu: [{ label: strings.noChannels, enabled: false }] }
  // One for each protocol, and none of them the user's: there is nothing to choose.
  if (channels.every(({ id }) => isDemoChannel(id)))
    return { label: strings.channels, submenu: [{ label: strings.demoOnly, enabled: false }] }
  const all: Item = {
    label: strings.useAll,
    type: 'radio',
    checked: settings.onlyChannel === null,
    click: () => call('settings.update', { onlyChannel: null })
  }
  const each = channels.map((channel): Item => ({
    label: channelLabel(channel, view, strings),
    type: 'radio',
    checked: settings.onlyChannel === channel.id,
    enabled: channel.enabled,
    click: () => call('settings.update', { onlyChannel: channel.id })
  }))
  return { label: strings.channels, submenu: [all, { label: strings.onlyThisOne, enabled: false }, ...each] }
}

/** The tray's menu: the app's remote control. */
export function trayMenu(view: TrayView, actions: TrayActions, strings: ShellStrings): Item[] {
  const { status, today } = view
  const { url } = status
  const isOff = status.state === 'off'
  return [
    { label: literally(trayTitle(view, strings)), enabled: false },
    ...(today === null ? [] : [{ label: todayLine(today, strings), enabled: false }]),
    { label: strings.copyEndpoint, enabled: url !== null, click: () => url !== null && actions.copy(url) },
    { type: 'separator' },
    {
      label: strings.turnedOn,
      type: 'checkbox',
      checked: !isOff,
      click: () => actions.call('gateway.setState', { state: isOff ? 'on' : 'off' })
    },
    pauseItems(view, actions, strings),
    { type: 'separator' },
    strategyItems(view, actions, strings),
    channelItems(view, actions, strings),
    clientItems(view.clients, actions, strings),
    { type: 'separator' },
    { label: strings.open, click: actions.open },
    { label: strings.quit, click: actions.quit }
  ]
}
