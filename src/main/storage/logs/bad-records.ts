import { appendFileSync, statSync } from 'node:fs'

/** It is there for a look, not as an archive. Bytes. */
const MAX_BYTES = 10 * 1024 * 1024

export interface BadRecordEntry {
  /** When it was set aside, ms since 1970. */
  readonly at: number
  readonly reason: string
  /** Where it stood in the journal. */
  readonly segment: string | null
  readonly offset: number | null
  readonly record: string
}

/** Keeps what could not be written, one JSON line each, up to 10 MiB; what is beyond is only counted and logged. */
export function setAside(path: string, entry: BadRecordEntry): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < MAX_BYTES) appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
}
