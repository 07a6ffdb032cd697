import { describe, expect, test } from 'vitest'
import { openaiChat } from './openai-chat'
import { openaiResponses } from './openai-responses'
import type { Headers, Refusal } from './protocol'

const NOW = Date.UTC(2026, 10, 23, 12)

function verdict(status: number, body: unknown, headers: Headers = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const told = openaiChat.judge(status, headers, bytes, NOW)
  expect(openaiResponses.judge(status, headers, bytes, NOW)).toEqual(told)
  return told
}

const kindOf = (status: number, message: string, code: unknown = null, type: unknown = 'invalid_request_error') =>
  verdict(status, { error: { message, type, param: null, code } }).kind

describe('B03 an OpenAI error', () => {
  test.each([
    [400, 'you must provide a model parameter', null, 'client_fault'],
    [400, 'too long', 'context_length_exceeded', 'client_fault'],
    [400, "Previous response with id 'resp_1' not found.", 'previous_response_not_found', 'client_fault'],
    [
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model.",
      'unsupported_parameter',
      'client_fault'
    ],
    [400, 'With this model, thinking is not supported', null, 'client_fault'],
    [401, 'Incorrect API key provided', 'invalid_api_key', 'auth'],
    [403, 'Country not supported', 'unsupported_country_region_territory', 'auth'],
    [403, 'no access', null, 'auth'],
    [404, 'The model `gpt-x` does not exist or you do not have access to it.', 'model_not_found', 'model_missing'],
    [404, 'Invalid URL (POST /v1/foo)', null, 'client_fault'],
    [404, "model 'llama' not found", null, 'model_missing'],
    [404, 'The API deployment for this resource does not exist.', 'DeploymentNotFound', 'model_missing'],
    [400, 'Model Not Exist', null, 'model_missing'],
    [400, 'foo/bar is not a valid model ID', 400, 'model_missing'],
    [429, 'You exceeded your current quota', 'insufficient_quota', 'quota'],
    [429, 'Rate limit reached', 'rate_limit_exceeded', 'busy'],
    [402, 'Insufficient Balance', 'invalid_request_error', 'quota'],
    [403, 'The input prompt is longer than the context length', null, 'client_fault'],
    [403, 'Your chosen model requires moderation and your input was flagged', 403, 'client_fault'],
    [422, 'Unknown model: x', null, 'model_missing'],
    [500, 'The server had an error', null, 'failure'],
    [503, 'Slow down', 'slow_down', 'failure'],
    [529, 'overloaded', null, 'busy'],
    [409, 'conflict', null, 'client_fault'],
    [413, 'too large', null, 'client_fault'],
    [451, 'for legal reasons', null, 'client_fault']
  ])('%i “%s” (%s) is %s', (status, message, code, kind) => {
    expect(kindOf(status, message, code)).toBe(kind)
  })

  test('of other vendors is read in their shapes', () => {
    expect(verdict(404, '{"error":"model \\"x\\" not found, try pulling it first"}').kind).toBe('model_missing')
    expect(verdict(404, '{"detail":"Not Found"}')).toEqual({ kind: 'client_fault', message: 'Not Found' })
    expect(verdict(429, '{"error":{"type":"exceeded_current_quota_error","message":"x"}}').kind).toBe('quota')
    expect(verdict(429, '{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}').kind).toBe('quota')
    expect(verdict(502, '<html>bad gateway</html>').kind).toBe('failure')
    expect(verdict(400, '{"error":{"message":"x","type":"server_error"}}').kind).toBe('client_fault')
    expect(verdict(503, 'null').kind).toBe('failure')
  })

  test('with status 200 is judged by its code', () => {
    expect(verdict(200, { error: { message: 'x', code: 502 } }).kind).toBe('failure')
    expect(verdict(200, { error: { message: 'x', code: 429 } }).kind).toBe('busy')
    expect(verdict(200, { error: { message: 'x', code: 'invalid_prompt' } }).kind).toBe('client_fault')
    expect(verdict(200, { error: { message: 'x', type: 'invalid_request_error' } }).kind).toBe('client_fault')
    expect(verdict(200, { error: { code: 'server_error', message: 'x' }, status: 'failed' }).kind).toBe('failure')
    expect(verdict(200, { error: 'nobody knows' }).kind).toBe('failure')
  })
})

describe('B04 when an OpenAI channel is back', () => {
  test.each<[string, Headers, string, number | null]>([
    ['retry-after', { 'retry-after': '7' }, 'x', 7000],
    ['the exhausted window', { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 'x', 360_000],
    [
      'not a window that has room',
      { 'x-ratelimit-remaining-tokens': '9', 'x-ratelimit-reset-tokens': '6m0s' },
      'x',
      null
    ],
    ['milliseconds', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12ms' }, 'x', 12],
    ['Azure’s seconds', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '3' }, 'x', 3000],
    ['not Azure’s -1', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '-1' }, 'x', null],
    ['an epoch in ms', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 5000) }, 'x', 5000],
    ['the message', {}, 'Rate limit reached for gpt-5 on tokens per min. Please try again in 1m2.5s. Visit', 62_500],
    ['the header before the message', { 'retry-after': '1' }, 'Please try again in 20s', 1000]
  ])('is told by %s', (_name, headers, message, wait) => {
    const told = verdict(429, { error: { message, code: 'rate_limit_exceeded', type: 'tokens' } }, headers)
    expect(told.kind === 'busy' && told.untilMs !== null ? told.untilMs - NOW : null).toBe(wait)
  })

  test('a request that is larger than the limit benches nothing', () => {
    const message =
      'Request too large for gpt-5 in organization org-x on tokens per min (TPM): Limit 10000, Requested 12345.'
    expect(kindOf(429, message, 'rate_limit_exceeded')).toBe('busy')
    expect(verdict(429, { error: { message, code: 'rate_limit_exceeded' } })).toMatchObject({ thisRequestOnly: true })
  })
})

describe('B14 refused reasoning', () => {
  test('is a signature, by its code and by its words', () => {
    expect(kindOf(400, 'x', 'invalid_encrypted_content')).toBe('signature')
    expect(kindOf(400, 'The encrypted content gAAA...DQ== could not be verified.')).toBe('signature')
    expect(kindOf(400, 'messages.1.content.0: Invalid `signature` in `thinking` block')).toBe('signature')
  })
})

describe('our own refusals', () => {
  test.each([
    ['missing_model', 400, { type: 'invalid_request_error', param: 'model', code: null }],
    ['unauthorized', 401, { type: 'invalid_request_error', param: null, code: 'invalid_api_key' }],
    ['forbidden', 403, { type: 'permission_error', param: null, code: null }],
    ['no_candidate', 404, { type: 'invalid_request_error', param: null, code: 'model_not_found' }],
    ['no_candidate', 503, { type: 'server_error', param: null, code: null }],
    ['busy', 429, { type: 'requests', param: null, code: 'rate_limit_exceeded' }],
    ['busy', 503, { type: 'server_error', param: null, code: null }],
    ['body_too_large', 413, { type: 'invalid_request_error', param: null, code: 'request_too_large' }]
  ] as const)('%s %i', (kind, status, rest) => {
    const refusal: Refusal = { kind, status, message: 'why', requestId: 'r1' }
    const answer = openaiResponses.renderRefusal(refusal)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body.toString())).toEqual({ error: { message: 'why', ...rest } })
  })
})
