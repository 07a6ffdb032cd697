import { isDeepStrictEqual } from 'node:util'
import type { ClientFile, DesiredKey } from './client'
import { UnreadableText, valueAt, withValue, type Edit, type KeyPath, type Settings } from './formats/settings-format'
import { editText, hashOf, isOurs, partOf, settingsOf, type OwnedFile, type OwnedKey } from './owned-file'
import type { SettingsFile } from './settings-file'
import { changedByUser, originalNow, undo, withoutOurs, type LeftKey } from './undo'
import { withoutOther } from './without-other'

/** One key of a plan: what it is now, what it will be. */
export interface PlannedKey {
  readonly key: KeyPath
  readonly before: unknown
  readonly after: unknown
  readonly secret: boolean
  readonly part?: OwnedKey['part']
  /** Of somebody else, and it goes with the entry that is ours. */
  readonly theirs?: boolean
}

/** What is to be done to one file. */
export interface FilePlan {
  readonly file: SettingsFile
  readonly format: ClientFile['format']
  /** null: it goes, or there never was one. */
  readonly text: string | null
  readonly keys: readonly PlannedKey[]
  /** What will be remembered of it; null: nothing of it is ours then. */
  readonly owned: OwnedFile | null
  /** Keys that are not as they were before. */
  readonly left: readonly LeftKey[]
}

/** Nothing of a file is ours yet. */
function newOwned({ path, format }: ClientFile, file: SettingsFile): OwnedFile {
  return { path, format, original: file.text, hashes: [], keys: [], createdFolders: [...file.missingFolders] }
}

const firstOriginal = (
  client: ClientFile,
  { text }: SettingsFile,
  desired: readonly DesiredKey[],
  fromOther = false
): string | null => (fromOther ? withoutOther(text, client, desired) : text)

function desiredEdits(settings: Settings, desired: readonly DesiredKey[]): readonly Edit[] {
  return desired.filter(({ key, value }) => !isDeepStrictEqual(valueAt(settings, key), value))
}

const hasKey =
  (key: KeyPath) =>
  (other: { readonly key: KeyPath }): boolean =>
    isDeepStrictEqual(other.key, key)

/** Makes sure that an edit did what it should and nothing else. */
function refuseUnexpected(before: Settings, after: Settings, keys: readonly PlannedKey[]): void {
  const without = (settings: Settings): Settings =>
    keys.reduce((rest, { key }) => withValue(rest, key, undefined), settings)
  const reached = keys.every(({ key, after: value }) => isDeepStrictEqual(valueAt(after, key), value))
  const [others, othersAfter] = [without(before), without(after)]
  const isSame =
    isDeepStrictEqual(others, othersAfter) || isDeepStrictEqual(withoutEmpty(others), withoutEmpty(othersAfter))
  if (!reached || !isSame) {
    throw new UnreadableText('it is written in a way that can not be changed safely')
  }
}

/** Tables that hold nothing are no setting. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return value
  const members = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const)
  return Object.fromEntries(members.filter(([, inner]) => !isDeepStrictEqual(inner, {})))
}

export interface PlanOptions {
  /** Of the file, where they are known already. */
  readonly settings?: Settings | null
  /** The user has seen what is overwritten: what stands in the place of ours is taken for the original from now on. */
  readonly adopts?: boolean
  /** Another Routex wrote what stands there, and nothing of it is the original. */
  readonly fromOther?: boolean
}

/**
 * How a file gets these keys. What was remembered of it (`owned`) goes on: keys that are not wanted any more go back. The
 * original of a key is what stood there when it first became ours (`adopts` apart).
 *
 * @throws UnreadableText
 */
export function planFile(
  client: ClientFile,
  file: SettingsFile,
  owned: OwnedFile | null,
  desired: readonly DesiredKey[],
  { settings, adopts = false, fromOther }: PlanOptions = {}
): FilePlan {
  const { format, entry } = client
  const known: OwnedFile = { ...(owned ?? newOwned(client, file)), ...(entry && { entry: [...entry] }) }
  const before = settings ?? settingsOf(format, file.text)
  const dropped = known.keys.filter(({ key }) => !desired.some(hasKey(key)))
  const adopted = adopts ? changedByUser(file.text, known) : []
  // What the user made of a key that we don't need any more stays there.
  const theirs = [...adopted, ...dropped.filter((owning) => !isOurs(before, owning))]
  const original =
    owned === null ? firstOriginal(client, file, desired, fromOther) : originalNow(file.text, known, theirs)
  const kept = withoutOurs(file.text, known, dropped)
  const edits = desiredEdits(kept === file.text ? before : settingsOf(format, kept), desired)
  const text =
    kept === null && desired.every(({ value }) => value === undefined) ? null : editText(format, kept ?? '', edits)
  const after = settingsOf(format, text)
  const keys = [...desired, ...dropped].map(({ key, secret = false, part }) => ({
    key,
    secret,
    part,
    before: valueAt(before, key),
    after: valueAt(after, key)
  }))
  refuseUnexpected(before, after, keys)
  return {
    file,
    format,
    text,
    keys,
    left: [],
    owned: { ...known, original, hashes: [hashOf(text)], keys: desired.map(ownedKeyOf) }
  }
}

const ownedKeyOf = ({ key, value, secret = false, part }: DesiredKey): OwnedKey => ({
  key: [...key],
  secret,
  ...(part && { part }),
  values: [value === undefined ? {} : { value }]
})

/**
 * New values for those of these keys that still are ours, and for no other: what the user changed meanwhile stays, and is
 * not taken for the original. A new key is not written beside an address that is not ours.
 *
 * @throws UnreadableText
 */
export function refreshFile(
  client: ClientFile,
  file: SettingsFile,
  owned: OwnedFile,
  desired: readonly DesiredKey[]
): FilePlan {
  const settings = settingsOf(client.format, file.text)
  const stillOurs = owned.keys.filter((owning) => isOurs(settings, owning))
  const hasDrift = stillOurs.length < owned.keys.length
  const leadsHere = owned.keys.every((owning) => partOf(owning) !== 'address' || stillOurs.includes(owning))
  const wanted = desired.filter(({ key, part }) => stillOurs.some(hasKey(key)) && (leadsHere || part !== 'credential'))
  const isWanted = ({ key }: OwnedKey): boolean => wanted.some(hasKey(key))
  const plan = planFile(client, file, { ...owned, keys: owned.keys.filter(isWanted) }, wanted)
  const others = owned.keys.filter((owning) => !isWanted(owning))
  const original = hasDrift ? owned.original : originalNow(file.text, owned, [])
  const hashes = hasDrift ? [] : [hashOf(plan.text)]
  return { ...plan, owned: { ...owned, original, hashes, keys: [...(plan.owned?.keys ?? []), ...others] } }
}

/**
 * How a file goes back to what it would be without Routex.
 *
 * @throws UnreadableText
 */
export function planUndo(file: SettingsFile, owned: OwnedFile): FilePlan {
  const { text, left, taken } = undo(file.text, owned)
  const before = settingsOf(owned.format, file.text)
  const after = settingsOf(owned.format, text)
  const changeOf = ({ key, secret, part }: Omit<OwnedKey, 'values'>): PlannedKey => ({
    key,
    secret,
    part,
    theirs: taken.some((one) => isDeepStrictEqual(one, key)),
    before: valueAt(before, key),
    after: valueAt(after, key)
  })
  const added = taken.filter((key) => !owned.keys.some(hasKey(key))).map((key) => ({ key: [...key], secret: false }))
  const keys = [...owned.keys, ...added]
    .map(changeOf)
    .filter((one) => !left.some(hasKey(one.key)) || !isDeepStrictEqual(one.before, one.after))
  return { file, format: owned.format, text, keys, owned: null, left }
}

/** While a plan is carried out, what stood there before is ours too: a crash may have left either. */
export function underWay(plan: FilePlan, before: OwnedFile | null): OwnedFile | null {
  const { owned, file } = plan
  if (owned === null) return null
  const earlier = before?.keys ?? []
  const both = owned.keys.map((owning) => ({
    ...owning,
    values: [...owning.values, ...(earlier.find(hasKey(owning.key))?.values ?? [])]
  }))
  const dropped = earlier.filter(({ key }) => !owned.keys.some(hasKey(key)))
  const earlierHash = hashOf(file.text)
  // A text that somebody changed meanwhile is not given up for the original.
  const wasOurs = owned.hashes.length > 0 && (before === null || before.hashes.includes(earlierHash))
  const hashes = wasOurs ? [...owned.hashes, earlierHash] : owned.hashes
  return { ...owned, hashes, keys: [...both, ...dropped] }
}
