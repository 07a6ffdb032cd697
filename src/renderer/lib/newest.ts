/**
 * Answers and events come in any order. This tells of an answer whether it is still the newest word on its subject: nothing
 * that was told, or asked for, after its question has been taken since. What is dropped is not missed, as an event tells all of
 * its subject, or has it asked for anew.
 */
export class Newest {
  #moment = 0
  /** The moment of what is known, by subject. */
  readonly #known = new Map<string, number>()

  /** Called before a question goes out; its answer is taken by this moment. */
  ask(): number {
    return ++this.#moment
  }

  /** An event, or a change of the page's own, says how it is now. */
  told(subject = ''): void {
    this.#known.set(subject, ++this.#moment)
  }

  /** Whether the answer to what was asked at that moment is the newest; if so, it is what is known from now on. */
  takes(asked: number, subject = ''): boolean {
    if (asked < (this.#known.get(subject) ?? 0)) return false
    this.#known.set(subject, asked)
    return true
  }
}
