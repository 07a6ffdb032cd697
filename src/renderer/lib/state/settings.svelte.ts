import { SvelteMap } from 'svelte/reactivity'
import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { Settings, SettingsPatch } from '../../../shared/settings'
import { asFailure, type ApiFailure } from '../backend'
import { i18n } from '../i18n.svelte'
import type { Loaded } from '../loaded'
import { Newest } from '../newest'
import { theme } from '../theme.svelte'

/** What was typed into a field and refused, to be mended. */
export interface RefusedDraft {
  readonly text: string
  readonly failure: ApiFailure
}

/** The settings in force. Language and theme are applied to the page as they come. */
export class SettingsState {
  loaded: Loaded<Settings> = $state.raw({ kind: 'loading' })
  /** Names (`port`, `retention.days`) that the config file sets. */
  managed: ReadonlySet<string> = $state.raw(new Set())
  /** By the name of the field; kept while the app is open. */
  readonly drafts = new SvelteMap<string, RefusedDraft>()
  readonly current: Settings | null = $derived(this.loaded.kind === 'ready' ? this.loaded.value : null)

  readonly #api: RoutexApi
  readonly #newest = new Newest()
  /** As they were last told; what is shown has the changes under way on top. */
  #told: Settings | null = null
  #underWay: readonly SettingsPatch[] = []

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('settings.changed', (inForce) => {
      this.#newest.told()
      this.#take(inForce)
    })
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const inForce = await this.#api.call('settings.get', {})
      if (this.#newest.takes(asked)) this.#take(inForce)
    } catch (cause) {
      if (this.loaded.kind !== 'ready') this.loaded = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** Shows the change at once and takes it back when it fails. Resolves with why, or null. */
  async update(patch: SettingsPatch): Promise<ApiFailure | null> {
    const asked = this.#newest.ask()
    this.#underWay = [...this.#underWay, patch]
    this.#show()
    try {
      const inForce = await this.#api.call('settings.update', patch)
      if (this.#newest.takes(asked)) this.#take(inForce)
      return null
    } catch (cause) {
      return asFailure(cause)
    } finally {
      this.#underWay = this.#underWay.filter((one) => one !== patch)
      this.#show()
    }
  }

  #take({ settings, managed }: CallResult<'settings.get'>): void {
    this.managed = new Set(managed)
    this.#told = settings
    this.#show()
  }

  #show(): void {
    if (!this.#told) return
    const settings = this.#underWay.reduce(merged, this.#told)
    this.loaded = { kind: 'ready', value: settings }
    i18n.choose(settings.appearance.language)
    theme.choose(settings.appearance.theme)
  }
}

/** `settings` with what the patch gives; groups are merged one level deep, as the API does. */
function merged(settings: Settings, patch: SettingsPatch): Settings {
  const { retention, appearance, startUp, notifications, updates, prices, clients, ...plain } = patch
  return {
    ...settings,
    ...given(plain),
    retention: { ...settings.retention, ...given(retention ?? {}) },
    appearance: { ...settings.appearance, ...given(appearance ?? {}) },
    startUp: { ...settings.startUp, ...given(startUp ?? {}) },
    notifications: { ...settings.notifications, ...given(notifications ?? {}) },
    updates: { ...settings.updates, ...given(updates ?? {}) },
    prices: { ...settings.prices, ...given(prices ?? {}) },
    clients: { ...settings.clients, ...given(clients ?? {}) }
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the members that are there but undefined. */
function given<T extends object>(patch: T): Given<T> {
  const result: Given<T> = {}
  for (const key of keysOf(patch)) {
    const value = patch[key]
    if (isGiven(value)) result[key] = value
  }
  return result
}

function keysOf<T extends object>(value: T): (keyof T)[] {
  const keys: (keyof T)[] = []
  for (const key in value) keys.push(key)
  return keys
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined
}
