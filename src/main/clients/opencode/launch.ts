import type { ClientConflict } from '../../../shared/clients'
import type { Launch, Wish } from '../client'
import { chosenModels, PACKAGES } from './desired'

const KEY_VARIABLE = 'ROUTEX_KEY'

/** What this variable holds beats every file but a managed one (seen with 1.18). */
export function launch(wish: Wish): Launch {
  const { npm, path } = PACKAGES[wish.protocol]
  const { model, small } = chosenModels(wish)
  const names = [...new Set([model, small, ...wish.models])]
  const content = {
    model: `routex/${model}`,
    small_model: `routex/${small}`,
    provider: {
      routex: {
        npm,
        name: 'Routex',
        options: { baseURL: `${wish.url}${path}`, apiKey: `{env:${KEY_VARIABLE}}` },
        models: Object.fromEntries(names.map((name) => [name, {}]))
      }
    }
  }
  return {
    args: [],
    variables: [
      { name: 'OPENCODE_CONFIG_CONTENT', value: JSON.stringify(content), secret: false },
      { name: KEY_VARIABLE, value: wish.key, secret: true }
    ],
    unset: []
  }
}

export const launchConflicts = (): readonly ClientConflict[] => []
