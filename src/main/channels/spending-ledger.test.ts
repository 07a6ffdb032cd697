import { expect, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { idOf } from '../../../test/support/make-channel'
import { clientKeyId } from '../../shared/ids'
import type { SpendingByPeriod, SpendingEntry } from './spending'
import { SpendingLedger } from './spending-ledger'

const HOUR = 3_600_000
const NOTHING = { channels: [], clientKeys: [] }
const nothing: SpendingByPeriod = { day: NOTHING, week: NOTHING, month: NOTHING }
const key = clientKeyId.parse('key')

/** A Wednesday at noon, in the middle of a month. */
function openLedger(known: SpendingByPeriod | null = nothing) {
  const clock = new FakeClock(new Date(2026, 6, 15, 12).getTime())
  const ledger = new SpendingLedger(clock)
  if (known !== null) ledger.restore(ledger.periods, known)
  const spend = (usd: number, given: Partial<SpendingEntry> = {}): void =>
    ledger.add([{ at: clock.now(), channelId: idOf('a'), clientKeyId: key, usd, unknown: 0, ...given }])
  const ofChannel = (): readonly number[] =>
    (['day', 'week', 'month'] as const).map((period) => ledger.spent('channel', 'a', period).usd)
  return { clock, ledger, spend, ofChannel }
}

test('what is committed counts for its channel and its key, in each period', () => {
  const { ledger, spend, ofChannel } = openLedger()
  spend(2)
  spend(3)
  expect(ofChannel()).toEqual([5, 5, 5])
  expect(ledger.spent('clientKey', key, 'day')).toEqual({ usd: 5, unknown: 0 })
  expect(ledger.spent('channel', key, 'day')).toEqual({ usd: 0, unknown: 0 })
})

test('B32 a cost that is not known counts as nothing, and is counted', () => {
  const { ledger, spend } = openLedger()
  spend(0, { unknown: 2 })
  spend(1)
  expect(ledger.spent('channel', 'a', 'day')).toEqual({ usd: 1, unknown: 2 })
})

test('each period ends by the clock alone: the day at midnight, the week on Monday, the month on the first', () => {
  const { clock, ledger, spend, ofChannel } = openLedger()
  spend(1)
  const { revision } = ledger
  clock.advance(12 * HOUR - 1)
  expect(ofChannel()).toEqual([1, 1, 1])
  clock.advance(1)
  expect(ofChannel()).toEqual([0, 1, 1])
  expect(ledger.revision).not.toBe(revision)
  clock.advance(4 * 24 * HOUR)
  expect(ofChannel()).toEqual([0, 0, 1])
  clock.advance(12 * 24 * HOUR)
  expect(ofChannel()).toEqual([0, 0, 0])
})

test('a request that arrived before midnight and ended after it counts for the day before', () => {
  const { clock, spend, ofChannel } = openLedger()
  const arrived = clock.now()
  clock.advance(13 * HOUR)
  spend(1, { at: arrived })
  expect(ofChannel()).toEqual([0, 1, 1])
})

test('what was committed before the log was read is in what was read, so it does not count twice', () => {
  const { ledger, spend, ofChannel } = openLedger(null)
  spend(2)
  expect(ofChannel()).toEqual([0, 0, 0])
  const known = { channels: [{ id: 'a', usd: 2, unknown: 1 }], clientKeys: [] }
  ledger.restore(ledger.periods, { day: known, week: known, month: known })
  spend(1)
  expect(ofChannel()).toEqual([3, 3, 3])
})

test('a period that ended while the log was read begins at nothing', () => {
  const { clock, ledger, ofChannel } = openLedger(null)
  const asked = ledger.periods
  clock.advance(12 * HOUR)
  const known = { channels: [{ id: 'a', usd: 2, unknown: 0 }], clientKeys: [] }
  ledger.restore(asked, { day: known, week: known, month: known })
  expect(ofChannel()).toEqual([0, 2, 2])
})

test('a clock that is set back forgets nothing', () => {
  const { clock, spend, ofChannel } = openLedger()
  spend(1)
  clock.set(clock.now() - 24 * HOUR)
  expect(ofChannel()).toEqual([1, 1, 1])
})

test('a clock that was ahead and is put right has the log asked once for the periods of now, in which all counts again', () => {
  const { clock, ledger, spend, ofChannel } = openLedger()
  const before = ledger.periods
  let asked = 0
  ledger.onTurnedBack(() => (asked += 1))
  clock.advance(31 * 24 * HOUR)
  spend(1)
  clock.set(clock.now() - 31 * 24 * HOUR)
  spend(1)
  expect([asked, ofChannel()]).toEqual([1, [1, 1, 1]])

  const known = { channels: [{ id: 'a', usd: 7, unknown: 0 }], clientKeys: [] }
  ledger.restore(before, { day: known, week: known, month: known })
  spend(1)
  expect(ofChannel()).toEqual([8, 8, 8])
  expect(ledger.periods).toEqual(before)
})
