import type { ClientConflict } from '../../../shared/clients'
import type { Launch, Wish } from '../client'

const KEY_VARIABLE = 'ROUTEX_KEY'

/**
 * Its `-c` beats every file (seen). The key goes through the environment: arguments can be read by others. The values
 * stand without quotes, which it takes for texts, so that no shell can take the quotes away.
 */
export function launch({ url, key, options }: Wish): Launch {
  const provider = {
    name: 'Routex',
    base_url: `${url}/v1`,
    wire_api: 'responses',
    env_key: KEY_VARIABLE
  }
  const settings = [
    'model_provider=routex',
    ...Object.entries(provider).map(([name, value]) => `model_providers.routex.${name}=${value}`)
  ]
  const model = options.models?.['model']
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...(model === undefined ? [] : ['-m', model])],
    variables: [{ name: KEY_VARIABLE, value: key, secret: true }],
    unset: []
  }
}

export const launchConflicts = (): readonly ClientConflict[] => []
