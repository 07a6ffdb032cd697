import type { ChannelId } from '../../../shared/ids'
import type { CountedDatabase, CountedStatement } from '../counted-database'
import type { StoredState } from '../ports'
import { isChannelId, isText, Values } from './values'

/** Kept at most; a session names what it made last. */
const MOST_STATES = 10_000

/** Which channel made the states that later requests may name (B14), for the next start: the newest 10,000. */
export class StoredStates {
  readonly #database: CountedDatabase
  readonly #put: CountedStatement<[string, string], unknown>
  readonly #forgetOld: CountedStatement<[number], unknown>

  constructor(database: CountedDatabase) {
    this.#database = database
    // Replacing gives an id that is there a new place, behind all others.
    this.#put = database.prepare('INSERT OR REPLACE INTO stored_states (id, channel_id) VALUES (?, ?)')
    this.#forgetOld = database.prepare(
      'DELETE FROM stored_states WHERE seq <= (SELECT max(seq) FROM stored_states) - ?'
    )
  }

  /** Part of the caller's transaction. */
  add(states: readonly StoredState[]): void {
    if (states.length === 0) return
    for (const [id, channelId] of states) this.#put.run(id, channelId)
    this.#forgetOld.run(MOST_STATES)
  }

  /** The newest last. */
  all(): readonly StoredState[] {
    const rows = this.#database.prepareRaw<[]>('SELECT id, channel_id FROM stored_states ORDER BY seq').all()
    return rows.map((row): readonly [string, ChannelId] => {
      const values = new Values(row)
      return [values.text(isText), values.text(isChannelId)]
    })
  }
}
