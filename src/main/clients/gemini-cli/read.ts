import type { Documents, Lead } from '../client'
import { textAt } from '../lead'

export function leadOf({ env }: Documents): Lead {
  return { url: textAt(env, ['GOOGLE_GEMINI_BASE_URL']), key: textAt(env, ['GEMINI_API_KEY']) }
}
