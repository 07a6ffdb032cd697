import type { DesiredKey, Documents, Wish } from '../client'
import { valueAt } from '../formats/settings-format'
import { textAt } from '../lead'

export const PROVIDER = ['model_providers', 'routex']
export const AUTH = [...PROVIDER, 'auth']

/**
 * A provider of its own, so that the login for OpenAI's stays as it is. The key stands in the file
 * (`experimental_bearer_token`): with `env_key` Codex ends with "Missing environment variable" wherever the user's shell
 * does not set it (seen with 0.169 and 0.171).
 */
export function desiredKeys(wish: Wish, { config }: Documents): readonly DesiredKey[] {
  const ofProvider = (name: string, value: DesiredKey['value'], part?: DesiredKey['part']): DesiredKey => ({
    role: 'config',
    key: [...PROVIDER, name],
    value,
    secret: part === 'credential' && value !== undefined,
    ...(part && { part })
  })
  const model = wish.options.models?.['model']
  const hasEnvKey = textAt(config, [...PROVIDER, 'env_key']) !== null
  // Codex starts with no provider that has both a token and an `auth`.
  const hasAuth = valueAt(config ?? {}, AUTH) !== undefined
  return [
    { role: 'config', key: ['model_provider'], value: 'routex' },
    ...(model === undefined ? [] : [{ role: 'config', key: ['model'], value: model }]),
    ofProvider('name', 'Routex'),
    ofProvider('base_url', `${wish.url}/v1`, 'address'),
    ofProvider('wire_api', 'responses'),
    ofProvider('experimental_bearer_token', wish.key, 'credential'),
    ...(hasAuth ? [ofProvider('auth', undefined, 'credential')] : []),
    ...(hasEnvKey ? [ofProvider('env_key', undefined, 'credential')] : [])
  ]
}
