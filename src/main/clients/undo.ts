import { isDeepStrictEqual } from 'node:util'
import { isTable, valueAt, type Edit, type KeyPath, type Settings } from './formats/settings-format'
import { editText, hashOf, isOurs, partOf, settingsOf, textBody, type OwnedFile, type OwnedKey } from './owned-file'

/** Why a key is not as it was. Left out: somebody changed it since, and it stays so. */
type LeftReason =
  /** A credential: ours was taken out, and the earlier one belongs to another address than the one that stands there now. */
  | 'address_changed'
  /** It is as Routex wrote it: with the earlier value, a credential would go to an address that it was not set for. */
  | 'credential_changed'

export interface LeftKey {
  readonly key: KeyPath
  readonly why?: LeftReason
}

export interface Undone {
  /** null: the file goes. */
  readonly text: string | null
  /** Keys that are not as they were before. */
  readonly left: readonly LeftKey[]
  /** Somebody else's keys in the entry that is ours whole, which go with it. */
  readonly taken: readonly KeyPath[]
}

/** The edits that bring one key back to `value`, together with the tables that were made for it and are empty then. */
function revertEdits(settings: Settings, before: Settings, key: KeyPath, value: unknown): readonly Edit[] {
  return [{ key, value }, ...(value === undefined ? emptiedTables(settings, before, key) : [])]
}

function emptiedTables(settings: Settings, before: Settings, key: KeyPath): readonly Edit[] {
  const table = key.slice(0, -1)
  const inside = valueAt(settings, table)
  const holdsOthers = !isTable(inside) || Object.keys(inside).some((name) => name !== key.at(-1))
  if (table.length === 0 || holdsOthers || valueAt(before, table) !== undefined) return []
  return [{ key: table, value: undefined }, ...emptiedTables(settings, before, table)]
}

/** Nothing but brackets: what is left of a file that was made for our keys alone. */
const isBare = (text: string): boolean => /^[\s{}]*$/.test(textBody(text))

export const isBelow = (table: KeyPath, key: KeyPath): boolean => table.every((name, depth) => key[depth] === name)

/** The entry that goes with us, since there was none before. */
function goingEntry({ entry }: OwnedFile, before: Settings): KeyPath | null {
  return entry === undefined || valueAt(before, entry) !== undefined ? null : entry
}

/** The entry that was there before, and is not there any more. */
function lostEntry({ entry }: OwnedFile, settings: Settings, before: Settings): KeyPath | null {
  const isLost = entry !== undefined && valueAt(before, entry) !== undefined && valueAt(settings, entry) === undefined
  return isLost ? entry : null
}

const isSame = (settings: Settings, before: Settings, key: KeyPath): boolean =>
  isDeepStrictEqual(valueAt(settings, key), valueAt(before, key))

/** Every single value below a table, with its path. */
function leavesOf(value: unknown, path: KeyPath): readonly KeyPath[] {
  const names = isTable(value) ? Object.keys(value) : []
  if (!isTable(value) || names.length === 0) return value === undefined ? [] : [path]
  return names.flatMap((name) => leavesOf(value[name], [...path, name]))
}

/** What stands in the entry and is not as Routex wrote it. */
function addedIn(settings: Settings, entry: KeyPath | null, { keys }: OwnedFile): readonly KeyPath[] {
  if (entry === null) return []
  const ours = keys.filter((owning) => isOurs(settings, owning))
  return leavesOf(valueAt(settings, entry), entry).filter(
    (leaf) => !ours.some(({ key }) => isDeepStrictEqual(key, leaf))
  )
}

/** A value that names the entry (`routex`, `routex/gpt-5`) says nothing without it, and a client refuses to start with it. */
export function namesEntry(value: unknown, entry: KeyPath | null): boolean {
  const name = entry?.at(-1)
  return name !== undefined && typeof value === 'string' && (value === name || value.startsWith(`${name}/`))
}

interface Revert {
  readonly key: KeyPath
  readonly value: unknown
}

/** The text with these keys at these values, and without the entry. */
export function reverted(
  text: string | null,
  { format, original }: Pick<OwnedFile, 'format' | 'original'>,
  reverts: readonly Revert[],
  entry: KeyPath | null
): string | null {
  const before = settingsOf(format, original)
  const all = [...reverts, ...(entry === null ? [] : [{ key: entry, value: undefined }])]
  const edited = all.reduce((done, { key, value }) => {
    const settings = settingsOf(format, done)
    return isDeepStrictEqual(valueAt(settings, key), value)
      ? done
      : editText(format, done, revertEdits(settings, before, key, value))
  }, text ?? '')
  const goes = text === null ? edited === '' : original === null && isBare(edited)
  return goes ? null : edited
}

/**
 * Nothing of ours is left but what says nothing by itself, and nobody else's value stands in its place: it was taken out,
 * as another Routex does that the client was connected to meanwhile. The user's own then comes back.
 */
function isTakenOut(settings: Settings, before: Settings, keys: readonly OwnedKey[]): boolean {
  const isGone = ({ key }: OwnedKey): boolean => valueAt(settings, key) === undefined
  const lead = keys.filter(({ values, ...owning }) => partOf(owning) !== undefined && values.some(({ value }) => value))
  const telling = lead.length > 0 ? lead : keys
  const isNobodyElses = (owning: OwnedKey): boolean =>
    isGone(owning) || isOurs(settings, owning) || isSame(settings, before, owning.key)
  return telling.every(isGone) && keys.every(isNobodyElses)
}

/** How it stands with the two halves: which of them somebody changed. */
function changedHalves(settings: Settings, before: Settings, keys: readonly OwnedKey[]) {
  const changed = keys.filter((owning) => !isOurs(settings, owning) && !isSame(settings, before, owning.key))
  const isText = ({ key }: OwnedKey): boolean => {
    const value = valueAt(settings, key)
    return typeof value === 'string' && value !== ''
  }
  return {
    address: changed.some((owning) => partOf(owning) === 'address'),
    credential: changed.some((owning) => partOf(owning) === 'credential' && isText(owning))
  }
}

type Verdict = { readonly revert?: Revert; readonly left?: LeftKey }

/** A credential goes back only beside the address that it was with (and an address only beside its credential). */
function verdictOn(owning: OwnedKey, before: Settings, changed: ReturnType<typeof changedHalves>): Verdict {
  const { key } = owning
  const part = partOf(owning)
  const value = valueAt(before, key)
  if (part === 'address' && changed.credential) return { left: { key, why: 'credential_changed' } }
  const isApart = part === 'credential' && (changed.address || changed.credential)
  if (!isApart || value === undefined || value === '') return { revert: { key, value } }
  const why = changed.address ? 'address_changed' : 'credential_changed'
  return { revert: { key, value: undefined }, left: { key, why } }
}

/**
 * The file without what is ours (B40): as it was, byte for byte, where nobody else changed it since; else key by key, and
 * a key with another value than ours is left. Address and credential go back together or not at all, so that no secret
 * comes beside an address that it was not with. The entry that is ours whole goes, with what somebody added there.
 *
 * @throws UnreadableText
 */
export function undo(text: string | null, owned: OwnedFile): Undone {
  const { format, original, hashes } = owned
  const before = settingsOf(format, original)
  const settings = settingsOf(format, text)
  const entry = goingEntry(owned, before)
  const taken = addedIn(settings, entry, owned)
  if (hashes.includes(hashOf(text))) return { text: original, left: [], taken }
  if (text === null) return { text, left: leftOf(owned, settings, before), taken }
  const keys = owned.keys.filter(({ key }) => entry === null || !isBelow(entry, key))
  if (isTakenOut(settings, before, owned.keys)) {
    const lost = lostEntry(owned, settings, before)
    const others = keys.filter(({ key }) => lost === null || !isBelow(lost, key))
    const reverts = [...others.map(({ key }) => key), ...(lost === null ? [] : [lost])].map((key) => ({
      key,
      value: valueAt(before, key)
    }))
    return { text: reverted(text, owned, reverts, entry), left: [], taken }
  }
  const changed = changedHalves(settings, before, keys)
  const verdicts = keys.map((owning): Verdict => {
    const { key } = owning
    if (isOurs(settings, owning) || namesEntry(valueAt(settings, key), entry)) return verdictOn(owning, before, changed)
    return isSame(settings, before, key) ? {} : { left: { key } }
  })
  const reverts = verdicts.flatMap(({ revert }) => revert ?? [])
  return { text: reverted(text, owned, reverts, entry), left: verdicts.flatMap(({ left }) => left ?? []), taken }
}

const leftOf = ({ keys }: OwnedFile, settings: Settings, before: Settings): readonly LeftKey[] =>
  keys
    .filter((owning) => !isOurs(settings, owning) && !isSame(settings, before, owning.key))
    .map(({ key }) => ({ key }))

/** The text with those of these keys back that still are ours; nothing else is touched. @throws UnreadableText */
export function withoutOurs(text: string | null, owned: OwnedFile, keys: readonly OwnedKey[]): string | null {
  if (text === null) return null
  const before = settingsOf(owned.format, owned.original)
  const settings = settingsOf(owned.format, text)
  const ours = keys.filter((owning) => isOurs(settings, owning))
  return reverted(
    text,
    owned,
    ours.map(({ key }) => ({ key, value: valueAt(before, key) })),
    null
  )
}

/**
 * The text as it would be without Routex: the original of a key is what stood there when it first became ours, whatever
 * somebody made of ours since. Of `kept` keys it is what stands there now.
 *
 * @throws UnreadableText
 */
export function originalNow(text: string | null, owned: OwnedFile, kept: readonly OwnedKey[]): string | null {
  if (owned.hashes.includes(hashOf(text))) return owned.original
  const before = settingsOf(owned.format, owned.original)
  const entry = goingEntry(owned, before)
  const back = owned.keys.filter((owning) => !kept.includes(owning) && (entry === null || !isBelow(entry, owning.key)))
  return reverted(
    text,
    owned,
    back.map(({ key }) => ({ key, value: valueAt(before, key) })),
    entry
  )
}

/**
 * Of what somebody changed since, what is the user's own by now, when it is overwritten knowingly. Address and credential
 * are taken as one, and only when both are somebody else's.
 *
 * @throws UnreadableText
 */
export function changedByUser(text: string | null, owned: OwnedFile): readonly OwnedKey[] {
  const before = settingsOf(owned.format, owned.original)
  const settings = settingsOf(owned.format, text)
  const entry = goingEntry(owned, before)
  const keys = owned.keys.filter(({ key }) => entry === null || !isBelow(entry, key))
  const halves = keys.filter((owning) => partOf(owning) !== undefined)
  const saysNothing = ({ key }: OwnedKey): boolean =>
    [undefined, ''].some((nothing) => valueAt(settings, key) === nothing)
  const areTheirs = halves.every((owning) => !isOurs(settings, owning) || saysNothing(owning))
  const others = keys.filter((owning) => partOf(owning) === undefined && !isOurs(settings, owning))
  return [...others, ...(areTheirs ? halves : [])]
}
