import { describe, expect, test } from 'vitest'
import { parseExactly } from '../../../src/main/protocols/exact-json'
import { isObject, type JsonObject } from '../../../src/main/protocols/foreign-json'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../../support/vendors/vendors'

/** Each would be another number, or another text, if it went through one of JavaScript's. */
const SPELLED = '{"order_id":1234567890123456789,"price":1.0,"huge":1e400}'
const SPELLED_SCHEMA = '"maximum":9223372036854775807'
const exact = (text: string): JsonObject => {
  const read = parseExactly(text)
  return isObject(read) ? read : {}
}
const NUMBERS = exact(SPELLED)
const PARAMETERS = exact(`{"type":"object","properties":{"order_id":{"type":"integer",${SPELLED_SCHEMA}}}}`)

/** A tool with such a number in its schema, a call of it and a result that is made of them, in each client's words. */
const BODIES: readonly (readonly [Vendor, JsonObject])[] = [
  [
    anthropic,
    {
      tools: [{ name: 'f', input_schema: PARAMETERS }],
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: NUMBERS }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'ok' }] }
      ]
    }
  ],
  [
    openaiChat,
    {
      tools: [{ type: 'function', function: { name: 'f', parameters: PARAMETERS } }],
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: SPELLED } }]
        },
        { role: 'tool', tool_call_id: 'c1', content: 'ok' }
      ]
    }
  ],
  [
    openaiResponses,
    {
      tools: [{ type: 'function', name: 'f', parameters: PARAMETERS, strict: false }],
      input: [
        { type: 'message', role: 'user', content: 'Hi' },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: SPELLED },
        { type: 'function_call_output', call_id: 'c1', output: 'ok' }
      ]
    }
  ],
  [
    gemini,
    {
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: PARAMETERS }] }],
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: NUMBERS } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: exact(`{"found":${SPELLED}}`) } }] }
      ]
    }
  ]
]

/** JSON in a text of JSON is read without its escapes. */
const plain = (text: string): string => text.replaceAll('\\', '')
const count = (text: string, part: string): number => plain(text).split(part).length - 1

async function start(channel: Vendor) {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  return { upstream, gateway }
}

describe.each(VENDORS)('numbers that JavaScript would spell otherwise, on a channel of $protocol,', (channel) => {
  test('reach it as its clients wrote them: in calls, results and schemas', async () => {
    const { upstream, gateway } = await start(channel)
    upstream.always(json(200, channel.answer({ text: 'ok' })))
    for (const [client, body] of BODIES.filter(([one]) => one !== channel)) {
      expect((await gateway.ask(client, { body }).done).status).toBe(200)
      const sent = upstream.requests.at(-1)?.body.toString() ?? ''
      expect(count(sent, SPELLED)).toBe(client === gemini ? 2 : 1)
      expect(sent).toContain(SPELLED_SCHEMA)
    }
  })

  test('reach its clients as it wrote them', async () => {
    const { upstream, gateway } = await start(channel)
    const content = { text: 'ok', tool: { name: 'f', arguments: NUMBERS } }
    for (const client of VENDORS.filter((vendor) => vendor !== channel)) {
      upstream.always(json(200, channel.answer(content)))
      expect(plain((await gateway.ask(client).done).text)).toContain(SPELLED)
      upstream.always(stream(channel.events(content)))
      const streamed = (await gateway.ask(client, { stream: true }).done).text
      // To others the arguments go in pieces, as they come.
      if (client === gemini) expect(streamed).toContain(SPELLED)
    }
  })
})

test('a request with such numbers among its own parameters is taken as one without', async () => {
  const { upstream, gateway } = await start(anthropic)
  upstream.always(json(200, anthropic.answer({ text: 'ok' })))
  const body = exact('{"n":1.0,"temperature":1.0,"max_completion_tokens":4e2}')
  const answer = await gateway.ask(openaiChat, { body }).done
  expect(answer.header('x-routex-warnings')).toBeUndefined()
  expect(JSON.parse(upstream.requests.at(-1)?.body.toString() ?? '')).toMatchObject({ temperature: 1, max_tokens: 400 })
})
