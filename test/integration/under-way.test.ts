import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { hang, stream } from '../support/scripts'
import { readEvents } from '../support/sse'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, says } from '../support/vendors/vendors'

test('a request under way is told with its channel, its tries and whether it is being answered', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const events = gateway.send({
    target: '/api/events',
    headers: { authorization: `Bearer ${gateway.management.token}` }
  })
  await events.head()
  const told = () => readEvents(events.text).filter(({ name }) => name === 'inFlight.changed')
  const answer = Promise.withResolvers<undefined>()
  const [beginning, ...rest] = anthropic.events({ text: 'Hi' })
  first.next(fails(anthropic, 500, 'broken'))
  second.next(stream([answer.promise, beginning ?? '', ...rest.slice(0, 2), hang]))
  const asked = gateway.ask(anthropic, { stream: true, headers: { 'user-agent': 'claude-cli/2.1.330 (external)' } })
  await second.request(1)
  const waiting = { channelName: 'second', attempts: 2, stream: true, client: 'claude-cli/2.1.330', answering: false }
  const { id: channelId } = await gateway.health('second')
  expect(await gateway.call('gateway.inFlight', {})).toMatchObject({
    total: 1,
    byChannel: [{ channelId, requests: 1 }],
    requests: [{ ...waiting, protocol: 'anthropic', model: anthropic.model }]
  })
  answer.resolve(undefined)
  await asked.head()
  expect(await gateway.call('gateway.inFlight', {})).toMatchObject({ requests: [{ ...waiting, answering: true }] })
  await events.when(() => told().some(({ data }) => data.includes('"answering":true')))
  asked.leave()
  await expect.poll(() => gateway.call('gateway.inFlight', {})).toEqual({ requests: [], total: 0, byChannel: [] })
  await events.when(() => told().at(-1)?.data.includes('"total":0') === true)
  events.leave()
})

test('a pause of some minutes answers 503 and ends by itself', async () => {
  const clock = new FakeClock()
  const { gateway } = await startTwoChannels(anthropic, { clock })
  const paused = await gateway.call('gateway.setState', { state: 'paused', minutes: 15 })
  expect(paused).toMatchObject({ state: 'paused', pausedUntil: clock.now() + 15 * 60_000 })
  expect((await gateway.ask(anthropic).done).status).toBe(503)
  clock.advance(15 * 60_000)
  expect(await gateway.call('gateway.status', {})).toMatchObject({ state: 'on', pausedUntil: null })
  expect((await gateway.ask(anthropic).done).status).toBe(200)
})

test('a session tells its client and the tokens of its answers, and goes where it is moved', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.always(says(anthropic, { text: 'Hi' }))
  const headers = { 'x-session-id': 's-1', 'user-agent': 'claude-cli/2.1.330 (external)' }
  const ask = async () => (await gateway.ask(anthropic, { headers }).done).header('x-routex-channel')
  expect([await ask(), await ask()]).toEqual(['first', 'first'])
  const [session] = (await gateway.call('sessions.list', {})).sessions
  const rows = await gateway.rows()
  const sum = (kind: 'input' | 'cacheRead' | 'cacheWrite' | 'output') =>
    rows.reduce((total, { usage }) => total + (usage?.[kind] ?? 0), 0)
  const tokens = {
    input: sum('input'),
    cacheRead: sum('cacheRead'),
    cacheWrite: sum('cacheWrite'),
    output: sum('output')
  }
  expect(tokens.output).toBeGreaterThan(0)
  expect(session).toMatchObject({ sessionId: 's-1', client: 'claude-cli/2.1.330', requests: 2, tokens })
  const { id } = await gateway.health('second')
  await gateway.call('sessions.move', { key: session?.key ?? '', channelId: id })
  expect([await ask(), await ask()]).toEqual(['second', 'second'])
})
