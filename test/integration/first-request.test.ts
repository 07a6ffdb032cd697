import { expect, test } from 'vitest'
import { PROTOCOLS } from '../../src/shared/protocol'
import { startGateway } from '../support/start-gateway'

test.each(PROTOCOLS)('a sample in %s goes the way of a client’s request and stands in the log', async (protocol) => {
  const { management } = await startGateway({ config: {} })
  expect(await management.call('gateway.sendSample', { protocol, model: 'demo' })).toEqual({ status: 200 })
  const { rows } = await management.call('logs.query', {})
  expect(rows).toMatchObject([{ protocol, status: 200, channelName: 'Demo', client: 'routex-first-request' }])
})

test('a sample to a paused gateway tells the 503 that a client would get', async () => {
  const { management } = await startGateway({ config: {} })
  await management.call('gateway.setState', { state: 'paused' })
  expect(await management.call('gateway.sendSample', { protocol: 'anthropic', model: 'demo' })).toEqual({ status: 503 })
})
