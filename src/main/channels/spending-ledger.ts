import { BUDGET_PERIODS, type BudgetPeriod } from '../../shared/budget'
import type { Clock } from '../../shared/ports'
import { periodsAt } from './budget-period'
import type { Periods, SpendingByPeriod, SpendingEntry, Spent } from './spending'

export type OwnerKind = 'channel' | 'clientKey'

type Book = Readonly<Record<BudgetPeriod, Map<string, Spent>>>

const emptyBook = (): Book => ({ day: new Map(), week: new Map(), month: new Map() })
const NOTHING: Spent = { usd: 0, unknown: 0 }

/**
 * What every channel and every client key spent in the present day, week and month, in memory, so that a request never waits
 * for the log to know it. The log's rollups fill it at the start, and what the log worker commits is added to it. A period ends
 * by the clock alone; one that began by a clock that was ahead is given up when that is put right.
 */
export class SpendingLedger {
  readonly #clock: Clock
  readonly #books: Readonly<Record<OwnerKind, Book>> = { channel: emptyBook(), clientKey: emptyBook() }
  #periods: Periods
  #revision = 0
  #restored = false
  #turnedBack: (() => void) | null = null
  #isAhead = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#periods = periodsAt(clock.now())
  }

  /** Another number whenever a sum may be another: something was added, or a period ended. */
  get revision(): number {
    this.#turn()
    return this.#revision
  }

  /** The present periods. */
  get periods(): Periods {
    this.#turn()
    return this.#periods
  }

  /**
   * `listener` is to ask the log for the periods of now: the clock was set back into an earlier one. Until `restore` the later
   * ones stay in force with what they have, so that nothing is forgotten where it was a matter of seconds at midnight.
   */
  onTurnedBack(listener: () => void): void {
    this.#turnedBack = listener
  }

  /** What the log knows of `periods`, everything included that was committed until then. */
  restore(periods: Periods, spending: SpendingByPeriod): void {
    this.#enter(periodsAt(this.#clock.now()))
    this.#isAhead = false
    this.#restored = true
    this.#revision++
    for (const period of BUDGET_PERIODS) {
      // It ended while the log was asked: nothing of it counts any more.
      if (periods[period].from !== this.#periods[period].from) continue
      const { channels, clientKeys } = spending[period]
      fill(this.#books.channel[period], channels)
      fill(this.#books.clientKey[period], clientKeys)
    }
  }

  /** Adds what was just committed. Before `restore` it is not counted, since that brings it too. */
  add(entries: readonly SpendingEntry[]): void {
    if (!this.#restored || entries.length === 0) return
    this.#turn()
    this.#revision++
    for (const entry of entries) {
      for (const period of BUDGET_PERIODS) {
        // A request of the period before, whose end came late.
        if (entry.at < this.#periods[period].from) continue
        if (entry.channelId !== null) count(this.#books.channel[period], entry.channelId, entry)
        if (entry.clientKeyId !== null) count(this.#books.clientKey[period], entry.clientKeyId, entry)
      }
    }
  }

  spent(kind: OwnerKind, id: string, period: BudgetPeriod): Spent {
    this.#turn()
    return this.#books[kind][period].get(id) ?? NOTHING
  }

  #turn(): void {
    const now = this.#clock.now()
    // The day is the shortest, and each of the others ends with one.
    if (now >= this.#periods.day.to) this.#enter(periodsAt(now))
    else if (now < this.#periods.day.from && !this.#isAhead) {
      this.#isAhead = true
      this.#turnedBack?.()
    }
  }

  #enter(periods: Periods): void {
    for (const period of BUDGET_PERIODS) {
      if (periods[period].from === this.#periods[period].from) continue
      this.#books.channel[period].clear()
      this.#books.clientKey[period].clear()
    }
    this.#periods = periods
    this.#revision++
  }
}

function count(sums: Map<string, Spent>, id: string, { usd, unknown }: Spent): void {
  const before = sums.get(id) ?? NOTHING
  sums.set(id, { usd: before.usd + usd, unknown: before.unknown + unknown })
}

function fill(sums: Map<string, Spent>, known: readonly (Spent & { readonly id: string })[]): void {
  sums.clear()
  for (const { id, usd, unknown } of known) sums.set(id, { usd, unknown })
}
