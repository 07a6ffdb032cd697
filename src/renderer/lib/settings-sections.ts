import { m } from './messages'
import type { Backend } from './backend'

const all = [
  'gateway',
  'security',
  'retention',
  'prices',
  'appearance',
  'start-up',
  'updates',
  'notifications',
  'backup',
  'about'
] as const
export type SettingsSectionName = (typeof all)[number]

const ofTheDesktop: readonly SettingsSectionName[] = ['start-up', 'updates', 'notifications']

/** The sections that have something to set: what the desktop app alone does is not shown in a browser. */
export function settingsSections(shell: Backend['shell']): readonly SettingsSectionName[] {
  return shell === 'desktop' ? all : all.filter((name) => !ofTheDesktop.includes(name))
}

/** What a section is called. */
export function settingsSectionName(section: SettingsSectionName): string {
  switch (section) {
    case 'gateway':
      return m.settings_gateway()
    case 'security':
      return m.settings_security()
    case 'retention':
      return m.settings_retention()
    case 'prices':
      return m.settings_prices()
    case 'appearance':
      return m.settings_appearance()
    case 'start-up':
      return m.settings_start_up()
    case 'updates':
      return m.settings_updates()
    case 'notifications':
      return m.settings_notifications()
    case 'backup':
      return m.settings_backup()
    case 'about':
      return m.settings_about()
  }
}
