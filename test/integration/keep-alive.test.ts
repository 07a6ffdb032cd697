import { describe, expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { hang, stream, type StreamStep } from '../support/scripts'
import { readEvents } from '../support/sse'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

const SECOND = 1000
/** Clients of the field give up between 60 s and 300 s of silence. */
const SOON = 60 * SECOND

async function startSilent(vendor: Vendor, ...steps: readonly StreamStep[]) {
  const clock = new FakeClock(Date.now())
  const channels = await startTwoChannels(vendor, { clock })
  const events = vendor.events({ text: 'one two three' })
  const head = events.slice(0, vendor.firstContent + 1).join('')
  channels.first.next(stream([head, ...steps]))
  const exchange = channels.gateway.ask(vendor, { stream: true })
  await exchange.when(() => exchange.text.startsWith(head))
  const added = (): string => exchange.text.slice(head.length)
  return { ...channels, clock, events, head, exchange, added }
}

test('B25 a silent Anthropic stream gets event: ping', async () => {
  const { clock, added } = await startSilent(anthropic, hang)
  await advanceUntil(clock, SECOND, SOON, () => added() !== '')
  expect(readEvents(added())).toEqual([{ name: 'ping', data: expect.stringContaining('"ping"') as string }])
})

test('B25 a silent Chat stream gets an SSE comment', async () => {
  const { clock, added } = await startSilent(openaiChat, hang)
  await advanceUntil(clock, SECOND, SOON, () => added() !== '')
  expect(added()).toMatch(/^:[^\n]*\n\n$/)
})

test('B25 a silent Responses stream gets a keepalive event with its sequence number', async () => {
  const { clock, added, head } = await startSilent(openaiResponses, hang)
  await advanceUntil(clock, SECOND, SOON, () => added() !== '')
  const [event] = readEvents(added())
  expect(event?.name ?? 'keepalive').toBe('keepalive')
  expect(JSON.parse(event?.data ?? '')).toMatchObject({ type: 'keepalive', sequence_number: readEvents(head).length })
})

test('B25 a silent Gemini stream gets a bare blank line', async () => {
  const { clock, added } = await startSilent(gemini, hang)
  await advanceUntil(clock, SECOND, SOON, () => added() !== '')
  expect(added().replaceAll('\r', '')).toMatch(/^\n+$/)
})

test('B25 keep-alives go on while the silence does', async () => {
  const { clock, added } = await startSilent(openaiResponses, hang)
  await advanceUntil(clock, SECOND, 4 * SOON, () => readEvents(added()).length >= 3)
  const numbers = readEvents(added()).map(
    ({ data }) => (JSON.parse(data) as { sequence_number: number }).sequence_number
  )
  const [first = 0] = numbers
  expect(numbers.slice(0, 3)).toEqual([first, first + 1, first + 2])
})

describe.each(VENDORS)('$protocol', (vendor) => {
  test('B25 nothing is put into the middle of an event', async () => {
    const next = vendor.events({ text: 'one two three' })[vendor.firstContent + 1] ?? ''
    const gate = Promise.withResolvers<undefined>()
    const rest = vendor.events({ text: 'one two three' }).slice(vendor.firstContent + 2)
    const { clock, exchange, gateway, head } = await startSilent(
      vendor,
      next.slice(0, 20),
      gate.promise,
      next.slice(20),
      ...rest
    )
    for (let turned = 0; turned < SOON; turned += 5 * SECOND) {
      clock.advance(5 * SECOND)
      await gateway.health('first') // a turn of real sockets
    }
    gate.resolve(undefined)
    const answer = await exchange.done
    expect(answer.text).toContain(next)
    expect(answer.text.startsWith(head)).toBe(true)
    expect(answer.complete).toBe(true)
  })

  test('B25 the stream goes on after a keep-alive as if nothing had been', async () => {
    const gate = Promise.withResolvers<undefined>()
    const rest = vendor.events({ text: 'one two three' }).slice(vendor.firstContent + 1)
    const { clock, exchange, added, gateway } = await startSilent(vendor, gate.promise, ...rest)
    await advanceUntil(clock, SECOND, SOON, () => added() !== '')
    gate.resolve(undefined)
    const answer = await exchange.done
    expect(answer.complete).toBe(true)
    expect(answer.text.endsWith(rest.join(''))).toBe(true)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
  })
})

test.each(VENDORS)(
  'B25 nothing is put into an event of $protocol that is so long that it is let through in pieces',
  async (vendor) => {
    const events = vendor.events({ text: 'x'.repeat(1_500_000) })
    const long = events[vendor.firstContent] ?? ''
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(vendor, { clock })
    const gate = Promise.withResolvers<undefined>()
    first.next(
      stream([
        ...events.slice(0, vendor.firstContent),
        long.slice(0, 400_000),
        gate.promise,
        long.slice(400_000),
        ...events.slice(vendor.firstContent + 1)
      ])
    )
    const exchange = gateway.ask(vendor, { stream: true })
    await exchange.when(() => exchange.bodyBytes > 300_000)
    for (let turned = 0; turned < SOON; turned += 5 * SECOND) {
      clock.advance(5 * SECOND)
      await gateway.health('first') // a turn of real sockets
    }
    gate.resolve(undefined)
    const answer = await exchange.done
    expect(answer.text === events.join('')).toBe(true)
  }
)
