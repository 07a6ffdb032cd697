import type { CountedDatabase, CountedStatement } from '../counted-database'

/** Routing rules, as they will be stored; this version has none. */
export class RuleTable {
  readonly #enabled: CountedStatement<[], unknown>

  constructor(database: CountedDatabase) {
    this.#enabled = database.prepare('SELECT * FROM rules WHERE enabled = 1 ORDER BY position, id')
  }

  enabled(): readonly unknown[] {
    return this.#enabled.all()
  }
}
