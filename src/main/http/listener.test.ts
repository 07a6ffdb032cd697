import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { startStubListener } from '../../../test/support/stub-listener'
import type { ClientReply, ClientRequest } from '../proxy/ports'
import { findPortOwner } from './port-owner'

/** What a server answers to bytes that are written as they are. */
function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
    onTestFinished(() => void socket.destroy())
  })
}

/** A proxy that holds its answers until it is told. */
function holdAnswers() {
  const held: ClientReply[] = []
  const handleProxy = async (_request: ClientRequest, reply: ClientReply) => void held.push(reply)
  return { held, routes: { handleProxy } }
}
const ask = { method: 'POST', target: '/v1/messages', body: {} }

test('port 0 picks a free port', async () => {
  const { listener, port } = await startStubListener()
  expect(port).toBeGreaterThan(0)
  expect(listener.address()).toEqual({ host: '127.0.0.1', port })
})

test('B42 a port that is taken is told with who has it', async () => {
  const { listener } = await startStubListener()
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await vi.waitFor(() => expect(other.listening).toBe(true))
  const { port } = other.address() as { port: number }
  await listener.stop(0)
  await expect(listener.start('127.0.0.1', port)).rejects.toMatchObject({ code: 'port_taken', port })
  if (process.platform === 'linux') expect(await findPortOwner(port)).toContain(`(pid ${process.pid})`)
  expect(await findPortOwner(1)).toBeNull()
  await expect(listener.start('127.0.0.1', 0)).resolves.toMatchObject({ host: '127.0.0.1' })
})

test('an address that is not of this machine is told so', async () => {
  const { listener } = await startStubListener()
  await listener.stop(0)
  await expect(listener.start('192.0.2.1', 0)).rejects.toMatchObject({ code: 'address_unavailable', host: '192.0.2.1' })
})

test('what is not HTTP is answered 400', async () => {
  const { port } = await startStubListener()
  expect(await exchangeBytes(port, 'hello there\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
})

test('a request without a Host is answered 400, or 421 in HTTP/1.0', async () => {
  const { port } = await startStubListener()
  expect(await exchangeBytes(port, 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await exchangeBytes(port, 'GET /health HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /)
})

test('headers over 64 KiB are answered 431', async () => {
  const { port } = await startStubListener()
  const header = `x-filler: ${'x'.repeat(70_000)}`
  const answer = await exchangeBytes(port, `GET /health HTTP/1.1\r\nhost: localhost\r\n${header}\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  // In a shape that the clients of every protocol read, for whose it is can't be known.
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as unknown
  const message = expect.stringContaining('more than 64 KiB of headers') as string
  const error = { type: 'invalid_request_error', message, code: 431, status: 'INVALID_ARGUMENT' }
  expect(body).toEqual({ type: 'error', error, code: 'bad_request', message })
})

test('rubbish behind a request that is still being answered cuts the connection, and never mixes into the answer', async () => {
  const { held, routes } = holdAnswers()
  const { port } = await startStubListener({ routes })
  const request = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n'
  const answer = exchangeBytes(port, `${request}rubbish\r\n\r\n`)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  expect(await answer).toBe('')
})

test('stop lets a request in flight finish, takes no new one, and resolves when it did', async () => {
  const clock = new FakeClock()
  const { held, routes } = holdAnswers()
  const { listener, open, send } = await startStubListener({ routes, clock })
  const inFlight = open(ask)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  let stopped = false
  const stopping = listener.stop(10_000).then(() => (stopped = true))
  expect((await send({ target: '/health' })).status).toBe(0)
  expect([stopped, listener.address()]).toEqual([false, null])
  held[0]?.send(200, [], Buffer.from('late'))
  expect((await inFlight.done).text).toBe('late')
  await stopping
  expect(clock.pendingTimers).toBe(0)
})

test('stop cuts off what is still in flight when the grace is over', async () => {
  const clock = new FakeClock()
  const { held, routes } = holdAnswers()
  const { listener, open } = await startStubListener({ routes, clock })
  const inFlight = open(ask)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const stopping = listener.stop(10_000)
  clock.advance(9_999)
  expect(inFlight.bodyBytes).toBe(0)
  clock.advance(1)
  await stopping
  expect((await inFlight.done).status).toBe(0)
})

test('stop ends idle connections and event streams at once, and the listener can start again', async () => {
  const clock = new FakeClock()
  const { listener, port, open } = await startStubListener({ clock })
  const authorization = 'Bearer management-token-of-the-test'
  const stream = open({ target: '/api/events', headers: { authorization } })
  await stream.until('connected')
  const idle = connect(port, '127.0.0.1')
  idle.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await new Promise((resolve) => idle.once('data', resolve))
  await listener.stop(10_000)
  expect((await stream.done).complete).toBe(true)
  expect(await listener.start('127.0.0.1', 0)).toMatchObject({ host: '127.0.0.1' })
})

test('B02 an answer that is cut is a broken connection to a client that knows no chunks, not an end', async () => {
  const { held, routes } = holdAnswers()
  const { port } = await startStubListener({ routes })
  const seen = Promise.withResolvers<string>()
  let text = ''
  const socket = connect(port, '127.0.0.1', () => socket.write('POST /v1/messages HTTP/1.0\r\nhost: localhost\r\n\r\n'))
  onTestFinished(() => void socket.destroy())
  socket.on('data', (chunk) => (text += chunk.toString()))
  socket.on('end', () => seen.resolve('ended'))
  socket.on('error', (error: Error & { code?: string }) => seen.resolve(error.code ?? ''))
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]?.head(200, ['content-type', 'text/event-stream'])
  held[0]?.write(Buffer.from('event: ping\n\n'))
  await vi.waitFor(() => expect(text).toContain('ping'))
  held[0]?.cut(Buffer.alloc(0))
  expect(await seen.promise).toBe('ECONNRESET')
})
