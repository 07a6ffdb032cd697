import { expect, test } from 'vitest'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails } from '../support/vendors/vendors'

test('two Anthropic channels, the first answering 529: every request is served from the second, and stats.health and the log say why', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.always(fails(anthropic, 529, 'Overloaded'))
  for (let count = 0; count < 6; count += 1) {
    const answer = await gateway.ask(anthropic, { stream: count % 2 === 0, prompt: `request ${count}` }).done
    expect(answer.status).toBe(200)
    expect(answer.header('x-routex-channel')).toBe('second')
  }
  expect(first.requests).toHaveLength(1)
  expect(second.requests).toHaveLength(6)
  expect(await gateway.health('first')).toMatchObject({
    state: 'cooling',
    cause: expect.stringContaining('Overloaded') as string,
    until: expect.any(Number) as number
  })
  const [oldest, ...later] = (await gateway.rows()).toReversed()
  expect(oldest?.attempts[0]).toMatchObject({ channelName: 'first', status: 529, verdict: 'busy' })
  expect(later).toHaveLength(5)
  for (const { excluded } of later) {
    expect(excluded).toMatchObject([{ channelName: 'first', reason: expect.stringContaining('cooling') as string }])
  }
})
