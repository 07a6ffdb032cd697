import type { Overview } from '../../../shared/stats'
import type { RequestRow } from '../../../shared/request-log'
import type { CountedDatabase, CountedStatement, SqlValue } from '../counted-database'
import { StorageError } from '../errors'
import type { TimeseriesBucket } from '../ports'
import { ceilTo, coverPeriod, floorTo, KEPT, UNITS, type UnitName } from './rollup-units'
import { Totals, TOTALS_COLUMNS, type StoredTotals } from './totals'

export interface TimeseriesQuery {
  readonly from: number
  readonly to: number
  /** `period`: one bucket over all of it. */
  readonly bucket: UnitName | 'period'
  /** How many minutes, hours or days make one bucket; 1 when left out. */
  readonly every?: number | undefined
  readonly groupBy?: 'channel' | 'model' | 'clientKey' | undefined
}

/** What the requests of one bucket have in common. '' stands for none: no channel reached, no model named, no key shown. */
interface RollupKey {
  readonly at: number
  readonly channel_id: string
  readonly model: string
  readonly client_key_id: string
}

type StoredRollup = RollupKey & StoredTotals

const GROUP_COLUMN = { channel: 'channel_id', model: 'model', clientKey: 'client_key_id' } as const
const MAX_BUCKETS = 5000
const PRUNED_AT_ONCE = 500

interface Gathered {
  readonly key: RollupKey
  readonly totals: Totals
}

/** Length of a bucket, ms. */
function stepOf({ from, to, bucket, every = 1 }: TimeseriesQuery): number {
  if (bucket === 'period') return Infinity
  const unit = UNITS[bucket]
  if ((ceilTo(to, unit) - floorTo(from, unit)) / unit > MAX_BUCKETS) {
    throw new StorageError('too_many_buckets', `the period has more than ${MAX_BUCKETS} buckets; ask for longer ones`)
  }
  return unit * every
}

/** One batch's totals by minute, channel, model and client key. */
function gather(rows: readonly RequestRow[]): Iterable<Gathered> {
  const gathered = new Map<string, Gathered>()
  for (const row of rows) {
    if (row.demo) continue
    const at = floorTo(row.at, UNITS.minute)
    const name = `${at}\n${row.channelId ?? ''}\n${row.clientKeyId ?? ''}\n${row.model ?? ''}`
    let one = gathered.get(name)
    if (!one) {
      const key = { at, channel_id: row.channelId ?? '', model: row.model ?? '', client_key_id: row.clientKeyId ?? '' }
      one = { key, totals: new Totals() }
      gathered.set(name, one)
    }
    one.totals.add(row)
  }
  return gathered.values()
}

/** Totals by minute, hour and day, kept in the rows' own transaction, so that none is ever counted from rows. */
export class Rollups {
  readonly #find: CountedStatement<SqlValue[], StoredTotals>
  readonly #put: CountedStatement<SqlValue[], unknown>
  readonly #range: CountedStatement<[number, number, number], StoredRollup>
  readonly #prune: CountedStatement<[number, number, number, number, number], unknown>

  constructor(database: CountedDatabase) {
    const columns = TOTALS_COLUMNS.join(', ')
    const places = TOTALS_COLUMNS.map(() => '?').join(', ')
    this.#find = database.prepare(
      `SELECT ${columns} FROM rollups WHERE unit = ? AND at = ? AND channel_id = ? AND model = ? AND client_key_id = ?`
    )
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO rollups (unit, at, channel_id, model, client_key_id, ${columns}) VALUES (?, ?, ?, ?, ?, ${places})`
    )
    this.#range = database.prepare('SELECT * FROM rollups WHERE unit = ? AND at >= ? AND at < ? ORDER BY at')
    this.#prune = database.prepare(
      `DELETE FROM rollups WHERE unit = ? AND at < ? AND at <=
         ifnull((SELECT at FROM rollups WHERE unit = ? ORDER BY at LIMIT 1 OFFSET ?), ?)`
    )
  }

  /** Counts a batch of rows; the Demo's are left out. Part of the caller's transaction. */
  add(rows: readonly RequestRow[]): void {
    for (const { key, totals } of gather(rows)) {
      for (const unit of Object.values(UNITS)) this.#merge(unit, key, totals)
    }
  }

  /** Totals of a period, from the fewest buckets that cover it (see `coverPeriod` for its edges). */
  overview(from: number, to: number, now: number): Overview {
    const totals = new Totals()
    for (const stretch of coverPeriod(from, to, now)) {
      for (const stored of this.#range.all(stretch.unit, stretch.from, stretch.to)) totals.addStored(stored)
    }
    return totals.toOverview()
  }

  /**
   * Totals in buckets, oldest first, then by group; a bucket without a request is left out. Its `at` is a multiple of its length since
   * 1970, or `from` of a whole period. The first and the last hold only what lies in the period, whose edges are those of
   * `overview`: so all buckets together are what it tells. The group is a channel's or key's id, or a model's name; '' for
   * requests that have none.
   *
   * @throws StorageError `too_many_buckets` for more than 5,000 minutes, hours or days
   */
  timeseries(query: TimeseriesQuery, now: number): readonly TimeseriesBucket[] {
    const step = stepOf(query)
    const column = query.groupBy === undefined ? null : GROUP_COLUMN[query.groupBy]
    const buckets = new Map<string, { at: number; group: string | null; totals: Totals }>()
    for (const stretch of coverPeriod(query.from, query.to, now, step)) {
      for (const stored of this.#range.all(stretch.unit, stretch.from, stretch.to)) {
        const at = step === Infinity ? query.from : floorTo(stored.at, step)
        const group = column === null ? null : stored[column]
        const name = `${at} ${group ?? ''}`
        const bucket = buckets.get(name) ?? { at, group, totals: new Totals() }
        buckets.set(name, bucket)
        bucket.totals.addStored(stored)
      }
    }
    return [...buckets.values()]
      .sort((one, other) => one.at - other.at || ((one.group ?? '') < (other.group ?? '') ? -1 : 1))
      .map(({ at, group, totals }) => ({ at, group, ...totals.toOverview() }))
  }

  /** Deletes some of the buckets that are older than their unit is kept; true when there may be more of them. */
  prune(now: number): boolean {
    const deleted = KEPT.map(([unit, ms]) => this.#prune.run(unit, now - ms, unit, PRUNED_AT_ONCE - 1, now).changes)
    return deleted.some((changes) => changes >= PRUNED_AT_ONCE)
  }

  #merge(unit: number, key: RollupKey, totals: Totals): void {
    const name = [unit, floorTo(key.at, unit), key.channel_id, key.model, key.client_key_id]
    const stored = this.#find.get(...name)
    const sum = new Totals()
    if (stored) sum.addStored(stored)
    sum.addTotals(totals)
    this.#put.run(...name, ...sum.toColumns())
  }
}
