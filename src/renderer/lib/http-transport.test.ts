import { expect, onTestFinished, test, vi } from 'vitest'
import type { Connection } from './backend'
import { HttpTransport } from './http-transport'
import { takeToken, tokenIn } from './token'

/** Puts `answer` where `fetch` was, and turns the clock by hand. */
function setUp(answer: (url: string, init: RequestInit) => Promise<Response>, token: string | null = 'secret') {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', vi.fn(answer))
  const transport = new HttpTransport({ apiUrl: 'http://routex.test/api/', token })
  const connections: Connection['kind'][] = []
  onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const watch = (): void => onTestFinished(transport.onConnection(({ kind }) => connections.push(kind)))
  return { transport, connections, watch }
}

function openStream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const response = new Response(new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) }))
  return {
    response,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close()
  }
}

test('a call is a POST with the token, and its answer the bare result', async () => {
  const { transport } = setUp(async (url, init) => {
    expect(url).toBe('http://routex.test/api/channels.get')
    expect(new Headers(init.headers).get('authorization')).toBe('Bearer secret')
    expect(init).toMatchObject({ method: 'POST', body: '{"id":"a"}' })
    return Response.json({ name: 'A' })
  })
  expect(await transport.call('channels.get', { id: 'a' })).toEqual({ name: 'A' })
})

test('an error keeps its code, message and details; what is no JSON or no answer says so', async () => {
  const { transport } = setUp(async (url) => {
    if (url.endsWith('conflict')) {
      const body = { code: 'conflict', message: 'managed', details: { name: 'A' } }
      return Response.json(body, { status: 409 })
    }
    if (url.endsWith('html')) return new Response('<h1>502</h1>', { status: 502 })
    throw new TypeError('Failed to fetch')
  })
  await expect(transport.call('conflict', {})).rejects.toMatchObject({ code: 'conflict', details: { name: 'A' } })
  await expect(transport.call('html', {})).rejects.toMatchObject({ code: 'unreadable' })
  await expect(transport.call('gone', {})).rejects.toMatchObject({ code: 'unreachable' })
})

test('the stream is opened again after 1, 2, 3, 3 … seconds, and at once when asked or when somebody comes back to it', async () => {
  let tries = 0
  const { transport, connections, watch } = setUp(async () => {
    tries++
    throw new TypeError('Failed to fetch')
  })
  watch()
  for (const wait of [1, 2, 3, 3, 3]) {
    await vi.advanceTimersByTimeAsync(0)
    const before = tries
    await vi.advanceTimersByTimeAsync(wait * 1000 - 1)
    expect(tries).toBe(before)
    await vi.advanceTimersByTimeAsync(1)
    expect(tries).toBe(before + 1)
  }
  await vi.advanceTimersByTimeAsync(0)
  expect(connections.at(-1)).toBe('lost')
  const before = tries
  transport.retryNow()
  expect(tries).toBe(before + 1)
  const returns = [
    () => window.dispatchEvent(new Event('focus')),
    () => window.dispatchEvent(new Event('online')),
    () => document.dispatchEvent(new Event('visibilitychange'))
  ]
  for (const [index, comeBack] of returns.entries()) {
    await vi.advanceTimersByTimeAsync(0)
    comeBack()
    expect(tries).toBe(before + 2 + index)
  }
})

test('events reach their listeners, those of another name and those that ended hear nothing', async () => {
  const stream = openStream()
  const { transport, connections, watch } = setUp(async () => stream.response)
  const ticks = vi.fn()
  const others = vi.fn()
  transport.on('stats.tick', ticks)
  transport.on('health.changed', others)
  const stop = transport.on('stats.tick', others)
  stop()
  watch()
  await vi.advanceTimersByTimeAsync(0)
  expect(connections).toEqual(['connecting', 'connecting', 'live'])
  stream.send('event: stats.tick\ndata: {"inFlight":1}\n\nevent: of.tomorrow\ndata: {}\n\n')
  await vi.waitFor(() => expect(ticks).toHaveBeenCalledWith({ inFlight: 1 }))
  expect(others).not.toHaveBeenCalled()
  stream.end()
  await vi.waitFor(() => expect(connections.at(-1)).toBe('lost'))
})

test('a stream that falls silent for 45 seconds counts as lost', async () => {
  const stream = openStream()
  const { connections, watch } = setUp(async () => stream.response)
  watch()
  await vi.advanceTimersByTimeAsync(40_000)
  stream.send(': still here\n\n')
  await vi.advanceTimersByTimeAsync(40_000)
  expect(connections.at(-1)).toBe('live')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(connections.at(-1)).toBe('lost')
})

test('without a token, or with one that is refused, it is locked and tries no more', async () => {
  const without = setUp(async () => Response.json({}), null)
  without.watch()
  expect(without.connections.at(-1)).toBe('locked')

  let tries = 0
  const refused = setUp(async () => {
    tries++
    return Response.json({ code: 'unauthorized', message: 'no' }, { status: 401 })
  })
  refused.watch()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refused.connections.at(-1)).toBe('locked')
  expect(tries).toBe(1)
})

test('another token opens it again, whatever is still said of the one before', async () => {
  const stream = openStream()
  let refuse: (() => void) | undefined
  const { transport, connections, watch } = setUp(async (url, init) => {
    if (new Headers(init.headers).get('authorization') === 'Bearer new') return stream.response
    if (url.endsWith('slow')) await new Promise<void>((resolve) => (refuse = resolve))
    return Response.json({ code: 'unauthorized', message: 'no' }, { status: 401 })
  })
  watch()
  await vi.waitFor(() => expect(connections.at(-1)).toBe('locked'))
  const slow = expect(transport.call('slow', {})).rejects.toMatchObject({ code: 'unauthorized' })
  transport.useToken('new')
  await vi.waitFor(() => expect(connections.at(-1)).toBe('live'))
  refuse?.()
  await slow
  expect(connections.at(-1)).toBe('live')
})

test('the token moves from the address to the session storage, and out of the address', () => {
  onTestFinished(() => sessionStorage.clear())
  expect(takeToken()).toBeNull()
  location.hash = '#token=rtx%2Bsecret'
  expect(takeToken()).toBe('rtx+secret')
  expect(location.href).not.toContain('token')
  expect(takeToken()).toBe('rtx+secret')
  location.hash = '#token=rtx-newer'
  expect(takeToken()).toBe('rtx-newer')
})

test.each([
  ['http://127.0.0.1:8080/ui/#token=rtx%2Bsecret', 'rtx+secret'],
  [' rtx-secret\n', 'rtx-secret'],
  ['#token=rtx-secret', 'rtx-secret'],
  ['token=rtx-secret', 'rtx-secret'],
  ['http://127.0.0.1:8080/ui/#/overview', null],
  ['http://127.0.0.1:8080/ui/', null],
  ['两 个 字', null],
  ['', null]
])('of what is pasted, %j, the token is %j', (pasted, token) => {
  expect(tokenIn(pasted)).toBe(token)
})
