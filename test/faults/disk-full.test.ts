import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { startHeadless } from '../support/start-headless'
import { openaiChat, says } from '../support/vendors/vendors'

/** No file of the process may grow over this, KiB: writes fail with EFBIG as they would with ENOSPC. */
const LIMIT_KIB = 512

test('a full disk keeps serving: rows wait in memory, and the writer says what is wrong', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'fine' }))
  const { gateway, exited, signal } = await startHeadless({
    config: withChannels([channelOf(openaiChat, upstream)]),
    shell: `trap '' XFSZ; ulimit -f ${LIMIT_KIB}`
  })
  const ask = async (count: number): Promise<number> =>
    (await gateway.ask(openaiChat, { prompt: `request ${count}`, model: `model-${'x'.repeat(150)}` }).done).status
  let served = 0
  const failed: number[] = []
  const isFull = async (): Promise<boolean> => (await gateway.call('stats.writer', {})).lastError !== null
  while (!(await isFull()) && served < 6000) {
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(served + index)))
    served += statuses.length
    failed.push(...statuses.filter((status) => status !== 200))
  }
  expect(failed).toEqual([])
  const writer = await gateway.call('stats.writer', {})
  expect(writer.lastError).toMatch(/full|large|EFBIG|ENOSPC|I\/O|limit/i)
  expect(await ask(-1)).toBe(200)
  expect((await gateway.send({ target: '/health' }).done).status).toBe(200)
  signal('SIGTERM')
  expect((await exited).code).toBe(0)
})
