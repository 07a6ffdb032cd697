import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { formats } from './formats'
import { isTable, valueAt, type Edit, type KeyPath, type Settings } from './formats/settings-format'

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
  keys: z.array(z.object({ key: z.array(z.string()), secret: z.boolean(), values: z.array(ownedValue) })),
  /** Made for it, the outermost first. */
  createdFolders: z.array(z.string())
})
export type OwnedFile = Readonly<z.infer<typeof ownedFile>>
export type OwnedKey = OwnedFile['keys'][number]

export const hashOf = (text: string | null): string =>
  text === null ? 'absent' : createHash('sha256').update(text).digest('hex')

const MARK = '\uFEFF'
const bodyOf = (text: string): string => (text.startsWith(MARK) ? text.slice(1) : text)

/** @throws UnreadableText */
export const settingsOf = (format: OwnedFile['format'], text: string | null): Settings =>
  text === null ? {} : formats[format].parse(bodyOf(text))

/** The byte order mark stays in front. @throws UnreadableText */
export function editText(format: OwnedFile['format'], text: string, edits: readonly Edit[]): string {
  const body = bodyOf(text)
  return text.slice(0, text.length - body.length) + formats[format].edit(body, edits)
}

export const isOurs = (settings: Settings, { key, values }: OwnedKey): boolean =>
  values.some(({ value }) => isDeepStrictEqual(valueAt(settings, key), value))

/** The edits that bring one key back to `before`, together with the tables that were made for it and are empty then. */
function revertEdits(settings: Settings, before: Settings, key: KeyPath): readonly Edit[] {
  const value = valueAt(before, key)
  return [{ key, value }, ...(value === undefined ? emptiedTables(settings, before, key) : [])]
}

function emptiedTables(settings: Settings, before: Settings, key: KeyPath): readonly Edit[] {
  const table = key.slice(0, -1)
  const inside = valueAt(settings, table)
  const holdsOthers = !isTable(inside) || Object.keys(inside).some((name) => name !== key.at(-1))
  if (table.length === 0 || holdsOthers || valueAt(before, table) !== undefined) return []
  return [{ key: table, value: undefined }, ...emptiedTables(settings, before, table)]
}

export interface Undone {
  /** null: the file goes. */
  readonly text: string | null
  /** Keys that are not ours any more and stay as they are. */
  readonly left: readonly KeyPath[]
}

/** Nothing but brackets: what is left of a file that was made for our keys alone. */
const isBare = (text: string): boolean => /^[\s{}]*$/.test(bodyOf(text))

/**
 * The file without what is ours (B40): as it was, byte for byte, where nobody else changed it since; else key by key, and
 * a key with another value than ours is left. Of `keys`, those that are named, or all.
 *
 * @throws UnreadableText
 */
export function undo(text: string | null, owned: OwnedFile, keys: readonly OwnedKey[] = owned.keys): Undone {
  if (keys === owned.keys && owned.hashes.includes(hashOf(text))) return { text: owned.original, left: [] }
  const { format, original } = owned
  const before = settingsOf(format, original)
  let edited = text ?? ''
  const left: KeyPath[] = []
  for (const owning of keys) {
    const settings = settingsOf(format, edited)
    if (isOurs(settings, owning)) edited = editText(format, edited, revertEdits(settings, before, owning.key))
    else if (!isDeepStrictEqual(valueAt(settings, owning.key), valueAt(before, owning.key))) left.push(owning.key)
  }
  const goes = text === null || (original === null && isBare(edited))
  return { text: goes ? null : edited, left }
}
