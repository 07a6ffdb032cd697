import { locales, overwriteGetLocale } from '../paraglide/runtime'

export type Locale = (typeof locales)[number]
/** What the user chose; `system` follows the languages of the system. */
export type Language = 'system' | Locale

const storageKey = 'routex.language'

function isLocale(value: string | null): value is Locale {
  return locales.some((locale) => locale === value)
}

/** The first language of the system that we speak, else English. */
function systemLocale(): Locale {
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

function remembered(): Language {
  const language = localStorage.getItem(storageKey)
  return isLocale(language) ? language : 'system'
}

class I18n {
  language: Language = $state(remembered())
  readonly locale: Locale = $derived(this.language === 'system' ? systemLocale() : this.language)

  /** Switches at run time; every text follows. Remembered, so that the next start speaks it from its first paint on. */
  choose(language: Language): void {
    this.language = language
    if (language === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, language)
  }
}

/** One for the page, as the language is the page's. */
export const i18n = new I18n()

// Paraglide asks for the locale at each text, so each text on the page is tied to this state.
overwriteGetLocale(() => i18n.locale)
