import { syncBuiltinESMExports } from 'node:module'
import { onTestFinished } from 'vitest'

/**
 * Has a spy on one of Node's own modules (`vi.spyOn(fs, 'chmodSync')`) seen by whoever imported the function by name. All is
 * as it was when the test ends: the files that run after it in the same process see nothing of it.
 */
export function builtinSpy<T extends { mockRestore: () => void }>(spy: T): T {
  syncBuiltinESMExports()
  onTestFinished(() => {
    spy.mockRestore()
    syncBuiltinESMExports()
  })
  return spy
}
