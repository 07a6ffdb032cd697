import { calls } from '../../shared/contract'
import type { Settings } from '../../shared/settings'
import type { Stop } from '../../shared/ports'
import type { Api } from '../api/api'

/** The settings in force, which of them the config file sets, and whoever wants to hear of a change. */
export class LiveSettings {
  #inForce: { readonly settings: Settings; readonly managed: readonly string[] }
  readonly #listeners = new Set<(settings: Settings) => void>()
  readonly #stop: Stop

  private constructor(
    api: Pick<Api, 'on'>,
    inForce: { readonly settings: Settings; readonly managed: readonly string[] }
  ) {
    this.#inForce = inForce
    this.#stop = api.on('settings.changed', (changed) => {
      this.#inForce = changed
      for (const listener of this.#listeners) listener(changed.settings)
    })
  }

  static async open(api: Pick<Api, 'call' | 'on'>): Promise<LiveSettings> {
    return new LiveSettings(api, calls['settings.get'].result.parse(await api.call('settings.get', {})))
  }

  get settings(): Settings {
    return this.#inForce.settings
  }

  get managed(): readonly string[] {
    return this.#inForce.managed
  }

  onChange(listener: (settings: Settings) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls it with the settings as they are, and after each change. */
  follow(listener: (settings: Settings) => void): Stop {
    listener(this.settings)
    return this.onChange(listener)
  }

  stop(): void {
    this.#stop()
    this.#listeners.clear()
  }
}
