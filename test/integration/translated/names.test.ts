import { describe, expect, test } from 'vitest'
import {
  isObject,
  listIn,
  memberOf,
  objectIn,
  parseJson,
  textIn,
  type JsonObject
} from '../../../src/main/protocols/foreign-json'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type FakeUpstream, type Script } from '../../support/fake-upstream'
import { json, stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropicError } from '../../support/vendors/anthropic'
import { anthropic, gemini, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

const PARAMETERS = { type: 'object', properties: { $filter: { type: 'string' }, page: { type: 'integer' } } }

/** A tool whose first property Anthropic refuses, in each client's words; and a call of it in an earlier turn. */
const BODIES: readonly (readonly [Vendor, JsonObject])[] = [
  [
    openaiChat,
    {
      tools: [{ type: 'function', function: { name: 'list', parameters: PARAMETERS } }],
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'list', arguments: '{"$filter":"before"}' } }]
        },
        { role: 'tool', tool_call_id: 'c1', content: '[]' }
      ]
    }
  ],
  [
    openaiResponses,
    {
      tools: [{ type: 'function', name: 'list', parameters: PARAMETERS, strict: false }],
      input: [
        { type: 'message', role: 'user', content: 'Hi' },
        { type: 'function_call', call_id: 'c1', name: 'list', arguments: '{"$filter":"before"}' },
        { type: 'function_call_output', call_id: 'c1', output: '[]' }
      ]
    }
  ],
  [
    gemini,
    {
      tools: [{ functionDeclarations: [{ name: 'list', parametersJsonSchema: PARAMETERS }] }],
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { name: 'list', args: { $filter: 'before' } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'list', response: { output: '[]' } } }] }
      ]
    }
  ]
]

async function start(...scripts: readonly Script[]) {
  const upstream = await startFakeUpstream()
  upstream.next(...scripts)
  return { upstream, gateway: await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) }) }
}

const sentIn = (upstream: FakeUpstream, index = 0): unknown => parseJson(String(upstream.requests[index]?.body))

/** What `$filter` is called on its way to Anthropic. */
function sentName(upstream: FakeUpstream): string {
  const [tool] = listIn(sentIn(upstream), 'tools')
  return Object.keys(objectIn(memberOf(tool, 'input_schema'), 'properties') ?? {})[0] ?? ''
}

/** Every `{"$filter": …}` in an answer, in a member or in a text of JSON, streamed or not. */
const argumentsIn = (text: string): readonly string[] =>
  [...text.replaceAll('\\"', '"').matchAll(/\{"\$filter":"([^"]+)","page":1\}/g)].map(([, value = '']) => value)

describe.each(BODIES)('a $protocol client’s property that Anthropic refuses', (client, body) => {
  test.each([true, false])('is renamed there and back (stream: %s)', async (isStream) => {
    const probe = await start(says(anthropic, { text: 'ok' }))
    await probe.gateway.ask(client, { body }).done
    const name = sentName(probe.upstream)
    expect(name).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/)
    expect(name).not.toBe('filter')
    expect(JSON.stringify(sentIn(probe.upstream))).toContain(`"input":{"${name}":"before"}`)

    const call = { text: '', tool: { name: 'list', arguments: { [name]: 'now', page: 1 } } }
    const answers = isStream ? stream(anthropic.events(call)) : json(200, anthropic.answer(call))
    const { gateway } = await start(answers)
    const answer = await gateway.ask(client, { body, stream: isStream }).done
    expect([answer.status, answer.complete, answer.header('x-routex-warnings')]).toEqual([200, true, undefined])
    expect(argumentsIn(answer.text)).toContain('now')
    expect(answer.text).not.toContain(name)
  })

  test('breaks off with its stream', async () => {
    const probe = await start(says(anthropic, { text: 'ok' }))
    await probe.gateway.ask(client, { body }).done
    const call = { text: 'a', tool: { name: 'list', arguments: { [sentName(probe.upstream)]: 'now', page: 1 } } }
    const events = anthropic.events(call)
    const lastDelta = events.findLastIndex((event) => event.includes('input_json_delta'))
    const { gateway } = await start(stream(events.slice(0, lastDelta)))
    const answer = await gateway.ask(client, { body, stream: true }).done
    expect(argumentsIn(answer.text)).toEqual([])
    expect(answer.text).not.toContain('response.completed')
  })
})

test('a tool’s own name comes back also where the request went twice, the second time without signatures (B14)', async () => {
  const name = `mcp.${'x'.repeat(130)}`
  const call = { id: 'c1', type: 'function', function: { name, arguments: '{}' } }
  const signed = { routex: { signature: 'routex:anthropic:c2lnbmVk', reasoning: [[0, 2]] } }
  const body = {
    tools: [{ type: 'function', function: { name, parameters: PARAMETERS } }],
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hm', reasoning_content: 'Hm', tool_calls: [call], extra_content: signed },
      { role: 'tool', tool_call_id: 'c1', content: 'x' }
    ]
  }
  const probe = await start(says(anthropic, { text: 'ok' }))
  await probe.gateway.ask(openaiChat, { body }).done
  const sent = textIn(listIn(sentIn(probe.upstream), 'tools')[0], 'name') ?? ''
  const complaint = anthropicError(
    'invalid_request_error',
    'messages.1.content.0: Invalid `signature` in `thinking` block'
  )
  const { upstream, gateway } = await start(
    json(400, complaint),
    says(anthropic, { text: '', tool: { name: sent, arguments: {} } })
  )
  const answer = await gateway.ask(openaiChat, { body }).done
  expect(isObject(sentIn(upstream, 1))).toBe(true)
  expect(answer.text).toContain(name)
})
