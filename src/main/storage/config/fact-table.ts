import type { CountedDatabase, CountedStatement } from '../counted-database'

/** What happened once and is remembered for good. */
export class FactTable {
  readonly #get: CountedStatement<[string], unknown>
  readonly #put: CountedStatement<[string, number], unknown>

  constructor(database: CountedDatabase) {
    this.#get = database.prepare('SELECT at FROM facts WHERE name = ?')
    this.#put = database.prepare('INSERT OR IGNORE INTO facts (name, at) VALUES (?, ?)')
  }

  has(name: string): boolean {
    return this.#get.get(name) !== undefined
  }

  remember(name: string, at: number): void {
    this.#put.run(name, at)
  }
}
