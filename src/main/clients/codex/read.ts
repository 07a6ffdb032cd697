import type { Documents, Lead } from '../client'
import { textAt, withoutPath } from '../lead'

export function leadOf({ config }: Documents): Lead {
  const provider = textAt(config, ['model_provider'])
  if (provider === null) return { url: null, written: null, key: null }
  const table = ['model_providers', provider]
  const written = textAt(config, [...table, 'base_url'])
  return {
    url: withoutPath(written, '/v1'),
    written,
    key: textAt(config, [...table, 'experimental_bearer_token'])
  }
}
