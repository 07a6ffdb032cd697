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

describe.each(VENDORS.filter((vendor) => vendor !== openaiResponses))(
  'numbers that JavaScript would spell otherwise, kept for a channel of $protocol,',
  (channel) => {
    const tools = [{ type: 'function', name: 'f', parameters: PARAMETERS, strict: false }]
    const given = { ...exact('{"store":true,"temperature":1.0}'), tools }
    const input = [
      { type: 'message', role: 'user', content: 'Hi' },
      exact('{"type":"shell_call","call_id":"c1","action":{"commands":["ls"],"timeout_ms":12e2}}'),
      { type: 'shell_call_output', call_id: 'c1', output: [] }
    ]
    const toolsIn = (sent: string): string => JSON.stringify(exact(sent)['tools'])

    async function startKept(streams = false) {
      const { upstream, gateway } = await start(channel)
      const content = { text: 'ok', tool: { name: 'f', arguments: NUMBERS } }
      upstream.always(streams ? stream(channel.events(content)) : json(200, channel.answer(content)))
      const body = { ...given, input }
      const first = (await gateway.ask(openaiResponses, { body, stream: streams }).done).text
      const id = /"id":"(resp_\w+)"/.exec(first)?.[1]
      const read = async (path = ''): Promise<string> => {
        const target = `/v1/responses/${String(id)}${path}`
        const headers = openaiResponses.headers(gateway.key)
        return (await gateway.send({ method: 'GET', target, headers }).done).text
      }
      return { upstream, gateway, first, id, read }
    }

    test('reach it the same in a turn that goes on from another, and in what is repeated to the client', async () => {
      const { upstream, gateway, first, id } = await startKept()
      const body = { ...given, input: 'more', previous_response_id: id }
      const second = (await gateway.ask(openaiResponses, { body }).done).text
      const [before, after] = upstream.requests.map((request) => request.body.toString())
      expect(toolsIn(before ?? '')).toContain(SPELLED_SCHEMA)
      expect(toolsIn(after ?? '')).toBe(toolsIn(before ?? ''))
      expect(count(after ?? '', '12e2')).toBe(count(before ?? '', '12e2'))
      expect(plain(after ?? '')).toContain(SPELLED)
      for (const told of [first, second]) {
        expect(told).toContain(SPELLED_SCHEMA)
        expect(told).toContain('"temperature":1.0')
      }
    })

    test.each([false, true])('are listed as the client wrote them, streamed: %s', async (streams) => {
      const { read } = await startKept(streams)
      expect(await read('/input_items')).toContain('"timeout_ms":12e2')
      expect(await read()).toContain(SPELLED_SCHEMA)
    })

    test('stay as they are beside an item that is referred to', async () => {
      const { upstream, gateway, first } = await startKept()
      const id = /"id":"(msg_\w+)"/.exec(first)?.[1]
      const body = {
        ...given,
        input: [
          { type: 'item_reference', id },
          { type: 'message', role: 'user', content: 'Why?' }
        ]
      }
      expect((await gateway.ask(openaiResponses, { body }).done).status).toBe(200)
      const sent = upstream.requests.at(-1)?.body.toString() ?? ''
      expect(sent).toContain(SPELLED_SCHEMA)
      expect(sent).not.toContain('item_reference')
    })
  }
)
