import { m } from './messages'
import type { Language } from './i18n.svelte'

/** A language in its own words, so that whoever speaks it finds it. */
export function languageName(language: Language): string {
  switch (language) {
    case 'system':
      return m.settings_language_system()
    case 'en':
      return 'English'
    case 'zh-CN':
      return '简体中文'
  }
}
