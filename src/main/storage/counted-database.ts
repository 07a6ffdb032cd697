import type { Database, RunResult, Statement } from 'better-sqlite3'

/** What SQLite can store. */
export type SqlValue = string | number | bigint | Buffer | null

/** A prepared statement that counts each of its runs. */
export class CountedStatement<Parameters extends SqlValue[], Row> {
  readonly #statement: Statement<Parameters, Row>
  readonly #owner: CountedDatabase

  constructor(statement: Statement<Parameters, Row>, owner: CountedDatabase) {
    this.#statement = statement
    this.#owner = owner
  }

  run(...parameters: Parameters): RunResult {
    this.#owner.statements++
    return this.#statement.run(...parameters)
  }

  get(...parameters: Parameters): Row | undefined {
    this.#owner.statements++
    return this.#statement.get(...parameters)
  }

  all(...parameters: Parameters): Row[] {
    this.#owner.statements++
    return this.#statement.all(...parameters)
  }
}

/** A database that knows how many statements and transactions were run, so that "no SQL on the hot path" can be measured. */
export class CountedDatabase {
  statements = 0
  transactions = 0
  readonly #database: Database
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #rollback: Statement

  constructor(database: Database) {
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
  }

  prepare<Parameters extends SqlValue[], Row = unknown>(sql: string): CountedStatement<Parameters, Row> {
    return new CountedStatement(this.#database.prepare<Parameters, Row>(sql), this)
  }

  /** A query whose rows are arrays, in the order of the columns. */
  prepareRaw<Parameters extends SqlValue[]>(sql: string): CountedStatement<Parameters, unknown[]> {
    return new CountedStatement(this.#database.prepare<Parameters, unknown[]>(sql).raw(), this)
  }

  /** All of `work` or none of it. Its `BEGIN` and `COMMIT` are not counted as statements. */
  transaction<T>(work: () => T): T {
    this.#begin.run()
    try {
      const result = work()
      this.#commit.run()
      this.transactions++
      return result
    } catch (error) {
      // SQLite has already rolled back by itself after a full disk or an I/O error.
      if (this.#database.inTransaction) this.#rollback.run()
      throw error
    }
  }

  /** A pragma's first value. */
  pragma(source: string): unknown {
    return this.#database.pragma(source, { simple: true })
  }

  /** Copies the database as it is now, without its free space, into an empty file. */
  copyTo(path: string): void {
    this.statements++
    this.#database.prepare('VACUUM INTO ?').run(path)
  }

  /** The whole database as it is now, as a file would hold it. */
  bytes(): Buffer {
    this.statements++
    return this.#database.serialize()
  }

  sqliteVersion(): string {
    return String(this.#database.prepare('SELECT sqlite_version()').pluck().get())
  }

  close(): void {
    this.#database.close()
  }
}
