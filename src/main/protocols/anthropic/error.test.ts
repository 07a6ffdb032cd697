import { describe, expect, test } from 'vitest'
import type { Headers, Refusal } from '../protocol'
import { anthropic } from '.'

const NOW = Date.UTC(2026, 10, 23, 12)

function verdict(status: number, error: unknown, headers: Headers = {}) {
  const body = typeof error === 'string' ? error : JSON.stringify({ type: 'error', error, request_id: 'req_1' })
  return anthropic.judge(status, headers, Buffer.from(body), NOW)
}

const kindOf = (status: number, type: string, message = 'x', code?: string, headers: Headers = {}): string =>
  verdict(status, { type, message, ...(code === undefined ? {} : { details: { error_code: code } }) }, headers).kind

describe('B03 an Anthropic error', () => {
  test.each([
    [400, 'invalid_request_error', 'max_tokens: Field required', 'client_fault'],
    [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'client_fault'],
    [400, 'invalid_request_error', 'thinking.budget_tokens: must be at least 1024', 'client_fault'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', 'quota'],
    [400, 'invalid_request_error', 'You have reached your specified API usage limits. You will regain access', 'quota'],
    [400, 'invalid_request_error', 'You have reached your specified workspace API usage limits.', 'quota'],
    [400, 'invalid_request_error', 'This organization has been disabled.', 'auth'],
    [401, 'authentication_error', 'invalid x-api-key', 'auth'],
    [402, 'billing_error', 'pay', 'quota'],
    [403, 'permission_error', 'not allowed', 'auth'],
    [404, 'not_found_error', 'model: claude-nope', 'model_missing'],
    [404, 'not_found_error', 'Not Found', 'client_fault'],
    [405, 'invalid_request_error', 'Method Not Allowed', 'client_fault'],
    [406, 'invalid_request_error', 'x', 'client_fault'],
    [409, 'conflict_error', 'x', 'client_fault'],
    [411, 'invalid_request_error', 'x', 'client_fault'],
    [413, 'request_too_large', 'Request exceeds the maximum size', 'client_fault'],
    [414, 'invalid_request_error', 'x', 'client_fault'],
    [415, 'invalid_request_error', 'x', 'client_fault'],
    [422, 'invalid_request_error', 'x', 'client_fault'],
    [408, 'timeout_error', 'x', 'busy'],
    [429, 'rate_limit_error', 'x', 'busy'],
    [529, 'overloaded_error', 'Overloaded', 'busy'],
    [500, 'api_error', 'Internal server error', 'failure'],
    [502, 'api_error', 'x', 'failure'],
    [503, 'api_error', 'x', 'failure'],
    [504, 'timeout_error', 'x', 'failure']
  ])('%i %s “%s” is %s', (status, type, message, kind) => {
    expect(kindOf(status, type, message)).toBe(kind)
  })

  test.each([
    [400, 'organization_on_hold', 'auth'],
    [400, 'claude_code_key_creator_not_member', 'auth'],
    [400, 'cmek_key_disabled', 'auth'],
    [400, 'cmek_key_network_blocked', 'auth'],
    [503, 'cmek_key_unreachable', 'failure'],
    [429, 'enforced_spend_limit_reached', 'quota'],
    [429, 'contract_spend_limit_reached', 'quota'],
    [404, 'thread_not_found', 'client_fault'],
    [400, 'compaction_signature_invalid', 'client_fault'],
    [400, 'constructor', 'client_fault']
  ])('%i with the code %s is %s', (status, code, kind) => {
    const type = status === 429 ? 'rate_limit_error' : status === 503 ? 'api_error' : 'invalid_request_error'
    expect(kindOf(status, type, 'x', code)).toBe(kind)
  })

  test('of a vendor that copies the protocol is read by its words', () => {
    expect(verdict(400, '{"error":{"message":"Insufficient Balance"}}').kind).toBe('quota')
    expect(verdict(400, '{"error":"Unknown model: claude-x"}').kind).toBe('model_missing')
    expect(verdict(403, '{"message":"maximum context length exceeded"}').kind).toBe('client_fault')
    expect(verdict(503, '<html>Service Unavailable</html>')).toMatchObject({
      kind: 'failure',
      message: '<html>Service Unavailable</html>'
    })
    expect(verdict(500, '')).toEqual({ kind: 'failure', message: 'The upstream answered 500' })
    expect(verdict(429, '[]').kind).toBe('busy')
  })

  test('that is a redirect says where the fault is', () => {
    const told = anthropic.judge(302, { location: 'https://other.example/' }, Buffer.from('<html>'), NOW)
    expect(told).toMatchObject({ kind: 'failure', message: expect.stringContaining('other.example') as string })
    expect(anthropic.judge(307, {}, Buffer.from(''), NOW)).toMatchObject({ kind: 'failure' })
  })

  test('with status 200 is judged by its type', () => {
    expect(kindOf(200, 'overloaded_error')).toBe('busy')
    expect(kindOf(200, 'invalid_request_error')).toBe('client_fault')
    expect(kindOf(200, 'nobody_knows')).toBe('failure')
  })
})

describe('B04 when an Anthropic channel is back', () => {
  const until = (headers: Headers, status = 429) => {
    const told = verdict(status, { type: 'rate_limit_error', message: 'x' }, headers)
    return told.kind === 'busy' && told.untilMs !== null ? told.untilMs - NOW : null
  }

  test.each<[string, Headers, number | null]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a fraction of seconds', { 'retry-after': '0.5' }, 500],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' }, 60_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
    ['more than 6 h', { 'retry-after': '86400' }, 6 * 3_600_000],
    ['nonsense', { 'retry-after': 'soon' }, null],
    ['a number below 0, which Date.parse takes for a date', { 'retry-after': '-1' }, null],
    ['a month alone, which Date.parse takes for one too', { 'retry-after': 'May 1' }, null],
    ['a date in RFC 850’s form', { 'retry-after': 'Monday, 23-Nov-26 12:01:00 GMT' }, 60_000],
    ['a date in asctime’s form', { 'retry-after': 'Mon Nov 23 12:01:00 2026' }, 60_000],
    [
      'a reset of -1, which is no time',
      { 'anthropic-ratelimit-tokens-remaining': '0', 'anthropic-ratelimit-tokens-reset': '-1' },
      null
    ],
    ['nothing', {}, null],
    [
      'the exhausted window’s reset, not the others’',
      {
        'anthropic-ratelimit-requests-remaining': '10',
        'anthropic-ratelimit-requests-reset': '2026-11-23T13:00:00Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T12:00:20Z'
      },
      20_000
    ],
    [
      'the latest of the exhausted windows’ resets',
      {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-11-23T12:00:50Z',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-23T12:00:20Z'
      },
      50_000
    ],
    [
      'a rejected unified window, in epoch seconds',
      {
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-reset': String(NOW / 1000 + 600),
        'anthropic-ratelimit-unified-7d-status': 'allowed',
        'anthropic-ratelimit-unified-7d-reset': String(NOW / 1000 + 9000)
      },
      600_000
    ],
    [
      'a full unified window, as a date',
      { 'anthropic-ratelimit-unified-utilization': '1.0', 'anthropic-ratelimit-unified-reset': '2026-11-23T12:10:00Z' },
      600_000
    ]
  ])('is told by %s', (_name, headers, wait) => {
    expect(until(headers)).toBe(wait)
  })

  test('529 and 429 have ramps of their own, 408 goes with 429', () => {
    expect(verdict(529, { type: 'overloaded_error', message: 'x' })).toMatchObject({ ramp: 'overload' })
    expect(verdict(429, { type: 'rate_limit_error', message: 'x' })).toMatchObject({
      ramp: 'limit',
      thisRequestOnly: false
    })
    expect(verdict(408, { type: 'timeout_error', message: 'x' })).toMatchObject({ ramp: 'limit' })
  })

  test('a 429 that concerns this request alone benches nothing', () => {
    expect(
      verdict(429, { type: 'rate_limit_error', message: 'Extra usage is required for long context requests.' })
    ).toMatchObject({ kind: 'busy', thisRequestOnly: true })
  })

  test('x-should-retry: true takes elsewhere what would be handed back', () => {
    expect(kindOf(400, 'invalid_request_error', 'x', undefined, { 'x-should-retry': 'true' })).toBe('retry_elsewhere')
    expect(kindOf(401, 'authentication_error', 'x', undefined, { 'x-should-retry': 'true' })).toBe('auth')
  })

  test.each([
    [401, 'authentication_error', 'x', 'auth'],
    [402, 'billing_error', 'x', 'quota'],
    [403, 'permission_error', 'x', 'auth'],
    [404, 'not_found_error', 'model: claude-nope', 'model_missing'],
    [429, 'rate_limit_error', 'x', 'busy'],
    [500, 'api_error', 'x', 'failure'],
    [529, 'overloaded_error', 'x', 'busy']
  ])('x-should-retry: false hands a %i back, judged as it would be without', (status, type, message, kind) => {
    const error = { type, message }
    expect(verdict(status, error, { 'x-should-retry': 'false' })).toMatchObject({ kind, handBack: true })
    expect(verdict(status, error)).not.toHaveProperty('handBack')
  })
})

describe('B14 a refused signature', () => {
  test.each([
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    'messages.3.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is enabled, a final `assistant` message must start with a thinking block',
    'messages.5.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
    'messages.1.content.0.thinking.signature: Field required',
    '{"type":"error","error":{"message":"messages.1.content.0: Invalid `signature` in `thinking` block"}}'
  ])('%s', (message) => {
    expect(kindOf(400, 'invalid_request_error', message)).toBe('signature')
  })

  test('is seen inside a relay’s own shape', () => {
    const body = JSON.stringify({
      type: 'error',
      error: { type: 'request_fail', upstream_error: { error: { message: 'Invalid `signature` in `thinking` block' } } }
    })
    expect(anthropic.judge(400, {}, Buffer.from(body), NOW).kind).toBe('signature')
  })
})

describe('our own refusals', () => {
  const refusal = (kind: Refusal['kind'], status: number): Refusal => ({
    kind,
    status,
    message: 'why',
    requestId: 'r1'
  })

  test.each([
    ['bad_json', 400, 'invalid_request_error'],
    ['unauthorized', 401, 'authentication_error'],
    ['forbidden', 403, 'permission_error'],
    ['unknown_path', 404, 'not_found_error'],
    ['method_not_allowed', 405, 'invalid_request_error'],
    ['body_too_large', 413, 'request_too_large'],
    ['busy', 429, 'rate_limit_error'],
    ['internal', 500, 'api_error'],
    ['upstream_failed', 502, 'api_error'],
    ['paused', 503, 'api_error'],
    ['timeout', 504, 'timeout_error'],
    ['loop', 508, 'api_error']
  ] as const)('%s %i is %s', (kind, status, type) => {
    const answer = anthropic.renderRefusal(refusal(kind, status))
    expect(answer).toMatchObject({ status, contentType: 'application/json' })
    expect(JSON.parse(answer.body.toString())).toEqual({
      type: 'error',
      error: { type, message: 'why' },
      request_id: 'r1'
    })
  })
})
