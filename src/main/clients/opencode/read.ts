import type { Documents, Lead } from '../client'
import { textAt, withoutPath } from '../lead'

/** Where the chosen model's provider leads. */
export function leadOf({ config }: Documents): Lead {
  const provider = textAt(config, ['model'])?.split('/', 1)[0]
  if (provider === undefined) return { url: null, written: null, key: null }
  const options = ['provider', provider, 'options']
  const written = textAt(config, [...options, 'baseURL'])
  return {
    url: withoutPath(withoutPath(written, '/v1beta'), '/v1'),
    written,
    key: textAt(config, [...options, 'apiKey'])
  }
}
