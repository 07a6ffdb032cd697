import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json } from '../../support/scripts'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import { openaiResponses, VENDORS } from '../../support/vendors/vendors'

const CONTENT = { text: 'all at once', tool: { name: 'get_weather', arguments: { place: 'Bern' } } }
const WHOLE = /message_stop|\[DONE\]|"finishReason"|response\.completed/

describe.each(VENDORS)('a channel of $protocol that answers JSON to a streamed request', (channel) => {
  test('makes a stream of it for clients of other protocols', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(json(200, channel.answer(CONTENT)))
    const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
    for (const client of VENDORS.filter((vendor) => vendor !== channel)) {
      const answer = await gateway.ask(client, {
        stream: true,
        body: client === openaiResponses ? { store: true } : {}
      }).done
      expect(answer.status).toBe(200)
      expect(answer.header('content-type')).toBe('text/event-stream')
      for (const { data } of readEvents(answer.text))
        if (data !== '[DONE]') expect(() => JSON.parse(data) as unknown).not.toThrow()
      expect(answer.text).toContain('all at once')
      expect(answer.text).toContain('get_weather')
      expect(answer.text).toMatch(WHOLE)
      if (client !== openaiResponses) continue
      const last = JSON.parse(readEvents(answer.text).at(-1)?.data ?? '') as {
        readonly response: { readonly id: string }
      }
      const next = await gateway.ask(client, { body: { previous_response_id: last.response.id } }).done
      expect(next.status).toBe(200)
    }
    expect((await gateway.rows()).every(({ outcome, usage }) => outcome === 'ok' && usage !== null)).toBe(true)
  })
})
