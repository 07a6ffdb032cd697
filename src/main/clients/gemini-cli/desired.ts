import type { DesiredKey, Documents, Wish } from '../client'

export const AUTH_TYPE = 'gemini-api-key'

/** Its login for Google stays in its own file; only which one is chosen changes. */
export function desiredKeys({ url, key, options }: Wish, { settings }: Documents): readonly DesiredKey[] {
  const model = options.models?.['model']
  // Before 0.3 the choice stood on the first level.
  const isOld = 'selectedAuthType' in (settings ?? {})
  return [
    { role: 'env', key: ['GOOGLE_GEMINI_BASE_URL'], value: url, part: 'address' },
    { role: 'env', key: ['GEMINI_API_KEY'], value: key, secret: true, part: 'credential' },
    { role: 'settings', key: ['security', 'auth', 'selectedType'], value: AUTH_TYPE },
    ...(isOld ? [{ role: 'settings', key: ['selectedAuthType'], value: AUTH_TYPE }] : []),
    ...(model === undefined ? [] : [{ role: 'settings', key: ['model', 'name'], value: model }])
  ]
}
