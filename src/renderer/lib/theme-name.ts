import { m } from './messages'
import type { Theme } from './theme.svelte'

/** What a theme is called. */
export function themeName(theme: Theme): string {
  switch (theme) {
    case 'system':
      return m.settings_theme_system()
    case 'light':
      return m.settings_theme_light()
    case 'dark':
      return m.settings_theme_dark()
  }
}
