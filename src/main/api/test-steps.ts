import type { EventPayload } from '../../shared/contract'
import type { Stop } from '../../shared/ports'

type Told = EventPayload<'test.step'>

/** Takes the steps of channel tests from the call that runs one to the event that tells of them. */
export class TestSteps {
  readonly #listeners = new Set<(step: Told) => void>()

  tell(step: Told): void {
    for (const listener of this.#listeners) listener(step)
  }

  onStep(listener: (step: Told) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
