/** What was opened, to be closed in the opposite order. */
export class Closing {
  readonly #steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  /**
   * Closes everything, also when some of it fails; a second call finds nothing left to close.
   * @throws AggregateError with all that failed
   */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Routex could not close everything it had opened')
  }
}
