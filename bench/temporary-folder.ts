import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let root: string | null = null
let count = 0

/** A new folder that is gone when the bench ends, however it ends. */
export function temporaryFolder(name: string): string {
  if (root === null) {
    const folder = mkdtempSync(join(tmpdir(), 'routex-bench-'))
    // A child that was killed a moment ago may still be there.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }))
    root = folder
  }
  count += 1
  const folder = join(root, `${name}-${count}`)
  mkdirSync(folder)
  return folder
}
