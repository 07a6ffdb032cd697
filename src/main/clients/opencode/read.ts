import type { Documents, Lead } from '../client'
import { textAt, withoutPath } from '../lead'

/** Where the chosen model's provider leads. */
export function leadOf({ config }: Documents): Lead {
  const provider = textAt(config, ['model'])?.split('/', 1)[0]
  if (provider === undefined) return { url: null, key: null }
  const options = ['provider', provider, 'options']
  return {
    url: withoutPath(withoutPath(textAt(config, [...options, 'baseURL']), '/v1beta'), '/v1'),
    key: textAt(config, [...options, 'apiKey'])
  }
}
