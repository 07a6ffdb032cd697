import { describe, expect, test } from 'vitest'
import { unusedUrl, type FakeUpstream } from '../support/fake-upstream'
import { ManagementError } from '../support/management-client'
import { channelOf, withChannels } from '../support/config'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { fileScope } from '../support/file-scope'
import { startTwoChannels, type TwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, VENDORS, type Vendor } from '../support/vendors/vendors'

const register = fileScope()
const started = new Map<Vendor, Promise<TwoChannels>>()

/** One gateway for each vendor: what is asked here leaves no trace in it. */
async function start(vendor: Vendor): Promise<{ gateway: RunningGateway; upstream: FakeUpstream; served: number }> {
  let channels = started.get(vendor)
  if (!channels) {
    channels = startTwoChannels(vendor, { register })
    started.set(vendor, channels)
  }
  const { first, gateway } = await channels
  return { gateway, upstream: first, served: first.requests.length }
}

function errorOf(vendor: Vendor, body: unknown): { readonly type: string; readonly message: string } {
  const { error } = body as {
    readonly error: { readonly type?: string; readonly status?: string; readonly message: string }
  }
  if (vendor === anthropic) expect(body).toMatchObject({ type: 'error' })
  expect(error.message).toEqual(expect.stringMatching(/\w/))
  return { type: error.type ?? error.status ?? '', message: error.message }
}

describe.each(VENDORS)('$protocol', (vendor) => {
  const post = (gateway: RunningGateway, body: string) =>
    gateway.send({ target: vendor.target({ stream: false }), headers: vendor.headers(gateway.key), body }).done

  test.each(['{"model": "x", ', 'not json at all', '[1,2]', '"text"', ''])(
    'the body %j is a 400 in the client’s shape',
    async (body) => {
      const { gateway, upstream, served } = await start(vendor)
      const answer = await gateway.send({
        method: 'POST',
        target: vendor.target({ stream: false }),
        headers: {
          ...vendor.headers(gateway.key),
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body))
        },
        body
      }).done
      expect(answer.status).toBe(400)
      expect(answer.header('content-type')).toContain('application/json')
      errorOf(vendor, answer.json())
      expect(upstream.requests).toHaveLength(served)
    }
  )

  test('JSON of strange types breaks nothing', async () => {
    const { gateway } = await start(vendor)
    const strange = [
      '{"model":"x","messages":"no list","contents":7,"input":{}}',
      `{"model":"x","messages":[null,1,{"role":[]}],"contents":[null],"input":[null],"stream":"yes"}`
    ]
    for (const body of strange) expect((await post(gateway, body)).status).toBeLessThan(500)
  })

  test('a wrong key is refused with the vendor’s status, in the client’s shape, without repeating the key', async () => {
    const { gateway, upstream, served } = await start(vendor)
    const answer = await gateway.ask(vendor, { key: 'rtx-wrong-and-secret' }).done
    expect(answer.status).toBe(vendor === gemini ? 400 : 401) // Google’s API_KEY_INVALID is a 400
    errorOf(vendor, answer.json())
    expect(answer.text).not.toContain('rtx-wrong-and-secret')
    expect(upstream.requests).toHaveLength(served)
  })

  test('no key is refused with the vendor’s status, and the answer says how to send one', async () => {
    const { gateway } = await start(vendor)
    const answer = await gateway.ask(vendor, { key: null }).done
    expect([400, 401, 403]).toContain(answer.status)
    expect(errorOf(vendor, answer.json()).message).toMatch(/key/i)
  })

  test('a method that the path does not take is a 405 in the client’s shape', async () => {
    const { gateway } = await start(vendor)
    const answer = await gateway.send({
      method: 'PUT',
      target: vendor.target({ stream: false }),
      headers: vendor.headers(gateway.key),
      body: '{}'
    }).done
    expect(answer.status).toBe(405)
    errorOf(vendor, answer.json())
  })
})

test.each([anthropic, openaiChat])('no model is a 400 of $protocol', async (vendor) => {
  const { gateway } = await start(vendor)
  const answer = await gateway.ask(vendor, { body: { model: undefined } }).done
  expect(answer.status).toBe(400)
  expect(errorOf(vendor, answer.json()).message).toContain('model')
})

test.each([7, '', null, ['x']])('the model %j is a 400', async (model) => {
  const { gateway } = await start(openaiChat)
  expect((await gateway.ask(openaiChat, { body: { model } }).done).status).toBe(400)
})

test('an unknown path is a 404 in the shape that headers and path suggest', async () => {
  const { gateway } = await start(openaiChat)
  const claude = await gateway.send({ target: '/v1/unheard', headers: anthropic.headers(gateway.key), body: {} }).done
  expect(claude.status).toBe(404)
  expect(claude.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  const google = await gateway.send({ target: '/v1beta/unheard', headers: gemini.headers(gateway.key), body: {} }).done
  expect(google.status).toBe(404)
  expect(google.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } })
  const openai = await gateway.send({ target: '/v1/unheard', headers: openaiChat.headers(gateway.key), body: {} }).done
  expect(openai.status).toBe(404)
  expect(openai.json()).toMatchObject({ error: { type: expect.any(String) as string } })
})

describe('Host and Origin', () => {
  test('a foreign Host is refused, on the gateway and on the API', async () => {
    const { gateway, upstream, served } = await start(anthropic)
    const answer = await gateway.ask(anthropic, { headers: { host: 'evil.example' } }).done
    expect(answer.status).toBe(421)
    errorOf(anthropic, answer.json())
    const api = await gateway.send({
      target: '/api/channels.list',
      headers: { host: 'evil.example', authorization: `Bearer ${gateway.management.token}` },
      body: {}
    }).done
    expect(api.status).toBe(421)
    expect(upstream.requests).toHaveLength(served)
  })

  test.each(['localhost', '127.0.0.1', '[::1]', 'app.localhost'])('the Host %s is this machine', async (host) => {
    const { gateway } = await start(anthropic)
    const { port } = new URL(gateway.url)
    expect((await gateway.ask(anthropic, { headers: { host: `${host}:${port}` } }).done).status).toBe(200)
  })

  test('a Host that the user listed is served', async () => {
    const { gateway } = await startTwoChannels(anthropic, { settings: { allowedHosts: ['gateway.lan'] } })
    expect((await gateway.ask(anthropic, { headers: { host: 'gateway.lan:8080' } }).done).status).toBe(200)
    expect((await gateway.ask(anthropic, { headers: { host: 'other.lan:8080' } }).done).status).toBe(421)
  })

  test('a foreign Origin is refused with 403', async () => {
    const { gateway, upstream, served } = await start(openaiChat)
    const answer = await gateway.ask(openaiChat, { headers: { origin: 'https://evil.example' } }).done
    expect(answer.status).toBe(403)
    expect(answer.header('access-control-allow-origin')).toBeUndefined()
    expect(upstream.requests).toHaveLength(served)
  })

  test('an Origin on the list is served with CORS, its preflight too', async () => {
    const origin = 'https://app.example'
    const { gateway } = await startTwoChannels(openaiChat, { settings: { allowedOrigins: [origin] } })
    const preflight = await gateway.send({
      method: 'OPTIONS',
      target: '/v1/chat/completions',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type'
      }
    }).done
    expect(preflight.status).toBeLessThan(300)
    expect(preflight.header('access-control-allow-origin')).toBe(origin)
    expect(preflight.header('access-control-allow-headers')).toMatch(/authorization/i)
    const answer = await gateway.ask(openaiChat, { headers: { origin } }).done
    expect(answer.status).toBe(200)
    expect(answer.header('access-control-allow-origin')).toBe(origin)
    expect(answer.header('access-control-expose-headers') ?? '').toMatch(/\*|x-routex-request-id/i)
  })
})

describe('channels that can’t be', () => {
  test.each(['not a url', 'ftp://example.com', 'http://', 'file:///etc/passwd', ''])(
    'the URL %j is refused with its path',
    async (baseUrl) => {
      const gateway = await startGateway()
      const creating = gateway.call('channels.create', { name: 'x', protocol: 'anthropic', baseUrl })
      await expect(creating).rejects.toBeInstanceOf(ManagementError)
      await expect(creating).rejects.toMatchObject({ status: 400 })
      await creating.catch((error: unknown) => expect(JSON.stringify([String(error), error])).toContain('baseUrl'))
    }
  )

  test('an unknown field is refused by its name', async () => {
    const gateway = await startGateway()
    const body = { name: 'x', protocol: 'anthropic', baseUrl: 'https://api.anthropic.com', prority: 1 }
    const response = await gateway.management.post('channels.create', body)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('prority')
  })

  test('a channel that nobody listens for gives a clear error', async () => {
    const gateway = await startGateway({ config: withChannels([channelOf(anthropic, await unusedUrl())]) })
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(502)
    expect(errorOf(anthropic, answer.json()).message).toContain('ECONNREFUSED')
  })
})

test.each(VENDORS)(
  'a target that names another host is refused in the shape of $protocol, and leaves a row',
  async (vendor) => {
    const gateway = await startGateway()
    const target = `http://api.vendor.test${vendor.target({ stream: false })}`
    const answer = await gateway.send({
      target,
      headers: vendor.headers(gateway.key),
      body: vendor.request({ stream: false })
    }).done
    expect(answer.status).toBe(421)
    const message = expect.stringContaining('api.vendor.test') as string
    expect(answer.json()).toMatchObject(
      vendor === anthropic ? { type: 'error', error: { message } } : { error: { message } }
    )
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'refused', path: vendor.target({ stream: false }) })
  }
)
