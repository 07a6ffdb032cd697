import type { Settings } from '../../shared/settings'

export type Theme = Settings['appearance']['theme']

const storageKey = 'routex.theme'

function remembered(): Theme {
  const theme = localStorage.getItem(storageKey)
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

class ThemeState {
  chosen: Theme = $state(remembered())

  /** Turns the page light or dark at once. Remembered for `public/first-paint.js`, which applies it before the next start paints. */
  choose(theme: Theme): void {
    this.chosen = theme
    if (theme === 'system') {
      localStorage.removeItem(storageKey)
      delete document.documentElement.dataset['theme']
    } else {
      localStorage.setItem(storageKey, theme)
      document.documentElement.dataset['theme'] = theme
    }
  }
}

/** One for the page. */
export const theme = new ThemeState()
