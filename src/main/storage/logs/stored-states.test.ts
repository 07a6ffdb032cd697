import { expect, test } from 'vitest'
import { openLogs } from '../../../../test/support/log-database'
import { makeRecord } from '../../../../test/support/request-record'
import type { ChannelId } from '../../../shared/ids'

const made = (channel: string, ...stateIds: string[]) => ({
  ...makeRecord({ channelId: channel as ChannelId }),
  stateIds
})

test('B14 what a channel made is known after a restart, the newest last, and stands in no row', async () => {
  const first = await openLogs()
  first.append(made('ch_1', 'resp_1', 'msg_1'), makeRecord(), made('ch_2', 'resp_2'))
  first.drain()
  first.append(made('ch_2', 'resp_3'), made('ch_1', 'resp_1')) // not committed: the process ends here

  const second = await openLogs({ dir: first.dir })
  second.drain()

  expect(second.logs.states.all()).toEqual([
    ['msg_1', 'ch_1'],
    ['resp_2', 'ch_2'],
    ['resp_3', 'ch_2'],
    ['resp_1', 'ch_1']
  ])
  const rows = second.logs.requests.select('ORDER BY seq', []).map(({ row }) => row)
  expect(rows).toHaveLength(5)
  expect(JSON.stringify(rows)).not.toContain('resp_')
})

test('what is told of a commit holds no ids of state', async () => {
  const { append, logs } = await openLogs()
  append(made('ch_1', 'resp_1'))
  logs.gather()
  expect(JSON.stringify(logs.commit(null).rows)).not.toContain('resp_1')
})

test('the newest 10,000 are kept', async () => {
  const { append, drain, logs } = await openLogs()
  for (let batch = 0; batch < 70; batch++) {
    append(made('ch_1', ...Array.from({ length: 150 }, (_, index) => `resp_${batch * 150 + index}`)))
  }
  drain()
  const all = logs.states.all()
  expect([all.length, all[0]?.[0], all.at(-1)?.[0]]).toEqual([10_000, 'resp_500', 'resp_10499'])
})

test('what the Demo made is not kept', async () => {
  const { append, drain, logs } = await openLogs()
  append({ ...made('demo:openai-responses', 'resp_demo_1'), demo: true })
  drain()
  expect(logs.states.all()).toEqual([])
})
