import type { GatewayStatus } from '../../../shared/gateway-status'
import type { Settings, SettingsPatch, Strategy } from '../../../shared/settings'
import { languageName } from '../../lib/language-name'
import { strategyName } from '../../lib/strategy-name'
import { themeName } from '../../lib/theme-name'
import { m } from '../../lib/messages'

/** A setting as its row shows and changes it. */
export interface SettingField<T> {
  /** As the config file has it: `port`, `startUp.atLogin`. */
  readonly name: string
  readonly label: () => string
  readonly hint?: () => string
  readonly read: (settings: Settings) => T
  readonly patch: (value: T) => SettingsPatch
  /** A value in words. */
  readonly write: (value: T) => string
  /** What the command line set for this run in its place; null: nothing. */
  readonly givenAtStart?: (status: GatewayStatus) => T | null
  /** What the gateway was turned on with; null: it is off. */
  readonly turnedOnAt?: (status: GatewayStatus) => T | null
  /** A wide control, below its label. */
  readonly wide?: boolean
}

const field = <T>(made: SettingField<T>): SettingField<T> => made

const onOff = (made: Omit<SettingField<boolean>, 'write'>): SettingField<boolean> => ({
  ...made,
  write: (on) => (on ? m.common_yes() : m.common_no())
})

const list = (values: readonly string[]): string => (values.length === 0 ? m.settings_none() : values.join(', '))

/** Every setting that has a row of its own, by its name. */
export const settingFields = {
  strategy: field<Strategy>({
    name: 'strategy',
    label: m.settings_strategy,
    hint: m.settings_strategy_hint,
    read: ({ strategy }) => strategy,
    patch: (strategy) => ({ strategy }),
    write: strategyName
  }),
  host: field<string>({
    name: 'host',
    label: m.settings_host,
    hint: m.settings_host_hint,
    read: ({ host }) => host,
    patch: (host) => ({ host }),
    write: String,
    givenAtStart: (status) => status.givenAtStart.host,
    turnedOnAt: (status) => status.turnedOnAt?.host ?? null
  }),
  port: field<number>({
    name: 'port',
    label: m.settings_port,
    hint: m.settings_port_hint,
    read: ({ port }) => port,
    patch: (port) => ({ port }),
    write: String,
    givenAtStart: (status) => status.givenAtStart.port,
    turnedOnAt: (status) => status.turnedOnAt?.port ?? null
  }),
  bodyLimitMiB: field<number>({
    name: 'bodyLimitMiB',
    label: m.settings_body_limit,
    hint: m.settings_body_limit_hint,
    read: ({ bodyLimitMiB }) => bodyLimitMiB,
    patch: (bodyLimitMiB) => ({ bodyLimitMiB }),
    write: (value) => `${value} MiB`
  }),
  clientsAtQuit: field<Settings['clients']['atQuit']>({
    name: 'clients.atQuit',
    label: m.settings_at_quit,
    read: ({ clients }) => clients.atQuit,
    patch: (atQuit) => ({ clients: { atQuit } }),
    write: (atQuit) => (atQuit === 'keep' ? m.settings_at_quit_keep() : m.settings_at_quit_restore())
  }),
  allowedHosts: field<string[]>({
    name: 'allowedHosts',
    label: m.settings_allowed_hosts,
    hint: m.settings_allowed_hosts_hint,
    read: ({ allowedHosts }) => allowedHosts,
    patch: (allowedHosts) => ({ allowedHosts }),
    write: list,
    wide: true
  }),
  allowedOrigins: field<string[]>({
    name: 'allowedOrigins',
    label: m.settings_allowed_origins,
    hint: m.settings_allowed_origins_hint,
    read: ({ allowedOrigins }) => allowedOrigins,
    patch: (allowedOrigins) => ({ allowedOrigins }),
    write: list,
    wide: true
  }),
  keyRequired: onOff({
    name: 'keyRequired',
    label: m.settings_key_required,
    hint: m.settings_key_required_hint,
    read: ({ keyRequired }) => keyRequired,
    patch: (keyRequired) => ({ keyRequired })
  }),
  language: field<Settings['appearance']['language']>({
    name: 'appearance.language',
    label: m.settings_language,
    read: ({ appearance }) => appearance.language,
    patch: (language) => ({ appearance: { language } }),
    write: languageName
  }),
  theme: field<Settings['appearance']['theme']>({
    name: 'appearance.theme',
    label: m.settings_theme,
    read: ({ appearance }) => appearance.theme,
    patch: (theme) => ({ appearance: { theme } }),
    write: themeName
  }),
  pricesUpdate: onOff({
    name: 'prices.update',
    label: m.settings_prices_update,
    hint: m.settings_prices_update_hint,
    read: ({ prices }) => prices.update,
    patch: (update) => ({ prices: { update } })
  }),
  updatesAutomatic: onOff({
    name: 'updates.automatic',
    label: m.settings_updates_automatic,
    hint: m.settings_updates_automatic_hint,
    read: ({ updates }) => updates.automatic,
    patch: (automatic) => ({ updates: { automatic } })
  })
} as const

/** Sections that are switches and nothing else. */
export const switchSections = {
  'start-up': [
    onOff({
      name: 'startUp.atLogin',
      label: m.settings_at_login,
      hint: m.settings_at_login_hint,
      read: ({ startUp }) => startUp.atLogin,
      patch: (atLogin) => ({ startUp: { atLogin } })
    }),
    onOff({
      name: 'startUp.hidden',
      label: m.settings_start_hidden,
      hint: m.settings_start_hidden_hint,
      read: ({ startUp }) => startUp.hidden,
      patch: (hidden) => ({ startUp: { hidden } })
    })
  ],
  notifications: [
    onOff({
      name: 'notifications.channelFailing',
      label: m.settings_notify_failing,
      hint: m.settings_notify_failing_hint,
      read: ({ notifications }) => notifications.channelFailing,
      patch: (channelFailing) => ({ notifications: { channelFailing } })
    }),
    onOff({
      name: 'notifications.channelBack',
      label: m.settings_notify_back,
      hint: m.settings_notify_back_hint,
      read: ({ notifications }) => notifications.channelBack,
      patch: (channelBack) => ({ notifications: { channelBack } })
    }),
    onOff({
      name: 'notifications.updateReady',
      label: m.settings_notify_update,
      hint: m.settings_notify_update_hint,
      read: ({ notifications }) => notifications.updateReady,
      patch: (updateReady) => ({ notifications: { updateReady } })
    }),
    onOff({
      name: 'notifications.budget',
      label: m.settings_notify_budget,
      hint: m.settings_notify_budget_hint,
      read: ({ notifications }) => notifications.budget,
      patch: (budget) => ({ notifications: { budget } })
    })
  ]
} as const

const named: readonly { readonly name: string; readonly label: () => string }[] = [
  ...Object.values(settingFields),
  ...Object.values(switchSections).flat(),
  // Chosen on the Channels page and in the tray; gone through on the Overview.
  { name: 'onlyChannel', label: m.settings_only_channel },
  { name: 'firstRunDone', label: m.common_first_run }
]

/** A setting as its row calls it; as the config file does where it has none. */
export function settingName(name: string): string {
  if (name.startsWith('retention.')) return m.settings_retention()
  return named.find((one) => one.name === name)?.label() ?? name
}
