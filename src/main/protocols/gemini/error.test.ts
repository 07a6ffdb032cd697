import { describe, expect, test } from 'vitest'
import type { Headers, Refusal } from '../protocol'
import { gemini } from '.'

const NOW = Date.UTC(2026, 10, 23, 12)

function verdict(
  code: number,
  message: string,
  status: string,
  details: readonly unknown[] = [],
  headers: Headers = {}
) {
  const body = Buffer.from(JSON.stringify({ error: { code, message, status, details } }))
  return gemini.judge(code, headers, body, NOW)
}

const reason = (name: string) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: name })
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const quota = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'm', quotaId }]
})

describe('B03 a Gemini error', () => {
  test.each([
    [400, 'Invalid value at contents', 'INVALID_ARGUMENT', [], 'client_fault'],
    [
      400,
      'The input token count (1200000) exceeds the maximum number of tokens allowed',
      'INVALID_ARGUMENT',
      [],
      'client_fault'
    ],
    [400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT', [reason('API_KEY_INVALID')], 'auth'],
    [400, 'API key expired. Please renew the API key.', 'INVALID_ARGUMENT', [], 'auth'],
    [400, 'User location is not supported for the API use.', 'FAILED_PRECONDITION', [], 'auth'],
    [
      400,
      'The File abc is not in an ACTIVE state and usage is not allowed.',
      'FAILED_PRECONDITION',
      [],
      'client_fault'
    ],
    [
      403,
      'You do not have permission to access the File abc or it may not exist.',
      'PERMISSION_DENIED',
      [],
      'client_fault'
    ],
    [403, 'CachedContent not found (or permission denied)', 'PERMISSION_DENIED', [], 'client_fault'],
    [403, 'Generative Language API has not been used', 'PERMISSION_DENIED', [reason('SERVICE_DISABLED')], 'auth'],
    [403, 'Billing', 'PERMISSION_DENIED', [reason('BILLING_DISABLED')], 'quota'],
    [403, 'denied', 'PERMISSION_DENIED', [], 'auth'],
    [
      404,
      'models/g is not found for API version v1beta, or is not supported for generateContent.',
      'NOT_FOUND',
      [],
      'model_missing'
    ],
    [404, 'Requested entity was not found.', 'NOT_FOUND', [], 'client_fault'],
    [429, 'x', 'RESOURCE_EXHAUSTED', [quota('GenerateRequestsPerMinutePerProjectPerModel')], 'busy'],
    [429, 'x', 'RESOURCE_EXHAUSTED', [quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')], 'quota'],
    [500, 'x', 'INTERNAL', [], 'failure'],
    [503, 'The model is overloaded.', 'UNAVAILABLE', [], 'failure'],
    [504, 'x', 'DEADLINE_EXCEEDED', [], 'failure']
  ])('%i “%s” %s is %5$s', (code, message, status, details, kind) => {
    expect(verdict(code, message, status, details).kind).toBe(kind)
  })

  test('of a streamed call comes as an array of one', () => {
    const body = Buffer.from('[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]')
    expect(gemini.judge(400, {}, body, NOW).kind).toBe('auth')
  })

  test('that is no JSON is judged by its status', () => {
    expect(gemini.judge(502, {}, Buffer.from('<html>'), NOW)).toEqual({ kind: 'failure', message: '<html>' })
    expect(gemini.judge(404, {}, Buffer.from(''), NOW).kind).toBe('client_fault')
    expect(gemini.judge(403, {}, Buffer.from('{"error":"x"}'), NOW).kind).toBe('auth')
  })

  test('with status 200 is judged by its code', () => {
    const body = Buffer.from('{"error":{"message":"x","status":"UNAUTHENTICATED"}}')
    expect(gemini.judge(200, {}, body, NOW).kind).toBe('auth')
    expect(gemini.judge(200, {}, Buffer.from('{"error":{"message":"x"}}'), NOW).kind).toBe('failure')
  })
})

describe('B04 when a Gemini channel is back', () => {
  const wait = (details: readonly unknown[], headers: Headers = {}) => {
    const told = verdict(429, 'x', 'RESOURCE_EXHAUSTED', details, headers)
    return 'untilMs' in told && told.untilMs !== null ? told.untilMs - NOW : null
  }

  test('is told by RetryInfo, clamped to 6 h', () => {
    expect(wait([retry('34.074824224s')])).toBeCloseTo(34_074.824, 0)
    expect(wait([retry('51820.6s')])).toBe(6 * 3_600_000)
    expect(wait([retry('soon')])).toBeNull()
    expect(wait([])).toBeNull()
    expect(wait([retry('34s')], { 'retry-after': '5' })).toBe(5000)
  })

  test('for a daily quota is the next midnight in California, within 6 h', () => {
    const daily = [quota('GenerateRequestsPerDayPerProjectPerModel'), retry('30s')]
    expect(wait(daily)).toBe(6 * 3_600_000)
    const evening = Date.UTC(2026, 10, 24, 6, 30)
    const body = Buffer.from(JSON.stringify({ error: { code: 429, message: 'x', status: 'y', details: daily } }))
    expect(gemini.judge(429, {}, body, evening)).toMatchObject({ kind: 'quota', untilMs: Date.UTC(2026, 10, 24, 8) })
  })
})

describe('B14 a refused signature', () => {
  test.each([
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly',
    'Unable to submit request because Thought signature is not valid.. Learn more',
    'Corrupted thought signature.'
  ])('%s', (message) => {
    expect(verdict(400, message, 'INVALID_ARGUMENT').kind).toBe('signature')
  })
})

describe('our own refusals', () => {
  const render = (kind: Refusal['kind'], status: number) => {
    const answer = gemini.renderRefusal({ kind, status, message: 'why', requestId: 'r1' })
    return { status: answer.status, ...(JSON.parse(answer.body.toString()) as { error: Record<string, unknown> }) }
  }

  test.each([
    ['bad_json', 400, 'INVALID_ARGUMENT'],
    ['forbidden', 403, 'PERMISSION_DENIED'],
    ['unknown_path', 404, 'NOT_FOUND'],
    ['body_too_large', 413, 'INVALID_ARGUMENT'],
    ['busy', 429, 'RESOURCE_EXHAUSTED'],
    ['internal', 500, 'INTERNAL'],
    ['upstream_failed', 502, 'UNAVAILABLE'],
    ['paused', 503, 'UNAVAILABLE'],
    ['timeout', 504, 'DEADLINE_EXCEEDED']
  ] as const)('%s %i is %s', (kind, status, name) => {
    expect(render(kind, status)).toEqual({ status, error: { code: status, message: 'why', status: name } })
  })

  test('B04 the wait is told in whole seconds, one at least', () => {
    const delay = (retryAfterMs: number) => {
      const refusal = { kind: 'busy', status: 429, message: 'why', requestId: 'r1', retryAfterMs } as const
      return JSON.parse(gemini.renderRefusal(refusal).body.toString()) as unknown
    }
    expect(delay(16_001)).toMatchObject({ error: { details: [retry('17s')] } })
    expect(delay(-5)).toMatchObject({ error: { details: [retry('1s')] } })
  })

  test('a bad key is Google’s own 400', () => {
    expect(render('unauthorized', 401)).toMatchObject({
      status: 400,
      error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] }
    })
  })
})
