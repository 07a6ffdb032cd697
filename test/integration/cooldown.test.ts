import { describe, expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { json } from '../support/scripts'
import { startTwoChannels, type TwoChannels } from '../support/two-channels'
import { geminiError } from '../support/vendors/gemini'
import { anthropic, fails, gemini, openaiChat, says, type Vendor } from '../support/vendors/vendors'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

async function setUp(vendor: Vendor): Promise<TwoChannels & { readonly clock: FakeClock }> {
  // whole seconds, since HTTP dates have no fractions
  const clock = new FakeClock(Math.ceil(Date.now() / 1000) * 1000)
  return { ...(await startTwoChannels(vendor, { clock })), clock }
}

interface Limit {
  readonly what: string
  readonly vendor: Vendor
  readonly headers: (now: number) => Readonly<Record<string, string>>
  readonly ms: number
}

const rfc3339 = (at: number): string => new Date(at).toISOString()

const LIMITS: readonly Limit[] = [
  { what: 'retry-after in seconds', vendor: anthropic, headers: () => ({ 'retry-after': '90' }), ms: 90 * SECOND },
  {
    what: 'retry-after as a date',
    vendor: anthropic,
    headers: (now) => ({ 'retry-after': new Date(now + 2 * MINUTE).toUTCString() }),
    ms: 2 * MINUTE
  },
  { what: 'retry-after-ms', vendor: openaiChat, headers: () => ({ 'retry-after-ms': '1500' }), ms: 1500 },
  {
    what: 'the reset of an exhausted window, not that of one with room left',
    vendor: anthropic,
    headers: (now) => ({
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': rfc3339(now + 3 * HOUR),
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': rfc3339(now + 7 * MINUTE)
    }),
    ms: 7 * MINUTE
  },
  {
    what: 'a rejected unified window in epoch seconds',
    vendor: anthropic,
    headers: (now) => ({
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': String((now + 20 * MINUTE) / 1000)
    }),
    ms: 20 * MINUTE
  },
  {
    what: 'OpenAI’s duration of an exhausted window',
    vendor: openaiChat,
    headers: () => ({
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
      'x-ratelimit-remaining-requests': '10',
      'x-ratelimit-reset-requests': '40m0s'
    }),
    ms: 6 * MINUTE
  },
  {
    what: 'a wait longer than 6 h, clamped',
    vendor: anthropic,
    headers: () => ({ 'retry-after': '999999' }),
    ms: 6 * HOUR
  }
]

test.each(LIMITS)('B04 a 429 obeys $what', async ({ vendor, headers, ms }) => {
  const { first, gateway, clock } = await setUp(vendor)
  first.next(fails(vendor, 429, 'slow down', headers(clock.now())))
  await gateway.ask(vendor).done
  const health = await gateway.health('first')
  expect(health.state).toBe('cooling')
  expect((health.until ?? 0) - clock.now()).toBe(ms)
})

test('B04 a 429 obeys the delay in Gemini’s body', async () => {
  const { first, gateway, clock } = await setUp(gemini)
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '51.5s' }
  first.next(json(429, geminiError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded', [retry])))
  await gateway.ask(gemini).done
  expect(((await gateway.health('first')).until ?? 0) - clock.now()).toBe(51_500)
})

describe('without a word of the upstream', () => {
  test('B04 the wait doubles from 30 s up to 5 min', async () => {
    const { first, gateway, clock } = await setUp(anthropic)
    first.always(fails(anthropic, 429, 'slow down'))
    const waits: number[] = []
    for (let round = 0; round < 6; round += 1) {
      await gateway.ask(anthropic, { prompt: `round ${round}` }).done
      const wait = ((await gateway.health('first')).until ?? 0) - clock.now()
      waits.push(wait / SECOND)
      clock.advance(wait + 1)
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300])
  })

  test('B04 429 and 529 have separate ramps', async () => {
    const { first, gateway, clock } = await setUp(anthropic)
    const waits: number[] = []
    for (const status of [429, 429, 529]) {
      first.next(fails(anthropic, status, 'busy'))
      await gateway.ask(anthropic, { prompt: `status ${status} ${waits.length}` }).done
      const wait = ((await gateway.health('first')).until ?? 0) - clock.now()
      waits.push(wait / SECOND)
      clock.advance(wait + 1)
    }
    expect(waits).toEqual([30, 60, 30])
  })

  test.each([429, 529])('B04 a success ends the ramp of %i', async (status) => {
    const { first, gateway, clock } = await setUp(anthropic)
    const busy = fails(anthropic, status, 'busy')
    first.next(busy, says(anthropic, { text: 'fine' }), busy)
    await gateway.ask(anthropic, { prompt: 'a' }).done
    clock.advance(31 * SECOND)
    await gateway.ask(anthropic, { prompt: 'b' }).done
    expect((await gateway.health('first')).state).toBe('closed')
    await gateway.ask(anthropic, { prompt: 'c' }).done
    expect(((await gateway.health('first')).until ?? 0) - clock.now()).toBe(30 * SECOND)
  })
})

test('B04 a cooling channel is left alone until its time, then used again', async () => {
  const { first, gateway, clock } = await setUp(anthropic)
  first.next(fails(anthropic, 429, 'slow down', { 'retry-after': '60' }))
  await gateway.ask(anthropic, { prompt: 'a' }).done
  clock.advance(59 * SECOND)
  expect((await gateway.ask(anthropic, { prompt: 'b' }).done).header('x-routex-channel')).toBe('second')
  clock.advance(2 * SECOND)
  expect((await gateway.ask(anthropic, { prompt: 'c' }).done).header('x-routex-channel')).toBe('first')
})

test('B04 a cooldown is shown with its cause and end, and is cleared by hand', async () => {
  const { first, gateway } = await setUp(anthropic)
  first.next(fails(anthropic, 529, 'Overloaded today'))
  await gateway.ask(anthropic).done
  const health = await gateway.health('first')
  expect(health.cause).toContain('Overloaded today')
  const cleared = await gateway.call('channels.clearHealth', { id: health.id })
  expect(cleared.state).toBe('closed')
  expect((await gateway.ask(anthropic, { prompt: 'b' }).done).header('x-routex-channel')).toBe('first')
})

test('B04 reset headers on a success bench nobody', async () => {
  const { first, gateway, clock } = await setUp(anthropic)
  const headers = {
    'anthropic-ratelimit-requests-remaining': '10',
    'anthropic-ratelimit-requests-reset': rfc3339(clock.now() + HOUR)
  }
  first.next(json(200, anthropic.answer({ text: 'fine' }), headers))
  await gateway.ask(anthropic).done
  expect((await gateway.health('first')).state).toBe('closed')
})
