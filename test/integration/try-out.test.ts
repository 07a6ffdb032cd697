import { expect, test } from 'vitest'
import { readEvents } from '../support/sse'
import { startFakeUpstream } from '../support/fake-upstream'
import { byPath, json } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { openaiChat, says } from '../support/vendors/vendors'

test('a channel is looked at, tried out step by step, and nothing of it is saved', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(byPath({ '/v1/models': json(200, { data: [{ id: 'gpt-x' }] }) }, says(openaiChat, { text: 'ok' })))
  const gateway = await startGateway()
  const before = await gateway.call('channels.list', {})
  const events = gateway.send({
    target: '/api/events',
    headers: { authorization: `Bearer ${gateway.management.token}` }
  })
  await events.head()
  const channel = { name: 'new', protocol: 'openai-chat' as const, baseUrl: upstream.url, apiKey: 'sk-new' }
  expect(await gateway.call('channels.models', { channel })).toEqual({ models: ['gpt-x'] })
  const result = await gateway.call('channels.tryOut', { channel, model: 'gpt-x', testId: 'form-1' })
  expect(result).toMatchObject({ ok: true, model: 'gpt-x' })
  const told = () => readEvents(events.text).filter(({ name }) => name === 'test.step')
  await events.when(() => told().length === 4)
  expect(told().map(({ data }) => JSON.parse(data) as unknown)).toEqual(
    result.steps.map((step) => ({ testId: 'form-1', step }))
  )
  expect(await gateway.call('channels.list', {})).toEqual(before)
  expect(await gateway.rows()).toEqual([])
  events.leave()
})
