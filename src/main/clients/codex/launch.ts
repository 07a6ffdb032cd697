import type { ClientConflict } from '../../../shared/clients'
import type { Launch, Wish } from '../client'

const KEY_VARIABLE = 'ROUTEX_KEY'

/** Its `-c` beats every file (seen). The key goes through the environment: arguments can be read by others. */
export function launch({ url, key, options }: Wish): Launch {
  const provider = [
    'name = "Routex"',
    `base_url = ${JSON.stringify(`${url}/v1`)}`,
    'wire_api = "responses"',
    `env_key = "${KEY_VARIABLE}"`
  ]
  const model = options.models?.['model']
  return {
    args: [
      ...['-c', 'model_provider="routex"', '-c', `model_providers.routex={ ${provider.join(', ')} }`],
      ...(model === undefined ? [] : ['-c', `model=${JSON.stringify(model)}`])
    ],
    variables: [{ name: KEY_VARIABLE, value: key, secret: true }],
    unset: []
  }
}

export const launchConflicts = (): readonly ClientConflict[] => []
