import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const remembered = z.object({
  /** The user was told that closing the window leaves Routex in the tray. */
  closeNoteShown: z.boolean().catch(false),
  /** The user does not want to be asked before it quits. */
  quitWithoutAsking: z.boolean().catch(false)
})
type Remembered = z.infer<typeof remembered>

/** What the shell alone remembers, in a small file of its own beside the window's place. */
export class ShellMemory {
  readonly #file: string
  #value: Remembered

  constructor(file: string) {
    this.#file = file
    this.#value = read(file)
  }

  get value(): Readonly<Remembered> {
    return this.#value
  }

  /** Throws when the file can't be written; it is remembered for this run all the same. */
  remember(change: Partial<Remembered>): void {
    this.#value = { ...this.#value, ...change }
    writeFileSync(this.#file, JSON.stringify(this.#value))
  }
}

function read(file: string): Remembered {
  try {
    return remembered.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // A first start, or a file that was cut short: it is asked and told once more.
    return remembered.parse({})
  }
}
