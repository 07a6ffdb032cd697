import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Clock, Logger, Stop } from '../../../shared/ports'
import { StorageError } from '../errors'
import { nextSegment, RECORD_PREFIX_BYTES, SEGMENT_BYTES, type JournalPosition } from './segments'

/** The file calls the journal makes, so that a test can fill the disk. */
export interface JournalFiles {
  /** Creates a file for appending (mode 0600). */
  open(path: string): number
  /** Appends; how many bytes were taken. */
  write(file: number, bytes: Buffer, length: number): number
  truncate(file: number, length: number): void
  close(file: number): void
}

const realFiles: JournalFiles = {
  open: (path) => openSync(path, 'ax', 0o600),
  write: (file, bytes, length) => writeSync(file, bytes, 0, length),
  truncate: ftruncateSync,
  close: closeSync
}

export interface JournalOptions {
  readonly dir: string
  readonly clock: Clock
  readonly logger: Logger
  readonly files?: JournalFiles
}

/** Records that wait in memory while the disk takes none; more are dropped and counted. */
const MAX_WAITING = 10_000
const RETRY_MS = 1000
const SPACE = 0x20
const LINE_BREAK = 0x0a
/** Room that UTF-8 may need for one UTF-16 unit. */
const BYTES_PER_UNIT = 3

/**
 * The queue of finished requests, on disk (design.md, Storage). An append is one write into the page cache: it outlives
 * the process, though not a power cut. The log worker reads on behind.
 */
export class Journal {
  /** Records in the journal since it was opened. */
  appended = 0
  /** Records that were lost: the disk took none and memory was full. */
  dropped = 0
  lastError: string | null = null

  readonly #dir: string
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #files: JournalFiles
  readonly #waiting: string[] = []
  #file: number
  #segment: string
  #size = 0
  #lines = Buffer.allocUnsafe(16 * 1024)
  #stopRetry: Stop | null = null

  /** @throws StorageError `data_folder_unusable`: something else stands where the folder would, or it can't be written */
  constructor({ dir, clock, logger, files = realFiles }: JournalOptions) {
    this.#dir = dir
    this.#clock = clock
    this.#logger = logger
    this.#files = files
    try {
      this.#segment = nextSegment(dir)
      this.#file = files.open(join(dir, this.#segment))
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new StorageError('data_folder_unusable', `the request log's folder ${dir} can't be used: ${why}`, { cause })
    }
  }

  /** Where the next record will stand. */
  get position(): JournalPosition {
    return { segment: this.#segment, offset: this.#size }
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Appends records, each a text without line breaks, in one write: all of them, or none. Never throws. */
  append(texts: readonly string[]): void {
    if (this.#waiting.length === 0 && this.#tryWrite(texts)) return
    const room = MAX_WAITING - this.#waiting.length
    this.#waiting.push(...texts.slice(0, room))
    this.dropped += Math.max(0, texts.length - room)
    this.#stopRetry ??= this.#clock.every(RETRY_MS, () => this.retry())
  }

  /** Writes what waits in memory, as far as the disk takes it. */
  retry(): void {
    if (this.#waiting.length === 0) return
    let written = 0
    for (const text of this.#waiting) {
      if (!this.#tryWrite([text])) break
      written++
    }
    this.#waiting.splice(0, written)
    if (this.#waiting.length > 0) return
    this.#stopRetry?.()
    this.#stopRetry = null
    this.lastError = null
    this.#logger.info('the request log can be written again', { written, dropped: this.dropped })
  }

  /** Ends the retries and closes the segment. Appends after it are lost. */
  close(): void {
    this.#stopRetry?.()
    this.#stopRetry = null
    this.#files.close(this.#file)
  }

  #tryWrite(texts: readonly string[]): boolean {
    try {
      if (this.#size >= SEGMENT_BYTES) this.#beginSegment()
      this.#write(texts)
      this.appended += texts.length
      return true
    } catch (error) {
      this.#failed(error)
      return false
    }
  }

  #write(texts: readonly string[]): void {
    let length = 0
    for (const text of texts) length = this.#frame(text, length)
    let taken: number
    try {
      taken = this.#files.write(this.#file, this.#lines, length)
    } catch (error) {
      this.#takeBack()
      throw error
    }
    if (taken < length) {
      this.#takeBack()
      throw new Error(`the disk took ${taken} of ${length} bytes`)
    }
    this.#size += length
  }

  /** Puts a line at this place of the buffer, which is used again for each write; where the next one goes. */
  #frame(text: string, start: number): number {
    this.#makeRoom(start, RECORD_PREFIX_BYTES + text.length * BYTES_PER_UNIT + 1)
    const lines = this.#lines
    const body = start + RECORD_PREFIX_BYTES
    const end = body + lines.write(text, body, 'utf8')
    const sum = crc32(lines.subarray(body, end))
    lines.write(sum.toString(16).padStart(8, '0'), start, 'latin1')
    lines[body - 1] = SPACE
    lines[end] = LINE_BREAK
    return end + 1
  }

  #makeRoom(used: number, more: number): void {
    if (used + more <= this.#lines.length) return
    const larger = Buffer.allocUnsafe(Math.max(used + more, 2 * this.#lines.length))
    this.#lines.copy(larger, 0, 0, used)
    this.#lines = larger
  }

  /** Half a record must not stand before the next one. Cutting a file works on a full disk too. */
  #takeBack(): void {
    this.#files.truncate(this.#file, this.#size)
  }

  #beginSegment(): void {
    const segment = nextSegment(this.#dir)
    const file = this.#files.open(join(this.#dir, segment))
    this.#files.close(this.#file)
    this.#file = file
    this.#segment = segment
    this.#size = 0
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (this.lastError === null)
      this.#logger.error('the request log can not be written; records wait in memory', { error })
    this.lastError = message
  }
}
