import { nativeTheme } from 'electron'
import type { Stop } from '../../shared/ports'
import type { LiveSettings } from './live-settings'

/** Light, dark or as the system has it, for window, menus and page alike: the page's `prefers-color-scheme` follows it. */
export function followTheme(settings: LiveSettings): Stop {
  return settings.follow(({ appearance }) => {
    if (nativeTheme.themeSource !== appearance.theme) nativeTheme.themeSource = appearance.theme
  })
}

/** What a window shows before its page has painted. */
export function surfaceColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#111316' : '#fcfcfd'
}
