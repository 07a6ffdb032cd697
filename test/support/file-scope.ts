import { afterAll } from 'vitest'
import type { Register } from './fake-upstream'

/** Clean-ups of what the tests of one file share; call it at the file's top. Last registered, first run. */
export function fileScope(): Register {
  const cleanUps: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })
  return (cleanUp) => void cleanUps.push(cleanUp)
}
