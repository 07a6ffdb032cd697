import { open, rename, rm } from 'node:fs/promises'
import type { Clock } from '../../shared/ports'

/** How often progress is told at most, ms. */
const TELL_EVERY_MS = 250

export interface ExportFileOptions {
  readonly path: string
  /** Text in pieces that end with a row. */
  readonly chunks: AsyncIterable<string>
  readonly format: 'jsonl' | 'csv'
  readonly onRows: (rows: number) => void
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** Rows that end in `text`: a cell of a CSV may hold line ends of its own, inside its quotes. */
function rowsIn(text: string, format: ExportFileOptions['format']): number {
  const outside = format === 'csv' ? text.split('"').filter((_, index) => index % 2 === 0) : [text]
  return outside.reduce((rows, part) => rows + part.split('\n').length - 1, 0)
}

/**
 * Writes an export as fast as the disk takes it, beside its place until it is whole. Resolves with its rows, or null when
 * `signal` ended it. One that was ended or failed leaves nothing, and what stood there before stays as it was.
 */
export async function writeExport(options: ExportFileOptions): Promise<number | null> {
  const { path, chunks, format, onRows, signal, clock } = options
  const unfinished = `${path}.part`
  // The head of a CSV is no row.
  let rows = format === 'csv' ? -1 : 0
  let toldAt = -Infinity
  try {
    const file = await open(unfinished, 'w', 0o600)
    try {
      for await (const chunk of chunks) {
        if (signal.aborted) break
        await file.writeFile(chunk)
        rows += rowsIn(chunk, format)
        if (clock.monotonic() - toldAt < TELL_EVERY_MS) continue
        toldAt = clock.monotonic()
        onRows(Math.max(0, rows))
      }
      if (!signal.aborted) await file.sync()
    } finally {
      await file.close()
    }
    if (!signal.aborted) {
      await rename(unfinished, path)
      return Math.max(0, rows)
    }
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await rm(unfinished, { force: true })
  return null
}
