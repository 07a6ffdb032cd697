import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { json, stream } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { response, responseEvents } from '../support/vendors/openai-responses'
import { fails, openaiResponses } from '../support/vendors/vendors'

/** Two channels, of which `first` is asked first; `second` has made a response, and Routex was started anew since. */
async function restarted({ streamed = false } = {}) {
  const first = await startFakeUpstream()
  const second = await startFakeUpstream()
  const made = { text: 'two', id: 'resp_of_second' }
  first.next(fails(openaiResponses, 500, 'once'))
  first.always(json(200, response({ text: 'one', id: 'resp_of_first' })))
  second.next(streamed ? stream(responseEvents(made)) : json(200, response(made)))
  second.always(json(200, response({ text: 'more', id: 'resp_more' })))
  const config = withChannels([
    channelOf(openaiResponses, first, { name: 'first', priority: 1 }),
    channelOf(openaiResponses, second, { name: 'second', priority: 2 })
  ])
  const before = await startGateway({ config })
  await before.ask(openaiResponses, { stream: streamed, body: { store: true } }).done
  await before.stop()
  const gateway = await startGateway({ config, dataDir: before.dataDir })
  return { first, second, gateway, config }
}

test.each([false, true])(
  'B14 a previous_response_id goes to the channel that made it, also after a restart; streamed: %s',
  async (streamed) => {
    const { first, gateway } = await restarted({ streamed })
    const answer = await gateway.ask(openaiResponses, { body: { previous_response_id: 'resp_of_second' } }).done
    expect(answer.header('x-routex-channel')).toBe('second')
    expect(first.requests).toHaveLength(1)
  }
)

test('B14 so does a request for a stored response, and one that names an item of it', async () => {
  const { gateway } = await restarted()
  const headers = openaiResponses.headers(gateway.key)
  const got = await gateway.send({ method: 'GET', target: '/v1/responses/resp_of_second', headers }).done
  expect([got.status, got.header('x-routex-channel')]).toEqual([200, 'second'])
  const input = [
    { type: 'item_reference', id: 'msg_fake' },
    { role: 'user', content: 'and on' }
  ]
  expect((await gateway.ask(openaiResponses, { body: { input } }).done).header('x-routex-channel')).toBe('second')
})

test('B14 one whose maker is deleted goes the usual way', async () => {
  const { gateway, config } = await restarted()
  await gateway.writeConfig({ ...config, channels: config.channels?.filter(({ name }) => name === 'first') ?? [] })
  await expect.poll(async () => (await gateway.call('channels.list', {})).channels.length).toBe(1)
  const answer = await gateway.ask(openaiResponses, { body: { previous_response_id: 'resp_of_second' } }).done
  expect(answer.header('x-routex-channel')).toBe('first')
})

test('no row shows the ids of what a channel stored', async () => {
  const { gateway } = await restarted()
  const [row] = await gateway.rows()
  expect(JSON.stringify(row)).not.toContain('resp_of_second')
})
