import type { IconName } from '../../components/icons'
import type { AppState } from '../../lib/app.svelte'
import { channelStateName } from '../../lib/channel-state-name'
import { isTakenOver } from '../../lib/client/client-standing'
import { copyText } from '../../lib/clipboard'
import { gatewayActions } from '../../lib/gateway-actions'
import { languageName } from '../../lib/language-name'
import { pageName } from '../../lib/page-name'
import { router, type PageName } from '../../lib/router.svelte'
import { settingsSectionName, settingsSections } from '../../lib/settings-sections'
import { strategyName } from '../../lib/strategy-name'
import { themeName } from '../../lib/theme-name'
import { STRATEGIES } from '../../../shared/settings'
import type { SessionView } from '../../../shared/sessions'
import { failureText } from '../../lib/failure-text'
import { m } from '../../lib/messages'

export type CommandGroup = 'pages' | 'channels' | 'actions' | 'sessions'

/** Something that can be found by its name and done. */
export interface Command {
  readonly id: string
  readonly group: CommandGroup
  readonly label: string
  readonly icon: IconName
  readonly hint?: string
  readonly kbd?: string
  /** Found by these too: the English word in every language. */
  readonly keywords: readonly string[]
  /** Shown only once something is typed that finds it. */
  readonly quiet?: boolean
  readonly run: () => void
}

const pages: readonly { readonly page: PageName; readonly icon: IconName; readonly kbd?: string }[] = [
  { page: 'overview', icon: 'overview', kbd: '1' },
  { page: 'channels', icon: 'channels', kbd: '2' },
  { page: 'sessions', icon: 'sessions', kbd: '3' },
  { page: 'logs', icon: 'logs', kbd: '4' },
  { page: 'clients', icon: 'plug', kbd: '5' },
  { page: 'storage', icon: 'database', kbd: '6' },
  { page: 'settings', icon: 'settings', kbd: ',' },
  { page: 'first-run', icon: 'rocket' }
]

/** Says beside the palette, which is closed by then, what a change of the settings came to. */
async function change(app: AppState, patch: Parameters<AppState['settings']['update']>[0]): Promise<void> {
  const failure = await app.settings.update(patch)
  if (failure) app.toasts.show({ text: m.common_change_failed(), hint: failureText(failure), tone: 'bad' })
}

async function copyEndpoint(app: AppState, url: string): Promise<void> {
  if (await copyText(url)) app.toasts.show({ text: m.settings_endpoint_copied(), ms: 3_000 })
  else {
    app.toasts.show({
      text: m.settings_endpoint_not_copied(),
      hint: m.settings_endpoint_not_copied_hint(),
      tone: 'bad'
    })
  }
}

function pageCommands(app: AppState): readonly Command[] {
  return [
    ...pages.map(({ page, icon, kbd }): Command => ({
      id: `page:${page}`,
      group: 'pages',
      label: pageName(page),
      icon,
      keywords: [page],
      ...(kbd !== undefined && { kbd }),
      run: () => router.go(page)
    })),
    ...settingsSections(app.backend.shell).map((section): Command => ({
      id: `settings:${section}`,
      group: 'pages',
      label: m.settings_palette_section({ section: settingsSectionName(section) }),
      icon: 'settings',
      keywords: ['settings', section],
      quiet: true,
      run: () => router.go('settings', { section })
    }))
  ]
}

function channelCommands(app: AppState): readonly Command[] {
  const only = app.settings.current?.onlyChannel ?? null
  return app.channels.all.flatMap((channel): Command[] => {
    const rests = channel.enabled && (app.channels.health.get(channel.id)?.state ?? 'closed') !== 'closed'
    const open: Command = {
      id: `channel:${channel.id}`,
      group: 'channels',
      label: channel.name,
      icon: 'channels',
      hint: channelStateName(app.channels.standingOf(channel.id).state),
      keywords: ['channel', channel.slug],
      run: () => router.go('channels', { id: channel.id })
    }
    const clear: Command = {
      id: `clear:${channel.id}`,
      group: 'actions',
      label: m.settings_palette_clear_health({ name: channel.name }),
      icon: 'activity',
      keywords: ['clear', 'health'],
      run: () => void app.channels.clearHealth(channel.id)
    }
    const useOnly: Command = {
      id: `only:${channel.id}`,
      group: 'actions',
      label: m.settings_palette_use_only({ name: channel.name }),
      icon: 'pin',
      keywords: ['only'],
      quiet: true,
      run: () => void change(app, { onlyChannel: channel.id })
    }
    const isOwn = channel.managedBy !== 'built-in'
    return [open, ...(rests ? [clear] : []), ...(isOwn && channel.enabled && only !== channel.id ? [useOnly] : [])]
  })
}

function gatewayCommands(app: AppState): readonly Command[] {
  const url = app.gateway.current?.url ?? null
  const copy: Command = {
    id: 'copy-endpoint',
    group: 'actions',
    label: m.common_copy_endpoint(),
    icon: 'copy',
    keywords: ['copy', 'endpoint', 'url'],
    run: () => void (url !== null && copyEndpoint(app, url))
  }
  const all: Command = {
    id: 'use-all',
    group: 'actions',
    label: m.settings_palette_use_all(),
    icon: 'pin-off',
    keywords: ['all', 'channels'],
    run: () => void change(app, { onlyChannel: null })
  }
  return [
    ...gatewayActions(app).map(({ id, label, state, minutes }): Command => ({
      id: `gateway:${id}`,
      group: 'actions',
      label: m.common_gateway_action({ action: label }),
      icon: state === 'on' ? 'play' : state === 'paused' ? 'pause' : 'power',
      keywords: ['gateway', id],
      run: () => void app.gateway.setState(state, minutes)
    })),
    ...(url === null ? [] : [copy]),
    ...(app.settings.current?.onlyChannel ? [all] : [])
  ]
}

function settingCommands(app: AppState): readonly Command[] {
  const present = app.settings.current
  if (!present) return []
  const { language, theme } = present.appearance
  const managed = app.settings.managed
  const themes = (['system', 'light', 'dark'] as const).filter((name) => name !== theme)
  const languages = (['system', 'en', 'zh-CN'] as const).filter((name) => name !== language)
  const strategies = STRATEGIES.filter((name) => name !== present.strategy)
  return [
    ...(managed.has('appearance.theme') ? [] : themes).map((name): Command => ({
      id: `theme:${name}`,
      group: 'actions',
      label: m.settings_palette_theme({ theme: themeName(name) }),
      icon: name === 'light' ? 'sun' : name === 'dark' ? 'moon' : 'monitor',
      keywords: ['theme', name],
      run: () => void change(app, { appearance: { theme: name } })
    })),
    ...(managed.has('appearance.language') ? [] : languages).map((name): Command => ({
      id: `language:${name}`,
      group: 'actions',
      label: m.settings_palette_language({ language: languageName(name) }),
      icon: 'languages',
      keywords: ['language', name],
      run: () => void change(app, { appearance: { language: name } })
    })),
    ...(managed.has('strategy') ? [] : strategies).map((name): Command => ({
      id: `strategy:${name}`,
      group: 'actions',
      label: m.settings_palette_strategy({ strategy: strategyName(name) }),
      icon: 'route',
      keywords: ['strategy', name],
      quiet: true,
      run: () => void change(app, { strategy: name })
    }))
  ]
}

/** Both open the change first. */
function clientCommands(app: AppState): readonly Command[] {
  return app.clients.all
    .filter((client) => client.found || isTakenOver(client))
    .map((client): Command => {
      const { id, name } = client
      const isConnected = isTakenOver(client)
      return {
        id: `client:${id}`,
        group: 'actions',
        label: isConnected ? m.clients_palette_restore({ client: name }) : m.clients_palette_connect({ client: name }),
        icon: isConnected ? 'undo' : 'plug',
        keywords: ['client', isConnected ? 'restore' : 'connect', id],
        run: () => router.go('clients', { [isConnected ? 'restore' : 'connect']: id })
      }
    })
}

const placeCommands = (): readonly Command[] => [
  {
    id: 'add-channel',
    group: 'actions',
    label: m.settings_palette_add_channel(),
    icon: 'plus',
    keywords: ['add', 'new', 'channel'],
    run: () => router.go('channels', { add: '' })
  },
  {
    id: 'new-key',
    group: 'actions',
    label: m.settings_palette_new_key(),
    icon: 'key-round',
    keywords: ['client', 'key', 'new'],
    run: () => router.go('settings', { section: 'security', new: 'key' })
  }
]

const sessionCommands = (sessions: readonly SessionView[]): readonly Command[] =>
  sessions.map(({ key, sessionId, client, model }): Command => ({
    id: `session:${key}`,
    group: 'sessions',
    label: client ?? sessionId,
    hint: client === null ? model : `${model} · ${sessionId.slice(0, 12)}`,
    icon: 'sessions',
    keywords: ['session', sessionId, model],
    run: () => router.go('logs', { q: `session:${sessionId}` })
  }))

/** Everything that can be done from the palette at the moment, in the order in which it is shown. */
export function commandsOf(app: AppState, sessions: readonly SessionView[]): readonly Command[] {
  return [
    ...pageCommands(app),
    ...channelCommands(app).filter(({ group }) => group === 'channels'),
    ...gatewayCommands(app),
    ...clientCommands(app),
    ...placeCommands(),
    ...channelCommands(app).filter(({ group }) => group === 'actions'),
    ...settingCommands(app),
    ...sessionCommands(sessions)
  ]
}
