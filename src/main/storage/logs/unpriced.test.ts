import { expect, test } from 'vitest'
import { isPricedPlainly } from './unpriced'

const plain: readonly [string, object][] = [
  ['counts alone', { input_tokens: 1, output_tokens: 2, total_tokens: 3 }],
  [
    'an ordinary Anthropic answer',
    {
      input_tokens: 1,
      speed: 'standard',
      inference_geo: 'not_available',
      service_tier: 'standard',
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 2 },
      iterations: [{ type: 'message', input_tokens: 1 }]
    }
  ],
  ['nulls', { speed: null, inference_geo: null, service_tier: null, server_tool_use: null, iterations: null }],
  ['inference anywhere', { inference_geo: 'global' }],
  ['OpenAI’s default tier', { service_tier: 'default', prompt_tokens_details: { audio_tokens: 0 } }],
  ['a tier that was left to the vendor', { service_tier: 'auto' }],
  ['Groq’s ordinary tier', { service_tier: 'on_demand' }],
  ['Gemini’s standard tier', { serviceTier: 'standard' }],
  ['Gemini’s standard tier as its enum has it', { serviceTier: 'SERVICE_TIER_UNSPECIFIED' }],
  [
    'Gemini on demand',
    { trafficType: 'ON_DEMAND', promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 9 }, { modality: 'TEXT' }] }
  ]
]

test.each(plain)('B32 %s have the list price', (_, raw) => {
  expect(isPricedPlainly(JSON.stringify(raw))).toBe(true)
})

const unpriced: readonly [string, object][] = [
  ['fast mode', { speed: 'fast' }],
  ['inference in one country', { inference_geo: 'us' }],
  ['a batch', { service_tier: 'batch' }],
  ['priority', { service_tier: 'priority' }],
  ['flex', { service_tier: 'flex' }],
  ['a tier that nobody knows yet', { service_tier: 'overnight' }],
  ['web searches', { server_tool_use: { web_search_requests: 1 } }],
  ['a server tool that nobody knows yet', { server_tool_use: { video_requests: 1 } }],
  ['a compaction beside the counts', { iterations: [{ type: 'message' }, { type: 'compaction' }] }],
  ['spoken input', { prompt_tokens_details: { audio_tokens: 5 } }],
  ['spoken output', { completion_tokens_details: { audio_tokens: 5 } }],
  ['Gemini’s priority tier', { serviceTier: 'priority' }],
  ['Gemini’s flex tier', { serviceTier: 'FLEX' }],
  ['Gemini’s flex traffic', { trafficType: 'ON_DEMAND_FLEX' }],
  ['Gemini’s provisioned throughput', { trafficType: 'PROVISIONED_THROUGHPUT' }],
  ['Gemini’s spoken input', { promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 5 }] }],
  ['Gemini’s drawn output', { candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 5 }] }],
  ['sources that xAI searched', { num_sources_used: 3 }],
  ['a modifier of another shape than is known', { speed: { mode: 'fast' } }]
]

test.each(unpriced)('B32 the price of %s is not known', (_, raw) => {
  expect(isPricedPlainly(JSON.stringify(raw))).toBe(false)
})

test('B32 usage that was cut, so that it can not be read, may say anything', () => {
  expect(isPricedPlainly('{"input_tokens":1,"spe')).toBe(false)
  expect(isPricedPlainly('null')).toBe(false)
})

test('B32 where the upstream said nothing beside the counts there is no modifier', () => {
  expect(isPricedPlainly(null)).toBe(true)
})
