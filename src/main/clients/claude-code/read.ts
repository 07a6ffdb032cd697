import type { Documents, Lead } from '../client'
import { textAt } from '../lead'

export function leadOf({ settings }: Documents): Lead {
  return {
    url: textAt(settings, ['env', 'ANTHROPIC_BASE_URL']),
    key: textAt(settings, ['env', 'ANTHROPIC_AUTH_TOKEN']) ?? textAt(settings, ['env', 'ANTHROPIC_API_KEY'])
  }
}
