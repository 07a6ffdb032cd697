import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { JournaledRecord } from '../../../shared/request-log'
import { decodeRecord } from './record-codec'
import { SegmentReader } from './segment-reader'
import { listSegments, RECORD_PREFIX_BYTES, type JournalPosition } from './segments'
import { BadRecord } from './values'

export interface JournalReaderOptions {
  readonly dir: string
  /** How far each segment was committed, in bytes; one that is not named was not begun. */
  readonly offsets: ReadonlyMap<string, number>
  /** The first segment of this run of the program; those before it are being replayed. */
  readonly ownFrom: string
  /** A torn or corrupt record: it is passed over, its neighbours are read all the same. */
  readonly onBad: (bytes: Buffer, reason: string, at: JournalPosition) => void
}

function decodeLine(line: Buffer): JournaledRecord {
  const sum = Number.parseInt(line.toString('latin1', 0, RECORD_PREFIX_BYTES - 1), 16)
  const text = line.subarray(RECORD_PREFIX_BYTES)
  if (crc32(text) !== sum) throw new BadRecord('its check sum is wrong')
  return decodeRecord(text.toString('utf8'))
}

/**
 * Gathers records from the journal into a batch, which stays until it was committed:
 *
 *     fill() … fill() → commit `records` and `offsets` in one transaction → committed()
 */
export class JournalReader {
  readonly #options: JournalReaderOptions
  readonly #records: JournaledRecord[] = []
  readonly #offsets = new Map<string, number>()
  /** Read to their end, not deleted yet. */
  #finished: string[] = []
  #current: SegmentReader | null = null
  #own = 0

  constructor(options: JournalReaderOptions) {
    this.#options = options
  }

  get records(): readonly JournaledRecord[] {
    return this.#records
  }

  /** How far each segment will have been committed with this batch. */
  get offsets(): ReadonlyMap<string, number> {
    return this.#offsets
  }

  /** Records of this run in the batch, bad ones included. */
  get own(): number {
    return this.#own
  }

  /** Segments in the batch that were read to their end. */
  get finished(): readonly string[] {
    return this.#finished
  }

  /** Something was read since the last `committed()`, if only a bad record or a segment's end. */
  get hasNews(): boolean {
    return this.#offsets.size > 0
  }

  /** null before the first segment. */
  get position(): JournalPosition | null {
    return this.#current === null ? null : { segment: this.#current.name, offset: this.#current.offset }
  }

  /** Reads on until the batch holds `max` records (true) or the journal ends (false). */
  fill(max: number): boolean {
    while (this.#records.length < max) {
      const line = this.#current?.next()
      if (this.#current && line) this.#add(line, this.#current)
      else if (!this.#nextSegment()) return false
    }
    return true
  }

  /** The batch stands in the database: it is emptied, and segments that were read to their end are deleted. */
  committed(): void {
    this.#finished = this.#finished.filter((segment) => !this.#delete(segment))
    this.#records.length = 0
    this.#own = 0
    this.#offsets.clear()
  }

  close(): void {
    this.#current?.close()
    this.#current = null
  }

  #add(line: Buffer, segment: SegmentReader): void {
    this.#offsets.set(segment.name, segment.offset)
    if (segment.name >= this.#options.ownFrom) this.#own++
    try {
      this.#records.push(decodeLine(line))
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error
      this.#bad(line, error.message, segment)
    }
  }

  #bad(bytes: Buffer, reason: string, segment: SegmentReader): void {
    this.#options.onBad(bytes, reason, { segment: segment.name, offset: segment.offset - bytes.length })
  }

  /** Goes on to the next segment, if there is one. A segment that has a follower is not written any more. */
  #nextSegment(): boolean {
    const current = this.#current
    const next = listSegments(this.#options.dir).find(
      (name) => name !== current?.name && !this.#finished.includes(name)
    )
    if (next === undefined) return false
    if (current) {
      const line = current.next() // it may have come between the last look and the follower
      if (line) {
        this.#add(line, current)
        return true
      }
      this.#finish(current)
    }
    this.#current = new SegmentReader(join(this.#options.dir, next), next, this.#options.offsets.get(next) ?? 0)
    return true
  }

  #delete(segment: string): boolean {
    try {
      rmSync(join(this.#options.dir, segment), { force: true })
      return true
    } catch {
      return false // held by a virus scanner or a backup: the next batch tries again
    }
  }

  #finish(segment: SegmentReader): void {
    const torn = segment.torn()
    if (torn) this.#bad(torn, 'it was cut off', segment)
    this.#offsets.set(segment.name, segment.offset)
    this.#finished.push(segment.name)
    segment.close()
  }
}
