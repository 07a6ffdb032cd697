import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json, resetBeforeHead } from '../../support/scripts'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { anthropic, fails, gemini, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

async function start(...channels: readonly Vendor[]) {
  const upstream = await startFakeUpstream()
  const list = channels.map((vendor) => channelOf(vendor, upstream, { name: vendor.protocol }))
  const gateway = await startGateway({ config: withChannels(list) })
  return { upstream, gateway }
}

const TEXT = 'Count the words of this sentence, please. '.repeat(20)
/** 160 words and some; the margin is at most a half. */
const LEAST = 160
const MOST = 360

test('B26 count_tokens with a channel of openai-chat alone is estimated, said so, and nobody is asked', async () => {
  const { upstream, gateway } = await start(openaiChat)
  const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  const { data, response } = await client.messages
    .countTokens({ model: 'claude-opus-4-5', messages: [{ role: 'user', content: TEXT }] })
    .withResponse()
  expect(data.input_tokens).toBeGreaterThanOrEqual(LEAST)
  expect(data.input_tokens).toBeLessThanOrEqual(MOST)
  expect(response.headers.get('x-routex-estimated')).toBe('true')
  expect(upstream.requests).toHaveLength(0)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', status: 200, costUsd: null })
})

test('B26 so is Gemini’s countTokens', async () => {
  const { upstream, gateway } = await start(openaiChat)
  const client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
  const { totalTokens = 0, sdkHttpResponse } = await client.models.countTokens({
    model: 'gemini-2.5-flash',
    contents: TEXT
  })
  expect(totalTokens).toBeGreaterThanOrEqual(LEAST)
  expect(totalTokens).toBeLessThanOrEqual(MOST)
  expect(sdkHttpResponse?.headers?.['x-routex-estimated']).toBe('true')
  expect(upstream.requests).toHaveLength(0)
})

describe('B26 a channel of another protocol that counts', () => {
  interface Count {
    readonly target: string
    readonly headers: Vendor['headers']
    readonly body: object
  }
  const anthropicCount: Count = {
    target: '/v1/messages/count_tokens',
    headers: (key: string) => anthropic.headers(key),
    body: {
      model: 'claude-opus-4-5',
      system: 'Be brief.',
      tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
      messages: [{ role: 'user', content: TEXT }]
    }
  }
  const geminiCount: Count = {
    target: '/v1beta/models/gemini-2.5-flash:countTokens',
    headers: (key: string) => gemini.headers(key),
    body: { contents: [{ role: 'user', parts: [{ text: TEXT }] }] }
  }
  const responsesCount: Count = {
    target: '/v1/responses/input_tokens',
    headers: (key: string) => openaiResponses.headers(key),
    body: { model: 'gpt-5-mini', input: TEXT }
  }
  const ask = (gateway: RunningGateway, { target, headers, body }: Count) =>
    gateway.send({ target, headers: headers(gateway.key), body }).done

  test.each([
    ['/v1beta/models/claude-opus-4-5:countTokens', gemini, anthropicCount, { totalTokens: 7 }, { input_tokens: 7 }],
    ['/v1/responses/input_tokens', openaiResponses, anthropicCount, { input_tokens: 7 }, { input_tokens: 7 }],
    ['/v1/messages/count_tokens', anthropic, geminiCount, { input_tokens: 7 }, { totalTokens: 7 }],
    [
      '/v1beta/models/gpt-5-mini:countTokens',
      gemini,
      responsesCount,
      { totalTokens: 7 },
      { object: 'response.input_tokens', input_tokens: 7 }
    ]
  ] as const)('is asked at %s', async (path, vendor, asked, answer, told) => {
    const { upstream, gateway } = await start(vendor)
    upstream.next(json(200, answer))
    const counted = await ask(gateway, asked)
    expect([counted.status, counted.json()]).toEqual([200, told])
    expect(counted.header('x-routex-estimated')).toBeUndefined()
    expect(counted.header('x-routex-channel')).toBe(vendor.protocol)
    const [sent] = upstream.requests
    expect(sent?.target).toBe(path)
    expect(String(sent?.body)).toContain(TEXT.trim())
    expect(String(sent?.body)).not.toMatch(/max_(?:output_)?tokens|"stream"|"store"/)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', status: 200, costUsd: null })
  })

  test.each([
    ['has no such path', json(404, { error: { message: 'models/x is not found, or not supported for countTokens' } })],
    ['refuses its key for it', json(403, { error: { message: 'no access' } })],
    ['fails', json(500, { error: { message: 'down' } })],
    ['breaks', resetBeforeHead],
    ['answers without a number', json(200, { ok: true })]
  ])('is estimated for where it %s, and not blamed', async (_name, script) => {
    const { upstream, gateway } = await start(gemini)
    upstream.next(script)
    const counted = await ask(gateway, anthropicCount)
    expect([counted.status, counted.header('x-routex-estimated')]).toEqual([200, 'true'])
    expect(upstream.requests).toHaveLength(1)
    upstream.always(says(gemini, { text: 'Hello' }))
    const answered = await gateway.ask(anthropic, { stream: false }).done
    expect([answered.status, upstream.requests.length]).toEqual([200, 2])
  })

  test('and has no such path is not asked again', async () => {
    const { upstream, gateway } = await start(openaiResponses)
    upstream.always(json(404, { error: { message: 'Not Found' } }))
    await ask(gateway, anthropicCount)
    await ask(gateway, anthropicCount)
    expect(upstream.requests).toHaveLength(1)
  })

  test('is not asked while it is in trouble', async () => {
    const { upstream, gateway } = await start(gemini)
    upstream.always(fails(gemini, 429, 'Slow down'))
    await gateway.ask(anthropic, { stream: false }).done
    const before = upstream.requests.length
    const counted = await ask(gateway, anthropicCount)
    expect([counted.status, counted.header('x-routex-estimated')]).toEqual([200, 'true'])
    expect(upstream.requests).toHaveLength(before)
  })

  test('is asked only where it would serve the request itself', async () => {
    const { upstream, gateway } = await start(openaiChat, gemini)
    const counted = await ask(gateway, anthropicCount)
    expect([counted.status, counted.header('x-routex-estimated')]).toEqual([200, 'true'])
    expect(upstream.requests).toHaveLength(0)
  })
})

test('B26 and the Responses’ input_tokens', async () => {
  const { gateway } = await start(openaiChat)
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  const { data, response } = await client.responses.inputTokens
    .count({ model: 'gpt-5-mini', input: TEXT })
    .withResponse()
  expect(data).toMatchObject({ object: 'response.input_tokens' })
  expect(data.input_tokens).toBeGreaterThanOrEqual(LEAST)
  expect(response.headers.get('x-routex-estimated')).toBe('true')
})

test('B26 a channel that counts is asked, and its count is none of ours', async () => {
  const { upstream, gateway } = await start(openaiChat, anthropic)
  upstream.next(json(200, { input_tokens: 7 }))
  const counted = await gateway.send({
    target: '/v1/messages/count_tokens?beta=true',
    headers: anthropic.headers(gateway.key),
    body: { model: 'claude-opus-4-5', messages: [{ role: 'user', content: TEXT }] }
  }).done
  expect([counted.status, counted.json()]).toEqual([200, { input_tokens: 7 }])
  expect(counted.header('x-routex-estimated')).toBeUndefined()
})

test('B26 one that has no such path is estimated for', async () => {
  const { upstream, gateway } = await start(anthropic)
  upstream.next(json(404, { error: 'no such path' }))
  const counted = await gateway.send({
    target: '/v1/messages/count_tokens',
    headers: anthropic.headers(gateway.key),
    body: { model: 'claude-opus-4-5', messages: [{ role: 'user', content: TEXT }] }
  }).done
  expect(counted.status).toBe(200)
  expect(counted.header('x-routex-estimated')).toBe('true')
})

test('B26 a request that can not be read is the client’s fault in its own shape', async () => {
  const { gateway } = await start(openaiResponses)
  const counted = await gateway.send({
    target: '/v1/messages/count_tokens',
    headers: anthropic.headers(gateway.key),
    body: { model: 'claude-opus-4-5', messages: 'none' }
  }).done
  expect(counted.status).toBe(400)
  expect(counted.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
})
