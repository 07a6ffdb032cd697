/** The texts of each language are a file of their own: the page loads the one that it speaks. */
const loaders = {
  en: () => import('../paraglide/messages/en'),
  'zh-CN': () => import('../paraglide/messages/zh-CN')
}

export type Locale = keyof typeof loaders
/** What the user chose; `system` follows the languages of the system. */
export type Language = 'system' | Locale
type Texts = Awaited<ReturnType<(typeof loaders)['en']>>['texts']

const storageKey = 'routex.language'

function isLocale(value: string | null): value is Locale {
  return value !== null && Object.hasOwn(loaders, value)
}

/** The first language of the system that we speak, else English. */
function systemLocale(): Locale {
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

function localeOf(language: Language): Locale {
  return language === 'system' ? systemLocale() : language
}

function remembered(): Language {
  const language = localStorage.getItem(storageKey)
  return isLocale(language) ? language : 'system'
}

const loaded = new Map<Locale, Texts>()

/** So that `choose` speaks it at once. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  const texts = loaded.get(locale) ?? (await loaders[locale]()).texts
  loaded.set(locale, texts)
  return texts
}

class I18n {
  language: Language = $state(remembered())
  /** Chosen, but its texts could not be loaded: the page goes on in the language it speaks. */
  missing: Locale | null = $state(null)
  #spoken: { readonly locale: Locale; readonly texts: Texts }
  /** What the page speaks and writes its numbers in: the chosen language, once its texts are there. */
  readonly locale: Locale = $derived.by(() => this.#spoken.locale)
  readonly texts: Texts = $derived.by(() => this.#spoken.texts)

  constructor(locale: Locale, texts: Texts) {
    this.#spoken = $state.raw({ locale, texts })
  }

  /** Switches at run time; every text follows. Remembered, so that the next start speaks it from its first paint on. */
  choose(language: Language): void {
    this.language = language
    if (language === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, language)
    const locale = localeOf(language)
    const texts = loaded.get(locale)
    if (texts) this.#speak(locale, texts)
    else void this.#load(locale)
  }

  #speak(locale: Locale, texts: Texts): void {
    this.#spoken = { locale, texts }
    this.missing = null
  }

  async #load(locale: Locale): Promise<void> {
    // Another may be chosen meanwhile.
    const isWanted = (): boolean => locale === localeOf(this.language)
    try {
      const texts = await loadTexts(locale)
      if (isWanted()) this.#speak(locale, texts)
    } catch (cause) {
      reportError(cause)
      if (isWanted()) this.missing = locale
    }
  }
}

/** The language of the start; the other one rather than an empty page. */
async function firstSpeech(wanted: Locale): Promise<I18n> {
  try {
    return new I18n(wanted, await loadTexts(wanted))
  } catch (cause) {
    reportError(cause)
    const other = wanted === 'en' ? 'zh-CN' : 'en'
    const speech = new I18n(other, await loadTexts(other))
    speech.missing = wanted
    return speech
  }
}

/** One for the page, as the language is the page's. */
export const i18n = await firstSpeech(localeOf(remembered()))
