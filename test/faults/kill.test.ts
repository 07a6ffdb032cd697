import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { startHeadless } from '../support/start-headless'
import { openaiChat, says } from '../support/vendors/vendors'

test('kill -9 under load loses no request that a client saw finished, and a restart counts each once', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'fine' }))
  const config = withChannels([channelOf(openaiChat, upstream)])
  const first = await startHeadless({ config })
  const finished = new Set<string>()
  let killed = false
  const client = async (number: number): Promise<void> => {
    for (let count = 0; !killed; count += 1) {
      const answer = await first.gateway.ask(openaiChat, { stream: count % 2 === 0, prompt: `${number} ${count}` }).done
      const id = answer.header('x-routex-request-id')
      if (answer.complete && id !== undefined) finished.add(id)
    }
  }
  const clients = Array.from({ length: 8 }, (_, number) => client(number))
  await expect.poll(() => finished.size, { timeout: 15_000, interval: 5 }).toBeGreaterThan(700)
  first.signal('SIGKILL')
  killed = true
  await first.exited
  await Promise.all(clients)

  const second = await startHeadless({ config, dataDir: first.dataDir })
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: { rows: { id: string }[]; nextCursor: string | null } = await second.gateway.call('logs.query', {
      limit: 500,
      ...(cursor !== null && { cursor })
    })
    ids.push(...page.rows.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(new Set(ids).size).toBe(ids.length)
  const lost = [...finished].filter((id) => !ids.includes(id))
  expect(lost).toEqual([])
  const totals = await second.gateway.call('stats.overview', {
    from: Date.now() - 86_400_000,
    to: Date.now() + 86_400_000
  })
  expect(totals.requests).toBe(ids.length)
})
