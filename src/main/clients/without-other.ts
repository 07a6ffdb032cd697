import { isDeepStrictEqual } from 'node:util'
import type { ClientFile, DesiredKey } from './client'
import { valueAt } from './formats/settings-format'
import { isRoutexKey } from './other-routex'
import { settingsOf } from './owned-file'
import { isBelow, namesEntry, reverted } from './undo'

/**
 * The text without what another Routex wrote there, for the original of a client that is taken from it: the address, its
 * key, what both write alike, and the entry that is named after Routex. Given back, it would lead where nobody may listen.
 *
 * @throws UnreadableText
 */
export function withoutOther(
  text: string | null,
  { format, entry = [] }: ClientFile,
  desired: readonly DesiredKey[]
): string | null {
  if (text === null) return null
  const settings = settingsOf(format, text)
  const whole = entry.length > 0 ? entry : null
  const isOthers = ({ key, value, part }: DesiredKey): boolean => {
    const now = valueAt(settings, key)
    if (part === 'address' || isDeepStrictEqual(now, value) || namesEntry(now, whole)) return true
    return part === 'credential' && typeof now === 'string' && (now === '' || isRoutexKey(now))
  }
  const outside = desired.filter(({ key }) => whole === null || !isBelow(whole, key))
  const reverts = outside.filter(isOthers).map(({ key }) => ({ key, value: undefined }))
  return reverted(text, { format, original: '' }, reverts, whole)
}
