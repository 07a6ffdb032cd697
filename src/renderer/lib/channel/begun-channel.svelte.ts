import { untrack } from 'svelte'
import type { RoutexApi } from '../../../shared/contract'
import type { Preset, PresetEndpoint, PresetRegion } from '../../../shared/presets'
import { i18n } from '../i18n.svelte'
import { NewChannel } from './new-channel.svelte'
import { addressOf, endpointsIn, regionsOf, startOf, testModelOf } from './preset-start'

/** A channel that is being added: whose it is, and what was typed for it. */
export class BegunChannel {
  /** null: custom. */
  readonly preset: Preset | null
  readonly added: NewChannel
  /** What was typed for the preset's fields, by their names. */
  readonly values: Record<string, string> = $state({})
  endpoint: PresetEndpoint | null = $state.raw(null)

  /** `taken`: names of the channels that are there. */
  constructor(api: RoutexApi, preset: Preset | null, taken: readonly string[]) {
    this.preset = preset
    const endpoint = preset && (endpointsIn(preset, regionAtHome(preset))[0] ?? null)
    this.endpoint = endpoint
    const start = preset && endpoint ? startOf(preset, endpoint, taken) : {}
    this.added = new NewChannel(api, start, { needsKey: preset?.keyNeeded ?? false })
    if (preset && endpoint) this.added.testModel = testModelOf(preset, endpoint)
  }

  choose(next: PresetEndpoint | undefined): void {
    if (!this.preset || !next) return
    this.endpoint = next
    const { protocol, baseUrl, modelMap, quirks } = startOf(this.preset, next, [], this.values)
    this.added.testModel = testModelOf(this.preset, next)
    Object.assign(this.added.draft, { protocol, baseUrl, modelMap, quirks })
  }

  fillIn(name: string, text: string): void {
    this.values[name] = text
    if (this.preset && this.endpoint) {
      this.added.draft.baseUrl = addressOf(this.preset, this.endpoint, this.values)
    }
  }
}

function regionAtHome(preset: Preset): PresetRegion {
  const regions = regionsOf(preset)
  const wanted: PresetRegion = i18n.locale === 'zh-CN' ? 'china' : 'global'
  return regions.find((region) => region === wanted) ?? regions[0] ?? 'global'
}

/**
 * The one channel that is being added, on the Channels page or in the first steps. It outlives both, in memory alone: only
 * saving it, starting over or closing the app ends it.
 */
export class AddingChannel {
  /** null: a vendor is to be picked. */
  present: BegunChannel | null = $state.raw(null)

  readonly #api: RoutexApi
  #begun: BegunChannel | null = $state.raw(null)

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Something was typed that is not saved. */
  get unsaved(): boolean {
    return this.#begun?.added.touched ?? false
  }

  /** Goes on with what was typed for this preset, or begins. `taken`: names of the channels that are there. */
  pick(preset: Preset | null, taken: readonly string[]): void {
    untrack(() => {
      if (this.#begun?.preset?.id !== preset?.id || this.#begun === null) {
        // Under a root of its own, or what it derives would end with the form that is shown first.
        $effect.root(() => void (this.#begun = new BegunChannel(this.#api, preset, taken)))
      }
      this.present = this.#begun
    })
  }

  /** To the vendors again; what was typed is still there for who picks the same one. */
  back(): void {
    this.present = null
  }

  /** Forgets what was typed: it was saved, or the user wants none of it. */
  startOver(): void {
    this.present = null
    this.#begun = null
  }
}
