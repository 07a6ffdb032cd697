import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { hang, hangForever, stream } from '../support/scripts'
import { spawnHeadless, startHeadless } from '../support/start-headless'
import { anthropic, says } from '../support/vendors/vendors'

async function startWithOpenStream() {
  const upstream = await startFakeUpstream()
  const gate = Promise.withResolvers<undefined>()
  const events = anthropic.events({ text: 'one two three' })
  upstream.always(stream([...events.slice(0, 4), gate.promise, ...events.slice(4)]))
  const running = await startHeadless({ config: withChannels([channelOf(anthropic, upstream)]) })
  const exchange = running.gateway.ask(anthropic, { stream: true })
  await exchange.until('text_delta')
  return { ...running, exchange, events, finish: () => gate.resolve(undefined) }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops accepting, lets the request in flight finish, and exits 0',
  async (signal) => {
    const running = await startWithOpenStream()
    running.signal(signal)
    await expect.poll(async () => (await running.gateway.send({ target: '/health' }).done).status).toBe(0)
    running.finish()
    const answer = await running.exchange.done
    expect(answer.text).toBe(running.events.join(''))
    expect(answer.complete).toBe(true)
    expect(await running.exited).toEqual({ code: 0, signal: null })
    const again = await startHeadless({ dataDir: running.dataDir })
    expect(await again.gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { output: 7 } })
  }
)

test('a second SIGTERM ends at once', async () => {
  const running = await startWithOpenStream()
  running.signal('SIGTERM')
  await expect.poll(async () => (await running.gateway.send({ target: '/health' }).done).status).toBe(0)
  const before = performance.now()
  running.signal('SIGTERM')
  await running.exited
  expect(performance.now() - before).toBeLessThan(3000)
  expect((await running.exchange.done).complete).toBe(false)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'B30 a second %s leaves a row for each request in flight, before its answer and within it',
  async (signal) => {
    const upstream = await startFakeUpstream()
    upstream.next(says(anthropic, { text: 'fine' }), stream([...anthropic.events({ text: 'one' }).slice(0, 4), hang]))
    upstream.always(hangForever)
    const running = await startHeadless({ config: withChannels([channelOf(anthropic, upstream)]) })
    await running.gateway.ask(anthropic).done
    const answering = running.gateway.ask(anthropic, { stream: true, headers: { 'x-session-id': 'streamed' } })
    await answering.until('text_delta')
    const waiting = running.gateway.ask(anthropic, { headers: { 'x-session-id': 'whole' } })
    await upstream.request(3)

    running.signal(signal)
    await expect.poll(async () => (await running.gateway.send({ target: '/health' }).done).status).toBe(0)
    const before = performance.now()
    running.signal(signal)
    await running.exited
    expect(performance.now() - before).toBeLessThan(3000)
    await Promise.all([answering.done, waiting.done])

    const again = await startHeadless({ dataDir: running.dataDir })
    await expect.poll(async () => (await again.gateway.rows()).length).toBe(3)
    const [whole, streamed, finished] = await again.gateway.rows()
    const attempts = [{ channelName: 'main', verdict: 'cancelled' }]
    const cancelled = { outcome: 'cancelled', status: 499, errorCode: 'stopped', attempts }
    expect(whole).toMatchObject({ ...cancelled, sessionId: 'whole', model: anthropic.model, channelId: null })
    expect(streamed).toMatchObject({ ...cancelled, sessionId: 'streamed', stream: true, channelName: 'main' })
    expect(streamed?.firstByteMs).toBeGreaterThan(0)
    expect(finished).toMatchObject({ outcome: 'ok' })
    expect(existsSync(join(running.dataDir, 'journal.bad.jsonl'))).toBe(false)
  }
)

test('without a request in flight SIGTERM ends at once with 0, idle keep-alive connections or not', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const { gateway, signal, exited } = await startHeadless({ config: withChannels([channelOf(anthropic, upstream)]) })
  const response = await fetch(`${gateway.url}/health`)
  await response.text()
  await gateway.ask(anthropic).done
  const before = performance.now()
  signal('SIGTERM')
  expect(await exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - before).toBeLessThan(3000)
})

test('B42 a port that is taken exits 3 and says which', async () => {
  const owner = createServer()
  await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve))
  const { port } = owner.address() as AddressInfo
  const running = await spawnHeadless({ args: ['--port', String(port)] })
  expect(await running.exited).toEqual({ code: 3, signal: null })
  expect(running.stderr()).toContain(String(port))
  expect(running.stdout()).toBe('')
  await new Promise((resolve) => owner.close(resolve))
})

test('B42 a second process on the data folder exits 3, names the folder and its owner, and harms nothing', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const config = withChannels([channelOf(anthropic, upstream)])
  const first = await startHeadless({ config })
  const second = await spawnHeadless({ config, dataDir: first.dataDir })
  expect(await second.exited).toEqual({ code: 3, signal: null })
  expect(second.stderr()).toContain(first.dataDir)
  expect(second.stderr()).toContain(String(first.pid))
  expect((await first.gateway.ask(anthropic).done).status).toBe(200)
  expect(await first.gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
})

test('B42 a data folder whose owner was killed can be taken over', async () => {
  const first = await startHeadless()
  first.signal('SIGKILL')
  await first.exited
  const second = await startHeadless({ dataDir: first.dataDir })
  expect((await second.gateway.send({ target: '/health' }).done).status).toBe(200)
})
