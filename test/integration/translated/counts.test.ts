import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiChat, openaiResponses, VENDORS, type Vendor } from '../../support/vendors/vendors'

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

describe.each(VENDORS.filter(({ protocol }) => protocol !== 'anthropic'))(
  'B26 with a channel of $protocol alone',
  (vendor) => {
    test('count_tokens is estimated, said so, and nobody is asked', async () => {
      const { upstream, gateway } = await start(vendor)
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
  }
)

test('B26 so is Gemini’s countTokens', async () => {
  const { upstream, gateway } = await start(anthropic)
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
