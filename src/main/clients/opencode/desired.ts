import type { ProtocolId } from '../../../shared/protocol'
import type { DesiredKey, Documents, Wish } from '../client'
import { valueAt } from '../formats/settings-format'
import { textAt } from '../lead'

/** The AI SDK's provider packages, each with the part of the path that it expects in the base URL. */
export const PACKAGES: Readonly<Record<ProtocolId, { readonly npm: string; readonly path: string }>> = {
  anthropic: { npm: '@ai-sdk/anthropic', path: '/v1' },
  'openai-chat': { npm: '@ai-sdk/openai-compatible', path: '/v1' },
  'openai-responses': { npm: '@ai-sdk/openai', path: '/v1' },
  gemini: { npm: '@ai-sdk/google', path: '/v1beta' }
}

const PROVIDER = ['provider', 'routex']

/** The models that are asked for: the chosen ones, else the usual. */
export function chosenModels({ options, models }: Wish): { readonly model: string; readonly small: string } {
  const model = options.models?.['model'] ?? models[0] ?? 'demo'
  return { model, small: options.models?.['small'] ?? model }
}

const ofConfig = (key: readonly string[], value: DesiredKey['value'], part?: DesiredKey['part']): DesiredKey => ({
  role: 'config',
  key,
  value,
  secret: part === 'credential',
  ...(part && { part })
})

/** One that was chosen by hand stays chosen. */
function ownModel({ config }: Documents): readonly string[] {
  const model = textAt(config, ['model'])
  return model?.startsWith('routex/') === true ? [model.slice('routex/'.length)] : []
}

export function desiredKeys(given: Wish, documents: Documents): readonly DesiredKey[] {
  const { config } = documents
  const wish = { ...given, models: [...ownModel(documents), ...given.models] }
  const { npm, path } = PACKAGES[wish.protocol]
  const { model, small } = chosenModels(wish)
  const offered = [...new Set([model, small, ...wish.models])]
  return [
    // OpenCode writes this line itself where it is missing (seen), and the file would no longer be ours alone.
    ...(config === null ? [ofConfig(['$schema'], 'https://opencode.ai/config.json')] : []),
    ofConfig(['model'], `routex/${model}`),
    ofConfig(['small_model'], `routex/${small}`),
    ofConfig([...PROVIDER, 'npm'], npm),
    ofConfig([...PROVIDER, 'name'], 'Routex'),
    ofConfig([...PROVIDER, 'options', 'baseURL'], `${wish.url}${path}`, 'address'),
    ofConfig([...PROVIDER, 'options', 'apiKey'], wish.key, 'credential'),
    ...offered
      // What the user says of a model of that name stays.
      .filter((name) => valueAt(config ?? {}, [...PROVIDER, 'models', name]) === undefined)
      .map((name) => ofConfig([...PROVIDER, 'models', name], {}))
  ]
}
