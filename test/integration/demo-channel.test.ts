import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { channelOf } from '../support/config'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, openaiChat, openaiResponses, says, VENDORS } from '../support/vendors/vendors'

/** A gateway as a newcomer has it: no channel was ever saved. */
const startFresh = (dataDir?: string): Promise<RunningGateway> =>
  startGateway({ config: {}, ...(dataDir !== undefined && { dataDir }) })

const messages = [{ role: 'user' as const, content: 'Hello?' }]

describe('the SDKs talk to the Demo', () => {
  test.each([{ stream: false }, { stream: true }])('@anthropic-ai/sdk, stream $stream', async ({ stream }) => {
    const gateway = await startFresh()
    const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    const asked = { model: 'claude-sonnet-4-5', max_tokens: 100, messages }
    const message = stream ? await client.messages.stream(asked).finalMessage() : await client.messages.create(asked)
    expect(JSON.stringify(message.content)).toMatch(/demo/i)
    expect(message.usage.input_tokens).toBeGreaterThan(0)
    expect(message.usage.output_tokens).toBeGreaterThan(0)
  })

  test.each([{ stream: false }, { stream: true }])('openai chat, stream $stream', async ({ stream }) => {
    const gateway = await startFresh()
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const asked = { model: 'gpt-4.1-mini', messages }
    const completion = stream
      ? await client.chat.completions.stream(asked).finalChatCompletion()
      : await client.chat.completions.create(asked)
    expect(completion.choices[0]?.message.content).toMatch(/demo/i)
  })

  test.each([{ stream: false }, { stream: true }])('openai responses, stream $stream', async ({ stream }) => {
    const gateway = await startFresh()
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const asked = { model: 'gpt-5-mini', input: 'Hello?' }
    const response = stream
      ? await client.responses.stream(asked).finalResponse()
      : await client.responses.create(asked)
    expect(JSON.stringify(response.output)).toMatch(/demo/i)
    expect(response.usage?.output_tokens).toBeGreaterThan(0)
  })

  test('@google/genai, streamed and not', async () => {
    const gateway = await startFresh()
    const client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
    const asked = { model: 'gemini-2.5-flash', contents: 'Hello?' }
    expect((await client.models.generateContent(asked)).text).toMatch(/demo/i)
    let text = ''
    for await (const chunk of await client.models.generateContentStream(asked)) text += chunk.text ?? ''
    expect(text).toMatch(/demo/i)
  })
})

test('the SDKs see that the Demo stopped at their limit, and what it refuses', async () => {
  const gateway = await startFresh()
  const claude = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  const google = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
  const message = await claude.messages.stream({ model: 'claude-x', max_tokens: 5, messages }).finalMessage()
  expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } })
  const chat = await openai.chat.completions.create({ model: 'gpt-x', max_completion_tokens: 5, messages })
  expect(chat.choices[0]?.finish_reason).toBe('length')
  const response = await openai.responses
    .stream({ model: 'gpt-x', max_output_tokens: 16, input: 'Hello?' })
    .finalResponse()
  expect(response).toMatchObject({ status: 'incomplete', usage: { output_tokens: 16 } })
  const config = { maxOutputTokens: 5 }
  const content = await google.models.generateContent({ model: 'gemini-x', contents: 'Hello?', config })
  expect(content.candidates?.[0]?.finishReason).toBe('MAX_TOKENS')

  await expect(claude.messages.create({ model: 'claude-x', max_tokens: 5, messages: [] })).rejects.toBeInstanceOf(
    Anthropic.BadRequestError
  )
  await expect(openai.chat.completions.create({ model: 'gpt-x', messages: [] })).rejects.toMatchObject({
    status: 400,
    code: 'empty_array'
  })
  expect(await gateway.lastRow(6)).toMatchObject({ outcome: 'client_error', status: 400, demo: true })
})

describe('tools', () => {
  const tool = { name: 'get_weather', input_schema: { type: 'object' as const } }

  test('the Demo calls none unless tool_choice names one', async () => {
    const gateway = await startFresh()
    const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    const asked = { model: 'claude-sonnet-4-5', max_tokens: 100, messages, tools: [tool] }
    const without = await client.messages.create({ ...asked, tool_choice: { type: 'auto' } })
    expect(without.content.every(({ type }) => type === 'text')).toBe(true)
    const named = await client.messages.create({ ...asked, tool_choice: { type: 'tool', name: 'get_weather' } })
    expect(named.content).toContainEqual(expect.objectContaining({ type: 'tool_use', name: 'get_weather' }))
    expect(named.stop_reason).toBe('tool_use')
  })

  test('a chat stream of the Demo calls the tool that tool_choice names', async () => {
    const gateway = await startFresh()
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const completion = await client.chat.completions
      .stream({
        model: 'gpt-4.1-mini',
        messages,
        tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
        tool_choice: { type: 'function', function: { name: 'get_weather' } }
      })
      .finalChatCompletion()
    expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'get_weather' } })
    expect(completion.choices[0]?.finish_reason).toMatch(/tool_calls|stop/)
  })
})

test.each(VENDORS)('the Demo’s row of $protocol has tokens, and is left out of totals', async (vendor) => {
  const gateway = await startFresh()
  await gateway.ask(vendor, { stream: true }).done
  const row = await gateway.onlyRow()
  expect(row).toMatchObject({ demo: true, outcome: 'ok', channelName: expect.stringMatching(/demo/i) as string })
  expect(row.usage?.output).toBeGreaterThan(0)
  const totals = await gateway.call('stats.overview', { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 })
  expect(totals).toMatchObject({ requests: 0, tokens: { input: 0, output: 0 } })
})

test.each(['GET', 'DELETE'])('%s of a response of the Demo says that the Demo keeps none', async (method) => {
  const gateway = await startFresh()
  const { id } = (await gateway.ask(openaiResponses).done).json() as { readonly id: string }
  const headers = openaiResponses.headers(gateway.key)
  for (const target of [`/v1/responses/${id}`, '/v1/responses/resp_demo_of_yesterday']) {
    const answer = await gateway.send({ method, target, headers }).done
    expect(answer.status).toBe(404)
    expect(answer.text).toMatch(/the (?:Routex )?demo keeps none/i)
  }
})

test('the Demo ends with the first channel that is saved, and does not come back when that is deleted', async () => {
  const dataDir = await makeTempDir()
  const gateway = await startFresh(dataDir)
  const built = (await gateway.call('channels.list', {})).channels
  expect(new Set(built.map(({ managedBy }) => managedBy))).toEqual(new Set(['built-in']))
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const channel = await gateway.call('channels.create', channelOf(anthropic, upstream))
  expect((await gateway.call('channels.list', {})).channels.map(({ name }) => name)).toEqual(['main'])
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('main')
  await gateway.call('channels.delete', { id: channel.id })
  expect((await gateway.call('channels.list', {})).channels).toEqual([])
  await gateway.stop()
  const again = await startFresh(dataDir)
  expect((await again.call('channels.list', {})).channels).toEqual([])
  const answer = await again.ask(openaiChat).done
  expect([404, 503]).toContain(answer.status)
})

test('count_tokens and models lists work with the Demo alone', async () => {
  const gateway = await startFresh()
  const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  expect((await client.messages.countTokens({ model: 'claude-sonnet-4-5', messages })).input_tokens).toBeGreaterThan(0)
  const list = await client.models.list()
  expect(Array.isArray(list.data)).toBe(true)
})
