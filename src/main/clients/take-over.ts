import { isDeepStrictEqual } from 'node:util'
import type { ClientOptions } from '../../shared/clients'
import type { ClientKeyId } from '../../shared/ids'
import type { Client, DesiredKey, Documents, Machine, Surroundings, Wish } from './client'
import { ClientError } from './client-error'
import { UnreadableText, valueAt } from './formats/settings-format'
import { settingsOf, type OwnedFile } from './owned-file'
import { planFile, planUndo, refreshFile, underWay, type FilePlan, type PlanOptions } from './plan-file'
import { parseError, type ReadClient, type ReadFile } from './read-client'
import type { ClientRecord } from './record-store'
import { readSettingsFile, refuseUnwritable } from './settings-file'
import { withoutOurs } from './undo'

/** What was remembered of a client's files; nothing where it can't be read any more. */
export const ownedFiles = (record: ClientRecord | null): readonly OwnedFile[] =>
  record === null || record.files === 'lost' ? [] : record.files

const ownedAt = (record: ClientRecord | null, path: string): OwnedFile | null =>
  ownedFiles(record).find((owned) => owned.path === path) ?? null

/** A text that can't be edited is the file's fault, told with its path. */
function inFile<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof UnreadableText ? parseError(path, error) : error
  }
}

const fileOf = ({ client, file, problem }: ReadFile): NonNullable<ReadFile['file']> => {
  if (problem !== null) throw new ClientError(problem.code, problem.message, { path: problem.path })
  if (file === null) throw new ClientError('unreadable', `${client.path} can't be read`, { path: client.path })
  return file
}

const changeable = ({ files }: ReadClient): readonly ReadFile[] => files.filter(({ skipped }) => skipped !== true)

/** The files' content as it would be without what is ours. */
function originalDocuments(read: ReadClient, record: ClientRecord | null): Documents {
  return Object.fromEntries(
    read.files.map((one) => {
      const owned = ownedAt(record, one.client.path)
      if (owned === null || one.file === null) return [one.client.role, one.settings]
      const text = withoutOurs(one.file.text, owned, owned.keys)
      return [one.client.role, text === null ? null : settingsOf(owned.format, text)]
    })
  )
}

/** What we wrote into a file that has grown since must come out of it all the same. */
const MAX_RESTORED_BYTES = 64 * 1024 * 1024

async function giveBack(fs: Machine['fs'], owned: OwnedFile, overOther = false): Promise<FilePlan> {
  const file = await readSettingsFile(fs, owned.path, MAX_RESTORED_BYTES)
  const plan = inFile(owned.path, () => planUndo(file, overOther ? withPresentValues(owned, file.text) : owned))
  if (plan.text !== file.text) await refuseUnwritable(fs, file)
  return plan
}

/** What stands in the place of our keys counts as ours too. */
function withPresentValues(owned: OwnedFile, text: string | null): OwnedFile {
  const settings = settingsOf(owned.format, text)
  const keys = owned.keys.map((owning) => {
    const value = valueAt(settings, owning.key)
    return typeof value === 'string' ? { ...owning, values: [...owning.values, { value }] } : owning
  })
  return { ...owned, keys }
}

/** Files of ours where the client does not look any more, since its folder was moved. */
async function orphanPlans(
  surroundings: Surroundings,
  read: ReadClient,
  record: ClientRecord | null
): Promise<readonly FilePlan[]> {
  const places = new Set(read.location.files.map(({ path }) => path))
  const orphans = ownedFiles(record).filter(({ path }) => !places.has(path))
  return Promise.all(orphans.map((owned) => giveBack(surroundings.machine.fs, owned)))
}

/**
 * How a client gets to Routex: a plan for each of its files.
 *
 * @param how `adopts`: what somebody changed since was shown to the user as overwritten; `fromOther`: it goes through another
 * Routex now
 * @throws ClientError with what is wrong with the first file that can't be changed
 */
export async function planTakeOver(
  client: Client,
  wish: Wish,
  read: ReadClient,
  record: ClientRecord | null,
  surroundings: Surroundings,
  how: Omit<PlanOptions, 'settings'> = {}
): Promise<readonly FilePlan[]> {
  const files = changeable(read)
  for (const file of files) fileOf(file)
  const desired = client.desiredKeys(wish, originalDocuments(read, record), surroundings)
  const plans = files.flatMap((one) => {
    const { role, path } = one.client
    const owned = ownedAt(record, path)
    const keys = desired.filter((key) => key.role === role)
    if (keys.length === 0 && owned === null) return []
    return [inFile(path, () => planFile(one.client, fileOf(one), owned, keys, { settings: one.settings, ...how }))]
  })
  return [...plans, ...(await orphanPlans(surroundings, read, record))]
}

/**
 * How a client follows a gateway that moved, or a key that has another text. Only what still is ours changes.
 *
 * @throws ClientError like `planTakeOver`
 */
export function planFollow(
  client: Client,
  { before, now }: { readonly before: Wish; readonly now: Wish },
  read: ReadClient,
  record: ClientRecord,
  surroundings: Surroundings
): readonly FilePlan[] {
  const documents = originalDocuments(read, record)
  const old = client.desiredKeys(before, documents, surroundings)
  const wasOther = ({ key, role, value }: DesiredKey): boolean =>
    old.some((one) => one.role === role && isDeepStrictEqual(one.key, key) && !isDeepStrictEqual(one.value, value))
  const moved = client.desiredKeys(now, documents, surroundings).filter(wasOther)
  return changeable(read).flatMap((one) => {
    const owned = ownedAt(record, one.client.path)
    if (owned === null) return []
    const keys = moved.filter(({ role }) => role === one.client.role)
    return [inFile(one.client.path, () => refreshFile(one.client, fileOf(one), owned, keys))]
  })
}

/**
 * How a client's files go back.
 *
 * @param overOther what another Routex wrote in the place of ours goes too
 * @throws ClientError `record_lost`, and as `planTakeOver`
 */
export async function planGiveBack(
  { machine }: Pick<Surroundings, 'machine'>,
  client: Client,
  record: ClientRecord,
  overOther: boolean
): Promise<readonly FilePlan[]> {
  if (record.files === 'lost') {
    throw new ClientError(
      'record_lost',
      `What ${client.name}'s files held before can't be read any more: take the address and the key of Routex out by hand`
    )
  }
  return Promise.all(record.files.map((owned) => giveBack(machine.fs, owned, overOther)))
}

export interface TakenOver {
  readonly keyId: ClientKeyId
  readonly url: string
  readonly options: ClientOptions
  readonly now: number
}

/** What is recorded while files are being changed, and when they are. */
export function takeOverRecords(
  client: Client,
  plans: readonly FilePlan[],
  before: ClientRecord | null,
  { keyId, url, options, now }: TakenOver
): { readonly during: ClientRecord; readonly after: ClientRecord } {
  // What no plan is about stays as it is remembered.
  const untouched = ownedFiles(before).filter(({ path }) => !plans.some(({ file }) => file.path === path))
  const after: ClientRecord = {
    client: client.id,
    phase: 'connected',
    since: before?.phase === 'connected' ? before.since : now,
    keyId,
    url,
    options,
    reconnect: false,
    files: [...plans.flatMap(({ owned }) => owned ?? []), ...untouched]
  }
  const orphans = plans.flatMap(({ owned, file }) => (owned === null ? (ownedAt(before, file.path) ?? []) : []))
  const files = plans.flatMap((plan) => underWay(plan, ownedAt(before, plan.file.path)) ?? [])
  return { during: { ...after, phase: 'applying', files: [...files, ...orphans, ...untouched] }, after }
}
