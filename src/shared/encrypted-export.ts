import { z } from 'zod'

/** What the first line of an encrypted export calls itself. */
export const ENCRYPTED_FORMAT = 'routex-encrypted-config'

const header = z.looseObject({ format: z.literal(ENCRYPTED_FORMAT) })

/** Whether a file calls itself an encrypted export; whether it is a whole one shows when it is opened. */
export function isEncryptedExport(text: string): boolean {
  const [line = ''] = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .split(/\r|\n/, 1)
  try {
    return header.safeParse(JSON.parse(line)).success
  } catch {
    // No JSON in its first line: some other file.
    return false
  }
}
