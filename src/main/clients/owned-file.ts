import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { formats } from './formats'
import { isTable, UnreadableText, valueAt, type Edit, type Settings } from './formats/settings-format'

/** A value that Routex wrote; left out: the key was taken away. */
const ownedValue = z.object({ value: z.union([z.string(), z.boolean(), z.record(z.string(), z.never())]).optional() })

/** What is remembered of a file that Routex changed: enough to bring it back. */
export const ownedFile = z.object({
  path: z.string(),
  format: z.enum(['json', 'toml', 'dotenv']),
  /** The whole text as it would be without Routex; null: there would be no such file. */
  original: z.string().nullable(),
  /** SHA-256 of the texts in whose place the original can be put as it is: the one written, and while it is being written the one before. */
  hashes: z.array(z.string()),
  /** Each key with what is ours there: one value, or while it is being written the one before too. */
  keys: z.array(
    z.object({
      key: z.array(z.string()),
      secret: z.boolean(),
      part: z.enum(['address', 'credential']).optional(),
      values: z.array(ownedValue)
    })
  ),
  /** A group that is Routex's whole; it goes where there was none before. */
  entry: z.array(z.string()).optional(),
  /** Made for it, the outermost first. */
  createdFolders: z.array(z.string())
})
export type OwnedFile = Readonly<z.infer<typeof ownedFile>>
export type OwnedKey = OwnedFile['keys'][number]

/** Which half of where a client is sent and what it is sent with; undefined: neither. Records of old say it by the name alone. */
export function partOf({ key, part, secret }: Omit<OwnedKey, 'values'>): OwnedKey['part'] {
  if (part !== undefined || secret) return part ?? 'credential'
  return /base_?url$/i.test(key.at(-1) ?? '') ? 'address' : undefined
}

export const hashOf = (text: string | null): string =>
  text === null ? 'absent' : createHash('sha256').update(text).digest('hex')

const MARK = '\uFEFF'
/** Without the byte order mark. */
export const textBody = (text: string): string => (text.startsWith(MARK) ? text.slice(1) : text)

/** Far more than any client's settings have; what compares and shows them goes down level by level. */
const MAX_DEPTH = 200

function refuseDeep(settings: Settings): void {
  let level: readonly unknown[] = [settings]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new UnreadableText(`it is nested more than ${MAX_DEPTH} levels deep`)
    level = level.flatMap((value): readonly unknown[] =>
      Array.isArray(value) ? value : isTable(value) ? Object.values(value) : []
    )
  }
}

/** @throws UnreadableText */
export function settingsOf(format: OwnedFile['format'], text: string | null): Settings {
  if (text === null) return {}
  const settings = formats[format].parse(textBody(text))
  refuseDeep(settings)
  return settings
}

/** The byte order mark stays in front. @throws UnreadableText */
export function editText(format: OwnedFile['format'], text: string, edits: readonly Edit[]): string {
  const body = textBody(text)
  return text.slice(0, text.length - body.length) + formats[format].edit(body, edits)
}

export const isOurs = (settings: Settings, { key, values }: OwnedKey): boolean =>
  values.some(({ value }) => isDeepStrictEqual(valueAt(settings, key), value))
