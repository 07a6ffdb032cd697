import { presets, type Preset, type PresetEndpoint, type PresetRegion } from '../../../shared/presets'
import type { ProtocolId } from '../../../shared/protocol'
import { pair, type ChannelDraft, type Pair } from './channel-draft'
import type { NewChannelOptions } from './new-channel.svelte'

/** Regions that a preset has addresses in. */
export const regionsOf = (preset: Preset): readonly PresetRegion[] => [
  ...new Set(preset.endpoints.map(({ region }) => region))
]

/** Its protocols in a region, the usual one first. */
export const endpointsIn = (preset: Preset, region: PresetRegion): readonly PresetEndpoint[] =>
  preset.endpoints.filter((endpoint) => endpoint.region === region)

/** Claude Code asks for its own names; other vendors' addresses of that protocol know theirs. */
function namesFor(preset: Preset, protocol: ProtocolId): Pair[] {
  const [best, last] = [preset.models[0], preset.models.at(-1)]
  if (protocol !== 'anthropic' || preset.id === 'anthropic' || best === undefined || last === undefined) return []
  return [pair('claude-*haiku*', last), pair('claude-*', best)]
}

/** What the form begins with. `taken`: names of the channels that are there. */
export function startOf(
  preset: Preset,
  { protocol, baseUrl }: PresetEndpoint,
  taken: readonly string[]
): Partial<ChannelDraft> {
  return { name: freeName(preset.name, taken), protocol, baseUrl, modelMap: namesFor(preset, protocol) }
}

/** How a channel of this preset is tried. A local server has the models that were loaded into it, so it is asked for them. */
export const optionsOf = (preset: Preset): NewChannelOptions => ({
  needsKey: preset.keyNeeded,
  model: preset.keyNeeded ? preset.models.at(-1) : undefined
})

/** A small model of the vendor that this address belongs to; undefined for an address of nobody's. */
export function modelAt(baseUrl: string): string | undefined {
  return presets.find(({ endpoints }) => endpoints.some((endpoint) => endpoint.baseUrl === baseUrl))?.models.at(-1)
}

/** Those that each word of the search is found in. */
export function findPresets(search: string): readonly Preset[] {
  const words = search.toLowerCase().split(/\s+/)
  return presets.filter(({ id, name, endpoints }) => {
    const text = [id, name, ...endpoints.map(({ protocol, baseUrl }) => `${protocol} ${baseUrl}`)]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken)
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name} ${count}`
    if (!used.has(free)) return free
  }
}
