import { messages, type Locale, type Messages } from './messages'

const storageKey = 'routex.locale'

function isLocale(value: string | null): value is Locale {
  return value !== null && Object.hasOwn(messages, value)
}

/** What was chosen before, else the first language of the system that we speak, else English. */
function startLocale(): Locale {
  const chosen = localStorage.getItem(storageKey)
  if (isLocale(chosen)) return chosen
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

class I18n {
  locale: Locale = $state(startLocale())
  readonly m: Messages = $derived(messages[this.locale])

  /** Switches at run time; every text that was read through `m` follows. */
  set(locale: Locale): void {
    this.locale = locale
    localStorage.setItem(storageKey, locale)
  }

  toggle(): void {
    this.set(this.locale === 'en' ? 'zh-CN' : 'en')
  }
}

/** One for the page, as the language is the page's. */
export const i18n = new I18n()
