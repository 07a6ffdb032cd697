import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import type { FunctionTool } from './canonical'
import type { JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const PROMPT: Readonly<Record<ProtocolId, JsonObject>> = {
  anthropic: { max_tokens: 9, messages: [{ role: 'user', content: 'q' }] },
  'openai-chat': { messages: [{ role: 'user', content: 'q' }] },
  'openai-responses': { input: 'q' },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'q' }] }] }
}

function decoded(protocol: ProtocolId, wish: JsonObject) {
  const losses = new Losses()
  const conversation = translators[protocol].decodeRequest({ ...PROMPT[protocol], ...wish }, losses)
  return { ...conversation, lost: losses.toString() }
}

describe('A format of the answer that can’t be asked of others is told as lost', () => {
  test.each<readonly [ProtocolId, JsonObject, string]>([
    ['openai-chat', { response_format: { type: 'regex', pattern: '^a$' } }, 'regex'],
    ['openai-chat', { response_format: { type: 'grammar', grammar: 'x' } }, 'grammar'],
    ['openai-chat', { response_format: { type: 'json_schema', json_schema: { name: 'x' } } }, 'without a schema'],
    ['openai-responses', { text: { format: { type: 'grammar', definition: 'x' } } }, 'grammar'],
    ['openai-responses', { text: { format: { type: 'json_schema', name: 'x' } } }, 'without a schema'],
    ['anthropic', { output_config: { format: { type: 'of_the_future' } } }, 'of_the_future'],
    ['gemini', { generationConfig: { responseMimeType: 'application/xml' } }, 'application/xml'],
    ['gemini', { generationConfig: { responseFormat: [{ text: { mimeType: 'text/x' } }] } }, 'text/x']
  ])('%s %j', (protocol, wish, detail) => {
    expect(decoded(protocol, wish)).toMatchObject({ format: null, lost: `json_schema (${detail})` })
  })

  test.each<readonly [ProtocolId, JsonObject]>([
    ['openai-chat', { response_format: { type: 'text' } }],
    ['openai-chat', { response_format: null }],
    ['openai-responses', { text: { format: { type: 'text' }, verbosity: 'low' } }],
    ['anthropic', { output_config: { effort: 'low' } }],
    ['gemini', { generationConfig: { responseMimeType: 'text/plain' } }],
    ['gemini', { generationConfig: {} }]
  ])('%s %j asks for none', (protocol, wish) => {
    expect(decoded(protocol, wish)).toMatchObject({ format: null, lost: '' })
  })
})

describe('What limits a search of Gemini is told as lost', () => {
  test.each<readonly [JsonObject, string]>([
    [{ googleSearch: { timeRangeFilter: { startTime: 'a', endTime: 'b' } } }, 'googleSearch.timeRangeFilter'],
    [{ google_search: { time_range_filter: { start_time: 'a' } } }, 'googleSearch.time_range_filter'],
    [{ googleSearch: { blockingConfidence: 'BLOCK_HIGH_AND_ABOVE' } }, 'googleSearch.blockingConfidence'],
    [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }, 'googleSearch.searchTypes'],
    [
      { googleSearchRetrieval: { dynamicRetrievalConfig: { dynamicThreshold: 0.3 } } },
      'googleSearchRetrieval.dynamicRetrievalConfig'
    ]
  ])('%j', (tool, detail) => {
    expect(decoded('gemini', { tools: [tool] })).toMatchObject({
      tools: [{ tool: 'web_search' }],
      lost: `parameter (${detail})`
    })
  })

  test.each<JsonObject>([
    { googleSearch: {} },
    { googleSearch: { searchTypes: { webSearch: {} }, timeRangeFilter: null, excludeDomains: ['a.example'] } },
    { google_search: { exclude_domains: ['a.example'] } }
  ])('%j limits nothing that others can’t', (tool) => {
    expect(decoded('gemini', { tools: [tool] }).lost).toBe('')
  })
})

test('Anthropic’s examples of a tool’s input stand in its description for others', () => {
  const input_examples = [{ city: 'Oslo' }, 'none', { city: 'Bern', unit: 'C' }]
  const tools = [
    { name: 'a', description: 'Tells the weather.', input_schema: { type: 'object' }, input_examples },
    { name: 'b', input_schema: { type: 'object' }, input_examples: [{}] },
    { name: 'c', description: 'As it is.', input_schema: { type: 'object' }, input_examples: [] }
  ]
  const { tools: read, lost } = decoded('anthropic', { tools })
  const functions = read.filter((tool): tool is FunctionTool => tool.kind === 'function')
  expect(functions.map(({ description }) => description)).toEqual([
    'Tells the weather.\n\nExamples of its input:\n{"city":"Oslo"}\n{"city":"Bern","unit":"C"}',
    'Examples of its input:\n{}',
    'As it is.'
  ])
  expect(lost).toBe('')
})
