import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import type { JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const place = { city: 'Łódź', region: 'Łódź', country: 'PL', timezone: 'Europe/Warsaw' }
const near = { type: 'approximate', ...place }
const approximate = { type: 'approximate', approximate: place }

const messages = [{ role: 'user', content: 'News?' }]
const CLIENTS = [
  [
    'anthropic',
    { messages, tools: [{ type: 'web_search_20250305', name: 'web_search', user_location: near }], max_tokens: 9999 }
  ],
  ['openai-chat', { messages, web_search_options: { user_location: approximate } }],
  ['openai-responses', { input: 'News?', tools: [{ type: 'web_search', user_location: near }] }]
] as const satisfies readonly (readonly [ProtocolId, JsonObject])[]

function sent(client: ProtocolId, body: JsonObject, channel: ProtocolId, model = 'gpt-5-search-api') {
  const losses = new Losses()
  const conversation = translators[client].decodeRequest(body, losses)
  const target = { model: channel === 'anthropic' ? 'claude-sonnet-4-5' : model, stream: false, quirks: {} }
  return { body: translators[channel].encodeRequest(conversation, target, losses), losses: losses.toString() }
}

describe.each(CLIENTS)('where the user of a client of %s is', (client, body) => {
  test('is told in a search by Anthropic, Responses and Chat', () => {
    for (const channel of ['anthropic', 'openai-responses'] as const) {
      expect(sent(client, body, channel)).toMatchObject({ body: { tools: [{ user_location: near }] }, losses: '' })
    }
    expect(sent(client, body, 'openai-chat')).toMatchObject({
      body: { web_search_options: { user_location: approximate } },
      losses: ''
    })
  })

  test('is lost for Gemini, with a warning', () => {
    expect(sent(client, body, 'gemini', 'gemini-2.5-flash').losses).toBe('hosted_tool (user_location of web_search)')
  })
})

const SIZED = [
  ['openai-chat', { messages, web_search_options: { search_context_size: 'high' } }],
  ['openai-responses', { input: 'News?', tools: [{ type: 'web_search', search_context_size: 'high' }] }]
] as const satisfies readonly (readonly [ProtocolId, JsonObject])[]

test.each(SIZED)('how much of what is found a model is shown goes from %s to OpenAI’s protocols', (client, body) => {
  const search_context_size = 'high'
  expect(sent(client, body, 'openai-chat')).toMatchObject({
    body: { web_search_options: { search_context_size } },
    losses: ''
  })
  expect(sent(client, body, 'openai-responses')).toMatchObject({
    body: { tools: [{ type: 'web_search', search_context_size }] },
    losses: ''
  })
})

test('a search that a client declares under two names is one for others', () => {
  const tools = [{ googleSearch: {} }, { googleSearchRetrieval: {} }]
  const { body } = sent('gemini', { contents: [{ parts: [{ text: 'News?' }] }], tools }, 'anthropic')
  expect(body['tools']).toMatchObject([{ name: 'web_search' }])
  const both = [{ type: 'web_search' }, { type: 'web_search_preview' }]
  expect(sent('openai-responses', { input: 'News?', tools: both }, 'anthropic').body['tools']).toHaveLength(1)
})

test('how much of what is found a model is shown is OpenAI’s alone, so that it is told as lost', () => {
  const search_context_size = 'high'
  const lost = 'hosted_tool (search_context_size of web_search)'
  expect(sent('openai-chat', { messages, web_search_options: { search_context_size } }, 'anthropic').losses).toBe(lost)
  expect(sent('openai-chat', { messages, web_search_options: { search_context_size } }, 'gemini').losses).toBe(lost)
  const tools = [{ type: 'web_search', search_context_size }]
  expect(sent('openai-responses', { input: 'News?', tools }, 'anthropic').losses).toBe(lost)
  const medium = { messages, web_search_options: { search_context_size: 'medium', user_location: { approximate: {} } } }
  expect(sent('openai-chat', medium, 'anthropic').losses).toBe('')
})
