import { describe, expect, test } from 'vitest'
import { unusedUrl } from '../support/fake-upstream'
import { FakeClock } from '../support/fake-clock'
import { bytes, json } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropicError } from '../support/vendors/anthropic'
import { geminiError } from '../support/vendors/gemini'
import { openaiError } from '../support/vendors/openai-chat'
import { anthropic, fails, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

const HOUR = 3_600_000

describe('the client’s own fault', () => {
  test.each([400, 405, 406, 409, 411, 413, 414, 415, 422])(
    'B03 a %i is handed back byte for byte, without failover and without harm',
    async (status) => {
      const { first, second, gateway } = await startTwoChannels(anthropic)
      const body = Buffer.from(
        `{"type":"error",  "error":{"type":"invalid_request_error","message":"no: ${status} ü"}}`
      )
      first.next(bytes(status, body, { 'content-type': 'application/json', 'request-id': 'req_upstream' }))
      const answer = await gateway.ask(anthropic).done
      expect(answer.status).toBe(status)
      expect(answer.body.equals(body)).toBe(true)
      expect(answer.header('request-id')).toBe('req_upstream')
      expect(second.requests).toHaveLength(0)
      expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0 })
      expect(await gateway.onlyRow()).toMatchObject({ outcome: 'client_error', status })
    }
  )

  test('B03 a 404 of the path is handed back and benches nothing', async () => {
    const { first, second, gateway } = await startTwoChannels(openaiChat)
    const body = Buffer.from('<html><body>404 Not Found</body></html>')
    first.next(bytes(404, body, { 'content-type': 'text/html' }))
    const answer = await gateway.ask(openaiChat).done
    expect(answer.status).toBe(404)
    expect(answer.body.equals(body)).toBe(true)
    expect(second.requests).toHaveLength(0)
    expect((await gateway.health('first')).missingModels).toEqual([])
  })

  test.each(VENDORS)('B03 a 400 of $protocol is handed back to a streamed call as well', async (vendor) => {
    const { first, second, gateway } = await startTwoChannels(vendor)
    first.next(fails(vendor, 400, 'something is missing'))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.status).toBe(400)
    expect(answer.json()).toEqual(vendor.error(400, 'something is missing'))
    expect(second.requests).toHaveLength(0)
  })
})

interface Fault {
  readonly what: string
  readonly vendor: Vendor
  readonly status: number
  readonly body: object
}

const CREDENTIAL_FAULTS: readonly Fault[] = [
  { what: 'Anthropic 401', vendor: anthropic, status: 401, body: anthropic.error(401, 'invalid x-api-key') },
  { what: 'Anthropic 403', vendor: anthropic, status: 403, body: anthropic.error(403, 'no permission') },
  {
    what: 'Chat 401',
    vendor: openaiChat,
    status: 401,
    body: openaiError('invalid_request_error', 'Incorrect API key', 'invalid_api_key')
  },
  {
    what: 'Responses 403',
    vendor: openaiResponses,
    status: 403,
    body: openaiError('forbidden', 'Country not supported')
  },
  {
    what: 'Gemini 400 API_KEY_INVALID',
    vendor: gemini,
    status: 400,
    body: geminiError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }
    ])
  }
]

describe.each(CREDENTIAL_FAULTS)('$what', ({ vendor, status, body }) => {
  test('B03 fails over and marks the channel auth_failed', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.always(json(status, body))
    const answer = await gateway.ask(vendor).done
    expect(answer.json()).toEqual(vendor.answer({ text: 'from second' }))
    expect((await gateway.health('first')).state).toBe('auth_failed')
    await gateway.ask(vendor, { prompt: 'another' }).done
    expect(first.requests).toHaveLength(1)
  })
})

test('B03 an auth failure ends when the credential changes', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const created = await gateway.call('channels.create', {
    name: 'saved',
    protocol: 'anthropic',
    baseUrl: first.url,
    apiKey: 'sk-old',
    priority: 0
  })
  first.next(fails(anthropic, 401, 'invalid x-api-key'))
  await gateway.ask(anthropic).done
  expect((await gateway.health('saved')).state).toBe('auth_failed')
  await gateway.call('channels.update', { id: created.id, change: { apiKey: 'sk-new' } })
  expect((await gateway.health('saved')).state).toBe('closed')
  const answer = await gateway.ask(anthropic, { prompt: 'another' }).done
  expect(answer.header('x-routex-channel')).toBe('saved')
  expect(first.requests.at(-1)?.headers['x-api-key']).toBe('sk-new')
  expect(second.requests).toHaveLength(0)
})

test('B03 an auth failure ends by hand', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 401, 'invalid x-api-key'))
  await gateway.ask(anthropic).done
  await gateway.call('channels.clearHealth', { id: (await gateway.health('first')).id })
  const answer = await gateway.ask(anthropic, { prompt: 'another' }).done
  expect(answer.header('x-routex-channel')).toBe('first')
})

const QUOTA_FAULTS: readonly Fault[] = [
  { what: 'a 402', vendor: anthropic, status: 402, body: anthropic.error(402, 'pay') },
  {
    what: 'Anthropic’s 400 about credit',
    vendor: anthropic,
    status: 400,
    body: anthropicError(
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.'
    )
  },
  {
    what: 'Anthropic’s 400 about usage limits',
    vendor: anthropic,
    status: 400,
    body: anthropicError(
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2099-01-01.'
    )
  },
  {
    what: 'Anthropic’s 429 about a spend limit',
    vendor: anthropic,
    status: 429,
    body: anthropicError('rate_limit_error', 'limit', { error_code: 'enforced_spend_limit_reached' })
  },
  {
    what: 'OpenAI’s 429 insufficient_quota',
    vendor: openaiChat,
    status: 429,
    body: openaiError('insufficient_quota', 'You exceeded your current quota', 'insufficient_quota')
  }
]

test.each(QUOTA_FAULTS)(
  'B03 $what benches the channel for an hour and fails over',
  async ({ vendor, status, body }) => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(vendor, { clock })
    first.next(json(status, body))
    const answer = await gateway.ask(vendor).done
    expect(answer.header('x-routex-channel')).toBe('second')
    const health = await gateway.health('first')
    expect(health.state).toBe('cooling')
    expect((health.until ?? 0) - clock.now()).toBe(HOUR)
    expect(health.cause).toBeTruthy()
  }
)

const MISSING_MODELS: readonly Fault[] = [
  {
    what: 'Anthropic',
    vendor: anthropic,
    status: 404,
    body: anthropicError('not_found_error', `model: ${anthropic.model}`)
  },
  {
    what: 'OpenAI',
    vendor: openaiChat,
    status: 404,
    body: openaiError(
      'invalid_request_error',
      'The model `x` does not exist or you do not have access to it.',
      'model_not_found'
    )
  },
  {
    what: 'Gemini',
    vendor: gemini,
    status: 404,
    body: geminiError(
      404,
      'NOT_FOUND',
      `models/${gemini.model} is not found for API version v1beta, or is not supported for generateContent.`
    )
  }
]

test.each(MISSING_MODELS)(
  'B03 $what’s 404 of a model leaves out that model of the channel for an hour, and nothing else',
  async ({ vendor, status, body }) => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(vendor, { clock })
    first.next(json(status, body))
    expect((await gateway.ask(vendor).done).header('x-routex-channel')).toBe('second')
    const health = await gateway.health('first')
    expect(health.state).toBe('closed')
    expect(health.missingModels).toEqual([{ model: vendor.model, until: clock.now() + HOUR }])
    expect((await gateway.ask(vendor, { prompt: 'b' }).done).header('x-routex-channel')).toBe('second')
    expect((await gateway.ask(vendor, { model: 'another-model' }).done).header('x-routex-channel')).toBe('first')
    clock.advance(HOUR + 1000)
    expect((await gateway.ask(vendor, { prompt: 'c' }).done).header('x-routex-channel')).toBe('first')
  }
)

test.each([408, 429, 529])('B03 a %i benches the channel and fails over', async (status) => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, status, 'busy'))
  const answer = await gateway.ask(anthropic).done
  expect(answer.json()).toEqual(anthropic.answer({ text: 'from second' }))
  const health = await gateway.health('first')
  expect(health.state).toBe('cooling')
  expect(health.cause).toContain('busy')
})

test.each([500, 502, 503, 504, 520])('B03 a %i counts as a failure and fails over', async (status) => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, status, 'broken'))
  const answer = await gateway.ask(anthropic).done
  expect(answer.json()).toEqual(anthropic.answer({ text: 'from second' }))
  expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 1 })
})

test('B03 a connection that is refused counts as a failure and fails over', async () => {
  const { gateway } = await startTwoChannels(anthropic, { firstChannel: { baseUrl: await unusedUrl() } })
  const answer = await gateway.ask(anthropic).done
  expect(answer.header('x-routex-channel')).toBe('second')
  expect(await gateway.health('first')).toMatchObject({ failures: 1 })
})
