import type { LogExport } from '../../shared/contract'
import type { ExportResult } from '../../shared/ipc'

const LINE_FEED = 0x0a
const QUOTE = 0x22
/** Progress is told at most this often. */
const TELL_MS = 250

/**
 * Counts rows in what passes: ends of lines outside quotes (a CSV cell may hold line breaks; JSON lines have none, and their
 * quotes are of no meaning here). The head of a CSV file is no row.
 */
class RowCounter {
  rows: number
  readonly #csv: boolean
  #quoted = false

  constructor(csv: boolean) {
    this.#csv = csv
    this.rows = csv ? -1 : 0
  }

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE && this.#csv) this.#quoted = !this.#quoted
      else if (byte === LINE_FEED && !this.#quoted) this.rows++
    }
  }
}

/**
 * Reads an export to its end and offers it as a download. The pieces are handed to a Blob, which Chromium keeps on disk when they
 * are many. An abort of `signal` leaves no file.
 */
export async function downloadExport(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  format: LogExport['format'],
  onRows: (rows: number) => void,
  signal: AbortSignal
): Promise<ExportResult> {
  const counter = new RowCounter(format === 'csv')
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let toldAt = 0
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value)
    counter.read(read.value)
    if (performance.now() - toldAt < TELL_MS) continue
    toldAt = performance.now()
    onRows(Math.max(0, counter.rows))
  }
  signal.removeEventListener('abort', cancel)
  if (signal.aborted) return { saved: false }
  const name = `routex-requests.${format}`
  offer(new Blob(pieces, { type: format === 'csv' ? 'text/csv' : 'application/jsonl' }), name)
  return { saved: true, path: name, rows: Math.max(0, counter.rows) }
}

function offer(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the data by the next turn.
  setTimeout(() => URL.revokeObjectURL(url))
}
