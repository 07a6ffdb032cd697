import { StorageError } from '../errors'
import type { SecretBox } from '../ports'

/**
 * What a sealed text is for (`channel:ch_…`, `client-key:key_…`, `client-files:codex`). It is sealed in with the text, so a row's secret that
 * was copied to another row is refused there, whichever box sealed it (a keychain takes no additional data).
 */
export type Purpose = `channel:${string}` | `client-key:${string}` | `client-files:${string}`

const SEPARATOR = '\n'

export const seal = (box: SecretBox, purpose: Purpose, text: string): Promise<Buffer> =>
  box.encrypt(purpose + SEPARATOR + text)

/** @throws StorageError `secret_unreadable` when it was sealed with another key or for another purpose */
export async function unseal(box: SecretBox, purpose: Purpose, sealed: Buffer): Promise<string> {
  const opened = await box.decrypt(sealed)
  const prefix = purpose + SEPARATOR
  if (!opened.startsWith(prefix))
    throw new StorageError('secret_unreadable', 'a stored secret belongs to another entry')
  return opened.slice(prefix.length)
}
