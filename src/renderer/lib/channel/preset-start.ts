import { filledIn } from '../../../shared/preset-fields'
import type { Preset, PresetEndpoint, PresetField, PresetRegion } from '../../../shared/presets'
import { endpointOf, presets } from '../../../shared/read-presets'
import { pairs, type ChannelDraft } from './channel-draft'

/** Regions that a preset has addresses in. */
export const regionsOf = (preset: Preset): readonly PresetRegion[] => [
  ...new Set(preset.endpoints.map(({ region }) => region))
]

/** Its protocols in a region, the usual one first. */
export const endpointsIn = (preset: Preset, region: PresetRegion): readonly PresetEndpoint[] =>
  preset.endpoints.filter((endpoint) => endpoint.region === region)

/** What must be said before an endpoint's address is known. */
export const fieldsOf = (preset: Preset, { baseUrl }: PresetEndpoint): readonly PresetField[] =>
  preset.fields.filter(({ name }) => baseUrl.includes(`{${name}}`))

/** What was said for the fields of a preset, by their names. */
export type FieldValues = Readonly<Record<string, string>>

/** Its address as far as it is known. */
export const addressOf = (preset: Preset, { baseUrl }: PresetEndpoint, values: FieldValues): string =>
  filledIn(baseUrl, preset.fields, values)

/** What the form begins with. `taken`: names of the channels that are there. */
export function startOf(
  preset: Preset,
  endpoint: PresetEndpoint,
  taken: readonly string[],
  values: FieldValues = {}
): Partial<ChannelDraft> {
  return {
    name: freeName(preset.name, taken),
    protocol: endpoint.protocol,
    baseUrl: addressOf(preset, endpoint, values),
    modelMap: pairs(endpoint.modelMap ?? preset.modelMap),
    quirks: endpoint.quirks
  }
}

/** A small model to try it with. A local server has the models that were loaded into it, so it is asked for them. */
export const testModelOf = ({ keyNeeded, models }: Preset, endpoint: PresetEndpoint): string | undefined =>
  keyNeeded ? (endpoint.models ?? models).at(-1) : undefined

/** A small model of the vendor that this address belongs to; undefined for an address of nobody's. */
export function modelAt(baseUrl: string): string | undefined {
  for (const { endpoints, models } of presets) {
    const endpoint = endpoints.find((each) => each.baseUrl === baseUrl || each === endpointOf({ ...each, baseUrl }))
    if (endpoint) return (endpoint.models ?? models).at(-1)
  }
  return undefined
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
