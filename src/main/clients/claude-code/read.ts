import type { Documents, Lead } from '../client'
import { textAt } from '../lead'

export function leadOf({ settings }: Documents): Lead {
  const url = textAt(settings, ['env', 'ANTHROPIC_BASE_URL'])
  return {
    url,
    written: url,
    key: textAt(settings, ['env', 'ANTHROPIC_AUTH_TOKEN']) ?? textAt(settings, ['env', 'ANTHROPIC_API_KEY'])
  }
}
