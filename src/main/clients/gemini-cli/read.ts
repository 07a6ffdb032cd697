import type { Documents, Lead } from '../client'
import { textAt } from '../lead'

export function leadOf({ env }: Documents): Lead {
  const url = textAt(env, ['GOOGLE_GEMINI_BASE_URL'])
  return { url, written: url, key: textAt(env, ['GEMINI_API_KEY']) }
}
