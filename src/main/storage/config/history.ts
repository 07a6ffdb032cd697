import type { CountedDatabase, CountedStatement, SqlValue } from '../counted-database'

/** Entries that are kept. */
const KEPT = 10_000

export interface HistoryEntry {
  /** `user`: through the management API. `routex`: by itself, as at the first start. */
  readonly actor: 'user' | 'routex'
  readonly action:
    | `${'channel' | 'client_key'}.${'create' | 'update' | 'delete'}`
    | 'client_key.rotate'
    | 'settings.update'
    | 'config.restore'
  readonly subject: { readonly id: string; readonly name: string } | null
  /** What was said. `apiKey` and the values of `headers` are taken out here. */
  readonly change: Readonly<Record<string, unknown>>
}

/** Of a credential only whether it was set or removed, of headers only their names. */
function withoutSecrets(change: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { apiKey, headers, ...rest } = change
  return {
    ...rest,
    ...(apiKey !== undefined && { apiKey: apiKey === null ? 'removed' : 'set' }),
    ...(typeof headers === 'object' && headers !== null && { headers: Object.keys(headers) })
  }
}

/** Who changed what in the configuration, without secrets. */
export class History {
  readonly #insert: CountedStatement<SqlValue[], unknown>
  readonly #prune: CountedStatement<[number], unknown>

  constructor(database: CountedDatabase) {
    this.#insert = database.prepare(
      'INSERT INTO history (at, actor, action, subject_id, subject_name, change) VALUES (?, ?, ?, ?, ?, ?)'
    )
    this.#prune = database.prepare('DELETE FROM history WHERE seq <= (SELECT max(seq) FROM history) - ?')
  }

  /** Part of the transaction that makes the change. */
  add(at: number, { actor, action, subject, change }: HistoryEntry): void {
    const text = JSON.stringify(withoutSecrets(change))
    this.#insert.run(at, actor, action, subject?.id ?? null, subject?.name ?? null, text)
    this.#prune.run(KEPT)
  }
}
