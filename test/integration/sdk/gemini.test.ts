import { GoogleGenAI, Type } from '@google/genai'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream, type RecordedRequest } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { RED_PIXEL } from '../../support/pictures'
import { byPath, json, stream as streamed } from '../../support/scripts'
import { channelOf, withChannels } from '../../support/config'
import type { RunningGateway } from '../../support/running-gateway'
import { startGateway } from '../../support/start-gateway'
import { GEMINI_MODEL, geminiArrayPieces } from '../../support/vendors/gemini'
import { fails, gemini, says } from '../../support/vendors/vendors'

const register = fileScope()
let upstream: FakeUpstream
let gateway: RunningGateway
let client: GoogleGenAI

const weather = {
  name: 'get_weather',
  parameters: { type: Type.OBJECT, properties: { place: { type: Type.STRING } }, required: ['place'] }
}
const hello = { model: GEMINI_MODEL, contents: 'Say hello.' }

beforeAll(async () => {
  upstream = await startFakeUpstream(register)
  gateway = await startGateway({ config: withChannels([channelOf(gemini, upstream)]), register })
  client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
})

beforeEach(async () => {
  upstream.always(says(gemini, { text: 'Hello from upstream' }))
  await gateway.call('channels.clearHealth', { id: (await gateway.health('main')).id })
})

const lastRequest = (): RecordedRequest => {
  const request = upstream.requests.at(-1)
  if (!request) throw new Error('nothing reached the upstream')
  return request
}
const lastBody = (): Record<string, unknown> => JSON.parse(lastRequest().body.toString()) as Record<string, unknown>

async function collect(asked: Parameters<GoogleGenAI['models']['generateContentStream']>[0]) {
  const chunks = []
  for await (const chunk of await client.models.generateContentStream(asked)) chunks.push(chunk)
  return chunks
}

test('an answer comes back whole', async () => {
  const answer = await client.models.generateContent(hello)
  expect(answer.text).toBe('Hello from upstream')
  expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 11, candidatesTokenCount: 7 })
  expect(lastRequest().target).toBe(`/v1beta/models/${GEMINI_MODEL}:generateContent`)
})

test('a streamed answer comes back chunk by chunk', async () => {
  const chunks = await collect(hello)
  expect(chunks.length).toBeGreaterThan(1)
  expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe('Hello from upstream')
  expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP')
  expect(lastRequest().target).toBe(`/v1beta/models/${GEMINI_MODEL}:streamGenerateContent?alt=sse`)
})

test('the v1 paths of newer SDKs are served and keep their version', async () => {
  const v1 = new GoogleGenAI({ apiKey: gateway.key, apiVersion: 'v1', httpOptions: { baseUrl: gateway.url } })
  expect((await v1.models.generateContent(hello)).text).toBe('Hello from upstream')
  expect(lastRequest().target).toBe(`/v1/models/${GEMINI_MODEL}:generateContent`)
})

test.each([{ stream: false }, { stream: true }])(
  'a function call comes back with its arguments, stream $stream',
  async ({ stream }) => {
    upstream.always(
      says(gemini, { text: 'One moment', tool: { name: 'get_weather', arguments: { place: 'Zürich 🏔' } } })
    )
    const asked = { ...hello, config: { tools: [{ functionDeclarations: [weather] }] } }
    const answers = stream ? await collect(asked) : [await client.models.generateContent(asked)]
    const calls = answers.flatMap((answer) => answer.functionCalls ?? [])
    expect(calls).toMatchObject([{ name: 'get_weather', args: { place: 'Zürich 🏔' } }])
    expect(lastBody()['tools']).toMatchObject([{ functionDeclarations: [{ name: 'get_weather' }] }])
  }
)

test.each([{ stream: false }, { stream: true }])(
  'an image reaches the upstream unchanged, stream $stream',
  async ({ stream }) => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: RED_PIXEL } }, { text: 'What colour is this?' }]
    const asked = { ...hello, contents: [{ role: 'user', parts }] }
    await (stream ? collect(asked) : client.models.generateContent(asked))
    expect(lastBody()['contents']).toEqual(asked.contents)
  }
)

test('without alt=sse a stream is one JSON array in pieces', async () => {
  upstream.next(streamed(geminiArrayPieces({ text: 'Hello in an array' }), { 'content-type': 'application/json' }))
  const answer = await gateway.send({
    target: `/v1beta/models/${GEMINI_MODEL}:streamGenerateContent`,
    headers: gemini.headers(gateway.key),
    body: gemini.request({ stream: true })
  }).done
  expect(lastRequest().target).toBe(`/v1beta/models/${GEMINI_MODEL}:streamGenerateContent`)
  expect(answer.text).toBe(geminiArrayPieces({ text: 'Hello in an array' }).join(''))
  expect(answer.complete).toBe(true)
})

test('the SDK sees the upstream’s own error', async () => {
  upstream.next(fails(gemini, 400, 'contents is not specified'))
  await expect(client.models.generateContent(hello)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('contents is not specified') as string
  })
})

test('tokens are counted by the upstream', async () => {
  upstream.next(json(200, { totalTokens: 31 }))
  await expect(client.models.countTokens(hello)).resolves.toMatchObject({ totalTokens: 31 })
  expect(lastRequest().target).toBe(`/v1beta/models/${GEMINI_MODEL}:countTokens`)
})

test('embeddings come back as they were sent', async () => {
  upstream.next(json(200, { embeddings: [{ values: [0.25, -1.5] }] }))
  const answer = await client.models.embedContent({ model: 'gemini-embedding-001', contents: ['a'] })
  expect(answer.embeddings?.[0]?.values).toEqual([0.25, -1.5])
  expect(lastRequest().target).toMatch(/^\/v1beta\/models\/gemini-embedding-001:(batchEmbedContents|embedContent)$/)
})

test('the list of models is the upstream’s, in Gemini’s shape', async () => {
  const models = [{ name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent'] }]
  upstream.always(byPath({ '/v1beta/models': json(200, { models }) }, says(gemini, { text: 'x' })))
  const names: (string | undefined)[] = []
  for await (const model of await client.models.list()) names.push(model.name)
  expect(names).toEqual(['models/gemini-2.5-flash'])
  expect(await client.models.get({ model: 'gemini-2.5-flash' })).toMatchObject({ name: 'models/gemini-2.5-flash' })
})
