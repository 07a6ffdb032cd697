import { describe, expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { cut, hang, json, stream } from '../support/scripts'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropicError } from '../support/vendors/anthropic'
import { named, unnamed } from '../support/vendors/content'
import { geminiError } from '../support/vendors/gemini'
import { openaiError } from '../support/vendors/openai-chat'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

const PING = named({ type: 'ping' })

/** An error as the vendor sends it inside a stream that began with 200. */
const ERROR_EVENTS: readonly { readonly vendor: Vendor; readonly event: string }[] = [
  { vendor: anthropic, event: named(anthropicError('overloaded_error', 'Overloaded')) },
  { vendor: openaiChat, event: unnamed(openaiError('server_error', 'The server had an error')) },
  {
    vendor: openaiResponses,
    event: named({
      type: 'response.failed',
      sequence_number: 2,
      response: { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'boom' }, output: [] }
    } as { type: string })
  },
  { vendor: gemini, event: unnamed(geminiError(503, 'UNAVAILABLE', 'The model is overloaded.')) }
]

describe.each(ERROR_EVENTS)('$vendor.protocol', ({ vendor, event }) => {
  test('B01 an error event before any content fails over, and the client sees nothing of it', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const head = vendor.events({ text: 'never seen' }).slice(0, vendor.firstContent)
    first.next(stream([...head, event]))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.status).toBe(200)
    expect(answer.text).toBe(vendor.events({ text: 'from second' }).join(''))
    expect(answer.complete).toBe(true)
    expect(answer.header('x-routex-channel')).toBe('second')
    expect(answer.header('x-routex-attempts')).toBe('2')
  })
})

describe.each(VENDORS)('$protocol', (vendor) => {
  test('B01 a stream that breaks before any content fails over', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.next(stream([...vendor.events({ text: 'never seen' }).slice(0, vendor.firstContent), cut]))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.text).toBe(vendor.events({ text: 'from second' }).join(''))
    expect(answer.complete).toBe(true)
  })

  test('B01 a whole answer that breaks half-way fails over', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const body = Buffer.from(JSON.stringify(vendor.answer({ text: 'never seen '.repeat(2000) })))
    first.next(async (exchange) => {
      exchange.head(200, { 'content-type': 'application/json', 'content-length': String(body.length) })
      await exchange.write(body.subarray(0, body.length / 2))
      exchange.cut()
    })
    const answer = await gateway.ask(vendor).done
    expect(answer.json()).toEqual(vendor.answer({ text: 'from second' }))
    expect(answer.header('x-routex-channel')).toBe('second')
  })

  test('B01 an error in the body of a 200 fails over', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.next(json(200, vendor.error(500, 'internal')))
    const answer = await gateway.ask(vendor).done
    expect(answer.json()).toEqual(vendor.answer({ text: 'from second' }))
  })

  test('B01 the first event of content commits: the client has it while the stream still runs', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const events = vendor.events({ text: 'one two three' })
    first.next(stream([...events.slice(0, vendor.firstContent + 1), hang]))
    const exchange = gateway.ask(vendor, { stream: true })
    await exchange.when(() => exchange.text === events.slice(0, vendor.firstContent + 1).join(''))
    expect((await exchange.head()).status).toBe(200)
  })
})

test('B01 events without content are held back', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const gate = Promise.withResolvers<undefined>()
  const events = anthropic.events({ text: 'hello' })
  first.next(stream([...events.slice(0, anthropic.firstContent), gate.promise, cut]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await first.request(1)
  gate.resolve(undefined)
  const answer = await exchange.done
  expect(answer.text).toBe(anthropic.events({ text: 'from second' }).join(''))
})

test('B01 at most 64 events are held back', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic, { clock: new FakeClock(Date.now()) })
  const events = anthropic.events({ text: 'hello' })
  first.next(stream([events[0] ?? '', ...Array.from({ length: 64 }, () => PING), hang]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await exchange.until('event: ping')
  expect(second.requests).toHaveLength(0)
  expect((await exchange.head()).headers.get('x-routex-channel')).toEqual(['first'])
})

test('B01 at most 256 KiB are held back', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic, { clock: new FakeClock(Date.now()) })
  const events = anthropic.events({ text: 'hello' })
  const filler = named({ type: 'unheard_of', filler: 'x'.repeat(60_000) } as { type: string })
  first.next(stream([events[0] ?? '', filler, filler, filler, filler, filler, hang]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await exchange.until('unheard_of')
  expect(second.requests).toHaveLength(0)
})

test('B01 an answer without content is held back for 2 s after the first byte', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(anthropic, { clock })
  first.next(stream([...anthropic.events({ text: 'hello' }).slice(0, anthropic.firstContent), hang]))
  const exchange = gateway.ask(anthropic, { stream: true })
  await first.request(1)
  const turned = await advanceUntil(clock, 100, 10_000, () => exchange.bodyBytes > 0)
  expect(turned).toBeGreaterThanOrEqual(1_900)
  expect(turned).toBeLessThanOrEqual(3_100)
})

test('B01 a whole answer over 1 MiB is committed before its end, and never fails over after that', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const body = Buffer.from(JSON.stringify(anthropic.answer({ text: 'x'.repeat(3 * 1024 * 1024) })))
  const gate = Promise.withResolvers<undefined>()
  first.next(async (exchange) => {
    exchange.head(200, { 'content-type': 'application/json', 'content-length': String(body.length) })
    await exchange.write(body.subarray(0, 2 * 1024 * 1024))
    await gate.promise
    exchange.cut()
  })
  const exchange = gateway.ask(anthropic)
  await exchange.when(() => exchange.bodyBytes > 1024 * 1024)
  gate.resolve(undefined)
  const answer = await exchange.done
  expect(answer.complete).toBe(false)
  expect(second.requests).toHaveLength(0)
  expect((await gateway.onlyRow()).outcome).toBe('truncated')
})
