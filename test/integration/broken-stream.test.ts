import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { Script } from '../support/fake-upstream'
import { cut, reset, stream, type StreamStep } from '../support/scripts'
import { readEvents } from '../support/sse'
import { startTwoChannels, type TwoChannels } from '../support/two-channels'
import { anthropicError } from '../support/vendors/anthropic'
import { named, unnamed } from '../support/vendors/content'
import { openaiError } from '../support/vendors/openai-chat'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

const TOOL = { name: 'get_weather', arguments: { place: 'Bern', days: [1, 2, 3] } }

/** The head of a stream up to the first piece of a tool call's arguments, then what breaks it. */
function brokenInToolCall(
  vendor: Vendor,
  ...rest: readonly StreamStep[]
): { readonly sent: string; readonly script: Script } {
  const events = vendor.events({ text: 'One moment', tool: TOOL })
  // Gemini sends a call whole, with its finishReason: there the stream breaks before it
  const sent = events.slice(0, vendor === gemini ? 1 : events.findIndex((event) => event.includes('{\\"pl')) + 1)
  if (sent.length === 0) throw new Error('the events hold no piece of a tool call')
  return { sent: sent.join(''), script: stream([...sent, ...rest]) }
}

const BREAKS: readonly { readonly how: string; readonly steps: readonly StreamStep[] }[] = [
  { how: 'the connection closes', steps: [cut] },
  { how: 'the connection is reset', steps: [reset] },
  { how: 'the body ends cleanly without its last event', steps: [] }
]

describe.each(BREAKS)('$how', ({ steps }) => {
  test('B02 Anthropic clients get the connection cut without a further event', async () => {
    const { first, second, gateway } = await startTwoChannels(anthropic)
    const { sent, script } = brokenInToolCall(anthropic, ...steps)
    first.next(script)
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(answer.text).toBe(sent)
    expect(answer.complete).toBe(false)
    expect(second.requests).toHaveLength(0)
  })

  test('B02 Chat clients get an error event, then the socket destroyed without the final chunk', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat)
    const { sent, script } = brokenInToolCall(openaiChat, ...steps)
    first.next(script)
    const answer = await gateway.ask(openaiChat, { stream: true }).done
    expect(answer.text.startsWith(sent)).toBe(true)
    const added = readEvents(answer.text.slice(sent.length))
    expect(added).toHaveLength(1)
    expect(added[0]?.name).toBeNull()
    expect(JSON.parse(added[0]?.data ?? '')).toMatchObject({ error: { message: expect.any(String) as string } })
    expect(answer.complete).toBe(false)
  })

  test('B02 Responses clients get response.failed, then the socket destroyed without the final chunk', async () => {
    const { first, gateway } = await startTwoChannels(openaiResponses)
    const { sent, script } = brokenInToolCall(openaiResponses, ...steps)
    first.next(script)
    const answer = await gateway.ask(openaiResponses, { stream: true }).done
    expect(answer.text.startsWith(sent)).toBe(true)
    const added = readEvents(answer.text.slice(sent.length))
    expect(added).toHaveLength(1)
    expect(added[0]?.name).toBe('response.failed')
    expect(JSON.parse(added[0]?.data ?? '')).toMatchObject({
      type: 'response.failed',
      sequence_number: readEvents(sent).length,
      response: {
        status: 'failed',
        error: { code: expect.any(String) as string, message: expect.any(String) as string }
      }
    })
    expect(answer.complete).toBe(false)
  })

  test('B02 Gemini clients get a clean end without finishReason', async () => {
    const { first, gateway } = await startTwoChannels(gemini)
    const { sent, script } = brokenInToolCall(gemini, ...steps)
    first.next(script)
    const answer = await gateway.ask(gemini, { stream: true }).done
    expect(answer.text).toBe(sent)
    expect(answer.complete).toBe(true)
  })

  test.each(VENDORS)(
    'B02 the row of a broken $protocol stream says truncated and names its channel',
    async (vendor) => {
      const { first, gateway } = await startTwoChannels(vendor)
      first.next(brokenInToolCall(vendor, ...steps).script)
      await gateway.ask(vendor, { stream: true }).done
      const row = await gateway.onlyRow()
      expect(row).toMatchObject({ outcome: 'truncated', channelName: 'first', status: 200 })
      expect(row.errorMessage).not.toBeNull()
      expect((await gateway.health('first')).failures).toBe(1)
    }
  )
})

test.each(VENDORS)('B02 a half event of a broken $protocol stream is never glued to what follows', async (vendor) => {
  const { first, gateway } = await startTwoChannels(vendor)
  const events = vendor.events({ text: 'one two three' })
  const whole = events.slice(0, vendor.firstContent + 1).join('')
  const half = (events[vendor.firstContent + 1] ?? '').slice(0, 25)
  first.next(stream([whole, half, cut]))
  const answer = await gateway.ask(vendor, { stream: true }).done
  expect(answer.text.startsWith(whole)).toBe(true)
  const rest = answer.text.slice(whole.length)
  for (const event of readEvents(rest)) expect(() => JSON.parse(event.data) as unknown).not.toThrow()
  if (vendor === anthropic || vendor === gemini) expect(readEvents(rest)).toHaveLength(0)
})

test.each(VENDORS)('B02 nothing is glued to an event of $protocol that was let through in pieces', async (vendor) => {
  const { first, gateway } = await startTwoChannels(vendor)
  const events = vendor.events({ text: 'x'.repeat(1_500_000) })
  const sent = events.slice(0, vendor.firstContent).join('') + (events[vendor.firstContent] ?? '').slice(0, 400_000)
  const gate = Promise.withResolvers<undefined>()
  first.next(stream([sent, gate.promise, cut]))
  const exchange = gateway.ask(vendor, { stream: true })
  await exchange.when(() => exchange.bodyBytes > 300_000)
  gate.resolve(undefined)
  const answer = await exchange.done
  expect(sent.startsWith(answer.text)).toBe(true)
  expect(answer.complete).toBe(false)
})

test('B02 an error event after commit reaches no Anthropic client: the connection is cut', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const { sent, script } = brokenInToolCall(anthropic, named(anthropicError('overloaded_error', 'Overloaded')))
  first.next(script)
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect(answer.text).toBe(sent)
  expect(answer.complete).toBe(false)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})

test('B02 an error event after commit reaches Chat clients once, without a clean end', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const { sent, script } = brokenInToolCall(
    openaiChat,
    unnamed(openaiError('server_error', 'The server had an error')),
    'data: [DONE]\n\n'
  )
  first.next(script)
  const answer = await gateway.ask(openaiChat, { stream: true }).done
  const added = readEvents(answer.text.slice(sent.length))
  expect(added).toHaveLength(1)
  expect(added[0]?.data).toContain('"error"')
  expect(answer.complete).toBe(false)
})

describe('the SDKs see a broken stream as broken', () => {
  async function broken(vendor: Vendor): Promise<TwoChannels> {
    const channels = await startTwoChannels(vendor)
    channels.first.next(brokenInToolCall(vendor, cut).script)
    return channels
  }

  test('B02 @anthropic-ai/sdk throws', async () => {
    const { gateway } = await broken(anthropic)
    const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    const asked = client.messages.stream({
      model: anthropic.model,
      max_tokens: 9,
      messages: [{ role: 'user', content: 'x' }]
    })
    await expect(asked.finalMessage()).rejects.toThrow()
  })

  test('B02 openai throws in a chat stream', async () => {
    const { gateway } = await broken(openaiChat)
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const asked = client.chat.completions.stream({
      model: openaiChat.model,
      messages: [{ role: 'user', content: 'x' }]
    })
    await expect(asked.finalChatCompletion()).rejects.toThrow()
  })

  test('B02 openai gets response.failed in a responses stream', async () => {
    const { gateway } = await broken(openaiResponses)
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const types: string[] = []
    const read = async (): Promise<void> => {
      for await (const event of await client.responses.create({
        model: openaiResponses.model,
        input: 'x',
        stream: true
      })) {
        types.push(event.type)
      }
    }
    await read().catch(() => types.push('thrown'))
    expect(types).toContain('response.failed')
    expect(types).not.toContain('response.completed')
  })

  test('B02 @google/genai sees no finishReason', async () => {
    const { gateway } = await broken(gemini)
    const client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
    const reasons: unknown[] = []
    for await (const chunk of await client.models.generateContentStream({ model: gemini.model, contents: 'x' })) {
      reasons.push(chunk.candidates?.[0]?.finishReason)
    }
    expect(reasons.every((reason) => reason === undefined)).toBe(true)
  })
})

test.each([openaiChat, openaiResponses])(
  'B02 an error event after commit reaches $protocol clients in the upstream’s own words, without the credential',
  async (vendor) => {
    const { first, gateway } = await startTwoChannels(vendor)
    const words = 'The worker for sk-secret-of-first was preempted'
    const { sent, script } = brokenInToolCall(
      vendor,
      `event: error\ndata: ${JSON.stringify(vendor.error(500, words))}\n\n`
    )
    first.next(script)
    const answer = await gateway.ask(vendor, { stream: true }).done
    const added = readEvents(answer.text.slice(sent.length))
    expect(added).toHaveLength(1)
    const shown = 'The worker for [credential] was preempted'
    const event: unknown = JSON.parse(added[0]?.data ?? '')
    if (vendor === openaiChat) expect(event).toMatchObject({ error: { message: shown } })
    else expect(event).toMatchObject({ type: 'response.failed', response: { error: { message: shown } } })
    expect(answer.complete).toBe(false)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated', errorMessage: shown })
  }
)
