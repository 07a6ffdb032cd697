import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The journal is a folder of segments, read in the order of their numbers. A line of a segment is a record:
 *
 *     <CRC-32 of the JSON, 8 hex digits> <JSON> \n
 *
 * JSON has no raw line break, so a reader finds the next record after any damage. The random part of a name keeps two
 * segments apart that got the same number because the folder was emptied by hand.
 */
export const RECORD_PREFIX_BYTES = 9

/** A new segment is begun when one is this large, so that what was committed can be deleted. Bytes. */
export const SEGMENT_BYTES = 8 * 1024 * 1024

/** Records that are committed in one transaction; the worker is woken at so many. */
export const BATCH_ROWS = 500

const NAME = /^(\d{10})-[0-9a-f]{8}\.jsonl$/

export const journalDir = (dataDir: string): string => join(dataDir, 'journal')

/** Names of the segments that are there, oldest first. */
export function listSegments(dir: string): readonly string[] {
  return readdirSync(dir)
    .filter((name) => NAME.test(name))
    .sort()
}

/** A name after all that are there. The folder is made when it is missing. */
export function nextSegment(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const last = listSegments(dir).at(-1)
  const number = Number(NAME.exec(last ?? '')?.[1] ?? 0) + 1
  return `${String(number).padStart(10, '0')}-${randomBytes(4).toString('hex')}.jsonl`
}

/** A place in the journal: everything before it was read, or written. */
export interface JournalPosition {
  readonly segment: string
  /** Bytes. */
  readonly offset: number
}

export const samePosition = (one: JournalPosition, other: JournalPosition): boolean =>
  one.segment === other.segment && one.offset === other.offset
