/** Until what could not be read is asked for again, ms. */
const RETRY_MS = 2_000

/** What the list does for what is missing from it. */
export interface MissingFrom {
  /** Whether what is missing may be read now; it is kept until then. */
  readonly mayRead: () => boolean
  /** Reads what arrived from then on (epoch ms). false: it could not be read. */
  readonly readSince: (from: number) => Promise<boolean>
  /** Called when it is time to try once more. */
  readonly again: () => void
}

/** What ended and was not told: kept as the arrival of its oldest row, and read until nothing is missing. */
export class MissingRows {
  readonly #list: MissingFrom
  #from: number | null = null
  #filling: Promise<void> | null = null
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(list: MissingFrom) {
    this.#list = list
  }

  note(from: number): void {
    this.#from = Math.min(from, this.#from ?? Infinity)
  }

  /** The list is read anew: nothing is missing from it. */
  forget(): void {
    this.#from = null
  }

  stop(): void {
    clearTimeout(this.#retry)
  }

  /** Settles when nothing is missing, or what could not be read waits for its next try. */
  fill(): Promise<void> {
    this.#filling ??= this.#fillAll().finally(() => (this.#filling = null))
    return this.#filling
  }

  async #fillAll(): Promise<void> {
    clearTimeout(this.#retry)
    while (this.#list.mayRead() && this.#from !== null) {
      const from = this.#from
      this.#from = null
      if (await this.#list.readSince(from)) continue
      this.note(from)
      this.#retry = setTimeout(this.#list.again, RETRY_MS)
      return
    }
  }
}
