import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Register } from './fake-upstream'

/** A fresh folder that goes with the test. */
export async function makeTempDir(register: Register = onTestFinished): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'routex-test-'))
  register(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}
