import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { idOf } from '../../../../test/support/make-channel'
import { makeRecord } from '../../../../test/support/request-record'
import type { RequestRow } from '../../../shared/request-log'
import { clientKeyId } from '../../../shared/ids'
import { loadPrices } from './prices'
import { spentBy, spendingOf } from './spending'

const MINUTE = 60_000
const key = clientKeyId.parse('key_1')

const row = (said: Partial<RequestRow>): RequestRow => ({ ...makeRecord(), costUsd: 1, priceSource: 'x', ...said })

test('a commit tells what was spent by minute, channel and key, the unknown costs apart, without the Demo', () => {
  const { at } = row({})
  const entries = spentBy([
    row({ at: at + 1 }),
    row({ at: at + MINUTE - 1, costUsd: 2 }),
    row({ at: at + MINUTE, costUsd: null }),
    row({ channelId: null, clientKeyId: null, costUsd: null, usage: null, outcome: 'refused' }),
    row({ demo: true })
  ])
  expect(entries).toEqual([
    { at, channelId: 'ch_1', clientKeyId: 'key_1', usd: 3, unknown: 0 },
    { at: at + MINUTE, channelId: 'ch_1', clientKeyId: 'key_1', usd: 0, unknown: 1 }
  ])
})

test('the log knows of each period what was told of its commits', async () => {
  const prices = await loadPrices()
  const { append, drain, logs, clock } = await openLogs({ prices })
  const day = { from: clock.now(), to: clock.now() + 86_400_000 }
  append(
    makeRecord({ at: day.from - 1 }),
    makeRecord({ at: day.from }),
    makeRecord({ at: day.from + 90 * MINUTE, channelId: idOf('ch_2') }),
    makeRecord({ at: day.from + 90 * MINUTE, sentModel: 'unheard-of', model: 'unheard-of' })
  )
  drain()
  const month = { from: day.from - 86_400_000, to: day.to }
  const spending = spendingOf(logs.rollups, { day, week: month, month }, clock.now() + 100 * MINUTE)
  const cost = logs.requests.select('WHERE cost_usd IS NOT NULL LIMIT 1', [])[0]?.row.costUsd ?? NaN
  expect(cost).toBeGreaterThan(0)
  expect(spending.day.channels).toEqual([
    { id: 'ch_1', usd: cost, unknown: 1 },
    { id: 'ch_2', usd: cost, unknown: 0 }
  ])
  expect(spending.month.clientKeys).toEqual([{ id: key, usd: cost + cost + cost, unknown: 1 }])
})
