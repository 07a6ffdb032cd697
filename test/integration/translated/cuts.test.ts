import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { stream } from '../../support/scripts'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiChat, VENDORS, type Vendor } from '../../support/vendors/vendors'

const PAIRS = VENDORS.flatMap((client) =>
  VENDORS.filter((channel) => channel !== client).map((channel) => ({
    client,
    channel,
    from: client.protocol,
    to: channel.protocol
  }))
)

const TOOL = { name: 'get_weather', arguments: { place: 'Zürich 🏔', days: [1, 2] } }
const CONTENT = { text: 'Grüße 🎉 from afar', thinking: 'Let me 想想', tool: TOOL }

async function start(channel: Vendor) {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  const { id } = await gateway.health('main')
  /** What the client gets when the upstream sends these pieces. */
  const answerTo = async (client: Vendor, pieces: readonly Buffer[]) => {
    upstream.next(stream(pieces))
    const answer = await gateway.ask(client, { stream: true, body: THOUGHTS[client.protocol] ?? {} }).done
    await gateway.call('channels.clearHealth', { id })
    return answer
  }
  return answerTo
}

const THOUGHTS: Readonly<Record<string, Record<string, unknown>>> = {
  gemini: { generationConfig: { thinkingConfig: { includeThoughts: true } } }
}

/** Events without what is new in each answer: ids that a side has none of, and times. */
const comparable = (text: string): readonly unknown[] =>
  readEvents(text.replaceAll(/"created(?:_at)?":\d+/g, '"created":0').replaceAll(/[0-9a-f]{24,32}/g, 'new'))

function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
}

/** A client that takes a call for complete, or an answer for whole, sees one of these. */
const WHOLE = /message_stop|\[DONE\]|"finishReason"|response\.completed/
const WHOLE_CALL: Readonly<Record<string, RegExp>> = {
  anthropic: /"type":"tool_use"[^]*"type":"content_block_stop"/,
  'openai-chat': /"finish_reason":"tool_calls"/,
  'openai-responses': /function_call_arguments\.done/,
  gemini: /"functionCall"/
}

describe.each(PAIRS)('a $from client on a channel of $to', ({ client, channel }) => {
  const bytes = Buffer.from(channel.events(CONTENT).join(''))
  const byte = fc.nat({ max: bytes.length - 1 })

  test('gets the same events wherever the upstream’s bytes are cut', async () => {
    const answerTo = await start(channel)
    const uncut = await answerTo(client, [bytes])
    expect(uncut.text).toMatch(WHOLE)
    expect(uncut.text).toMatch(WHOLE_CALL[client.protocol] ?? /never/)
    await fc.assert(
      fc.asyncProperty(fc.array(byte, { minLength: 1, maxLength: 30 }), async (cuts) => {
        const answer = await answerTo(client, cutAt(bytes, cuts))
        expect(comparable(answer.text)).toEqual(comparable(uncut.text))
        expect(answer.complete).toBe(true)
      }),
      { numRuns: 12 }
    )
  })

  test('B02 gets no answer and no call that looks whole of bytes that end early', async () => {
    const answerTo = await start(channel)
    // Up to where the call’s arguments are whole.
    const argumentsEnd = bytes.indexOf('[1,2') + 4
    const last = argumentsEnd > 3 ? argumentsEnd : bytes.indexOf('2]}') - 1
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: Math.max(1, last) }), async (length) => {
        const answer = await answerTo(client, length === 0 ? [] : [bytes.subarray(0, length)])
        expect(answer.status === 200 ? answer.text : '').not.toMatch(WHOLE)
        expect(answer.text).not.toMatch(WHOLE_CALL[client.protocol] ?? /never/)
      }),
      { numRuns: 12 }
    )
  })

  test('gets an end of some kind, and events that can be read, of bytes that were mutated', async () => {
    const answerTo = await start(channel)
    const mutation = fc.record({ at: byte, to: fc.integer({ min: 0, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 8 }), async (mutations) => {
        const mutated = Buffer.from(bytes)
        for (const { at, to } of mutations) mutated[at] = to
        const answer = await answerTo(client, [mutated])
        expect([200, 400, 404, 429, 500, 502, 503, 529]).toContain(answer.status)
        for (const { data } of answer.status === 200 ? readEvents(answer.text) : []) {
          if (data !== '[DONE]') expect(() => JSON.parse(data) as unknown).not.toThrow()
        }
      }),
      { numRuns: 12 }
    )
  })
})

test('B02 a stop reason whose answer could not be read makes no good answer of it', async () => {
  const bytes = Buffer.from(openaiChat.events(CONTENT).join(''))
  bytes[5] = 0
  bytes[bytes.indexOf('data: [DONE]') - 2] = 0
  const upstream = await startFakeUpstream()
  upstream.next(stream([bytes]))
  const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]) })
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect(answer.status).toBe(502)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', channelName: 'main' })
})

test('B02 a stream that was begun in vain tells an Anthropic client why, with a status', async () => {
  const upstream = await startFakeUpstream()
  upstream.next(
    stream([
      'data: {"half\n\n',
      ...Array.from({ length: 70 }, () => 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n'),
      'data: [DONE]\n\n'
    ])
  )
  const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]) })
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect(answer.status).toBe(200)
  expect(readEvents(answer.text).map(({ name }) => name)).toEqual(['error'])
  expect(answer.text).toContain('could not be read')
  expect(answer.complete).toBe(false)
})
