import type { Documents, Lead } from '../client'
import { textAt, withoutPath } from '../lead'

export function leadOf({ config }: Documents): Lead {
  const provider = textAt(config, ['model_provider'])
  if (provider === null) return { url: null, key: null }
  const table = ['model_providers', provider]
  return {
    url: withoutPath(textAt(config, [...table, 'base_url']), '/v1'),
    key: textAt(config, [...table, 'experimental_bearer_token'])
  }
}
