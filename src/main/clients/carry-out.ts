import type { Logger } from '../../shared/ports'
import type { FilePlan } from './plan-file'
import type { ClientRecord, RecordStore } from './record-store'
import { deleteFile, makeFolders, removeEmptyFolders, replaceFile, type FileWrites } from './replace-file'
import { readSettingsFile } from './settings-file'

export interface Change {
  /** What is recorded before the first file is touched. */
  readonly during: ClientRecord
  /** What is recorded when all of them are. */
  readonly after: ClientRecord
  /** What was recorded before; null: nothing. */
  readonly before: ClientRecord | null
  readonly plans: readonly FilePlan[]
}

export interface ChangeParts extends FileWrites {
  readonly records: RecordStore
  readonly logger: Logger
}

const isChange = ({ file, text }: FilePlan): boolean => file.text !== text

async function carryOutOne(parts: FileWrites, { file, text }: FilePlan): Promise<void> {
  if (text === null) {
    await deleteFile(parts, file)
    return
  }
  await makeFolders(parts, file.missingFolders)
  await replaceFile(parts, file, text)
}

/** Puts back what stood there, where it still is what we wrote. */
async function takeBack(parts: FileWrites, { file, text }: FilePlan): Promise<void> {
  const now = await readSettingsFile(parts.fs, file.path)
  if (now.text === text && text !== file.text) {
    if (file.text === null) await deleteFile(parts, now)
    else await replaceFile(parts, now, file.text)
  }
  if (file.text === null) await removeEmptyFolders(parts, file.missingFolders)
}

async function takeAllBack(parts: ChangeParts, { before, during, plans }: Change): Promise<void> {
  try {
    for (const plan of plans) await takeBack(parts, plan)
    if (before === null) await parts.records.delete(during.client)
    else await parts.records.write(before)
  } catch (error) {
    // What is recorded says so: the user is offered to complete it or to undo it.
    parts.logger.error('a change of client settings that failed could not be taken back', {
      client: during.client,
      error
    })
  }
}

/**
 * Changes all files of a client, or none: a failure is taken back, a crash is seen at the next start by what is recorded.
 *
 * @throws ClientError
 */
export async function carryOut(parts: ChangeParts, change: Change): Promise<void> {
  const tried: FilePlan[] = []
  try {
    await parts.records.write(change.during)
    for (const plan of change.plans.filter(isChange)) {
      tried.push(plan)
      await carryOutOne(parts, plan)
    }
    await parts.records.write(change.after)
  } catch (error) {
    await takeAllBack(parts, { ...change, plans: tried.toReversed() })
    throw error
  }
}
