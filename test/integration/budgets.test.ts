import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Budget } from '../../src/shared/budget'
import { channelOf, withChannels, type ConfigFile } from '../support/config'
import { FakeClock } from '../support/fake-clock'
import { startFakeUpstream } from '../support/fake-upstream'
import type { RunningGateway } from '../support/running-gateway'
import { json } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS, type Vendor } from '../support/vendors/vendors'

const HOUR = 3_600_000
const KEY = 'rtx-test-0123456789abcdef0123456789abcdef'
/** $0.80 and $4.00 for a million tokens. */
const MODEL = 'claude-3-5-haiku-20241022'
/** $1.20 each. */
const answer = json(200, anthropic.answer({ text: 'fine', usage: { input_tokens: 1_000_000, output_tokens: 100_000 } }))

type Limit = Partial<Budget> | null

const budgetOf = (limit: Limit | undefined): Budget | null =>
  limit ? { period: 'day', limitUsd: 2, then: 'stop', ...limit } : null

interface World {
  readonly second?: { readonly enabled?: boolean; readonly models?: string[] }
  readonly ofFirst?: Limit
  readonly ofKey?: Limit
  readonly dataDir?: string
  readonly clock?: FakeClock
}

/** Two upstreams whose every answer costs $1.20, on a Wednesday at noon. */
async function startLimited({ ofFirst, ofKey, second = {}, dataDir, clock = noon() }: World) {
  const [one, two] = [await startFakeUpstream(), await startFakeUpstream()]
  one.always(answer)
  two.always(answer)
  const config: ConfigFile = {
    ...withChannels([
      channelOf(anthropic, one, { name: 'first', priority: 1, budget: budgetOf(ofFirst) }),
      channelOf(anthropic, two, { name: 'second', priority: 2, ...second })
    ]),
    clientKeys: [{ name: 'test', key: KEY, budget: budgetOf(ofKey) }]
  }
  const gateway = await startGateway({ config, clock, ...(dataDir !== undefined && { dataDir }) })
  return { gateway, clock, one, two }
}

const noon = (): FakeClock => new FakeClock(new Date(2026, 6, 15, 12).getTime())
const ask = (gateway: RunningGateway, model = MODEL) => gateway.ask(anthropic, { model }).done

/** Asks, and waits until its cost is counted: the log is read to its end, and what it committed is told before its answer. */
async function spend(gateway: RunningGateway, model = MODEL) {
  const reply = await ask(gateway, model)
  await gateway.rows()
  return reply
}

const servedBy = async (gateway: RunningGateway): Promise<unknown> => (await spend(gateway)).header('x-routex-channel')

describe('a channel', () => {
  test('is left out when its budget is used up, with the reason in the row, until the next day', async () => {
    const { gateway, clock } = await startLimited({ ofFirst: {} })
    expect(await servedBy(gateway)).toBe('first')
    expect(await servedBy(gateway)).toBe('first')
    expect(await servedBy(gateway)).toBe('second')
    const reason = 'budget: budget of $2.00 a day used up until 2026-07-16 00:00'
    expect((await gateway.lastRow(3)).excluded).toMatchObject([{ channelName: 'first', reason }])
    clock.advance(12 * HOUR - 1)
    expect(await servedBy(gateway)).toBe('second')
    clock.advance(1)
    expect(await servedBy(gateway)).toBe('first')
  })

  test.each([
    ['week', new Date(2026, 6, 20)],
    ['month', new Date(2026, 7, 1)]
  ] as const)('has a budget of a %s until the next begins', async (period, next) => {
    const { gateway, clock } = await startLimited({ ofFirst: { period, limitUsd: 1 } })
    await spend(gateway)
    // As of a machine that slept: of the days between, each timer would take its part.
    clock.set(next.getTime() - 60_000)
    clock.advance(60_000 - 1)
    expect(await servedBy(gateway)).toBe('second')
    clock.advance(1)
    expect(await servedBy(gateway)).toBe('first')
  })

  test('that is the only one leaves 429 with the time to the period’s end, and is not asked', async () => {
    const clock = noon()
    const upstream = await startFakeUpstream()
    upstream.always(answer)
    const main = channelOf(anthropic, upstream, { budget: { period: 'day', limitUsd: 1 } })
    const gateway = await startGateway({ config: withChannels([main]), clock })
    await spend(gateway)
    const refused = await ask(gateway)
    expect(refused.status).toBe(429)
    expect(refused.header('retry-after')).toBe(String(12 * 3600))
    expect(refused.text).toContain('main (budget of $1.00 a day used up until 2026-07-16 00:00)')
    expect(upstream.requests).toHaveLength(1)
    expect((await gateway.lastRow(2)).outcome).toBe('refused')
  })

  test('that switches hands its place to the named channel', async () => {
    const { gateway } = await startLimited({ ofFirst: { limitUsd: 1, then: 'switch', switchTo: 'second' } })
    expect([await servedBy(gateway), await servedBy(gateway)]).toEqual(['first', 'second'])
  })

  test('that is raised serves again at once', async () => {
    const { gateway, clock, one, two } = await startLimited({ ofFirst: { limitUsd: 1 } })
    await spend(gateway)
    expect(await servedBy(gateway)).toBe('second')
    await gateway.writeConfig(
      withChannels([
        channelOf(anthropic, one, { name: 'first', priority: 1, budget: { period: 'day', limitUsd: 5 } }),
        channelOf(anthropic, two, { name: 'second', priority: 2 })
      ])
    )
    const servedLater = (): Promise<unknown> => {
      clock.advance(1000)
      return servedBy(gateway)
    }
    await expect.poll(servedLater).toBe('first')
  })
})

describe('a client key', () => {
  test.each(VENDORS)(
    'that is spent is refused in the shape of $protocol, before any channel is asked',
    async (vendor) => {
      const { gateway, one, two } = await startLimited({ ofKey: { limitUsd: 1 } })
      await spend(gateway)
      const refused = await gateway.ask(vendor).done
      expect(refused.status).toBe(429)
      expect(refused.header('retry-after')).toBe(String(12 * 3600))
      expect(refused.header('x-should-retry')).toBe('false')
      expect(refused.text).toContain('has its budget of $1.00 a day used up until 2026-07-16 00:00')
      expect(
        errorOf(vendor, z.object({ error: z.record(z.string(), z.unknown()) }).parse(JSON.parse(refused.text)))
      ).toBe(true)
      expect(one.requests.length + two.requests.length).toBe(1)
      expect(await gateway.lastRow(2)).toMatchObject({ outcome: 'refused', errorCode: 'budget_spent', status: 429 })
    }
  )

  test('that is spent stands again with the next day, and other keys are served meanwhile', async () => {
    const { gateway, clock } = await startLimited({ ofKey: { limitUsd: 1 } })
    await spend(gateway)
    const { secret } = await gateway.call('clientKeys.create', { name: 'other' })
    expect((await gateway.ask(anthropic, { key: secret }).done).status).toBe(200)
    expect((await ask(gateway)).status).toBe(429)
    clock.advance(12 * HOUR)
    expect((await ask(gateway)).status).toBe(200)
  })

  test('that switches uses the named channel only', async () => {
    const { gateway, one, two } = await startLimited({ ofKey: { limitUsd: 1, then: 'switch', switchTo: 'second' } })
    expect([await servedBy(gateway), await servedBy(gateway)]).toEqual(['first', 'second'])
    two.always(json(500, anthropic.error(500, 'broken')))
    expect((await ask(gateway)).status).toBe(500)
    expect(one.requests).toHaveLength(1)
  })

  test('that switches to a channel which is not there stops, and says so', async () => {
    const { gateway } = await startLimited({})
    const spare = { name: 'spare', protocol: 'anthropic', baseUrl: 'http://127.0.0.1:9' } as const
    const { id } = await gateway.call('channels.create', spare)
    const budget = { period: 'day', limitUsd: 1, then: 'switch', switchTo: 'spare' } as const
    const { secret: key } = await gateway.call('clientKeys.create', { name: 'laptop', budget })
    await gateway.call('channels.delete', { id })
    await gateway.ask(anthropic, { model: MODEL, key }).done
    await gateway.rows()
    const refused = await gateway.ask(anthropic, { model: MODEL, key }).done
    expect(refused.status).toBe(429)
    expect(refused.text).toContain('The channel that it switches to is not there')
  })

  test.each([{ enabled: false }, { models: ['other-*'] }])(
    'that switches to a channel which can not serve the request (%j) stops, and says so',
    async (second) => {
      const { gateway } = await startLimited({ ofKey: { limitUsd: 1, then: 'switch', switchTo: 'second' }, second })
      await spend(gateway)
      const refused = await ask(gateway)
      expect(refused.status).toBe(429)
      expect(Number(refused.header('retry-after'))).toBe(12 * 3600)
      expect(refused.text).toContain('budget of $1.00 a day used up until 2026-07-16 00:00')
      expect(refused.text).toContain('second (')
    }
  )
})

test('the budgets tell what is used, that 80 % are, and what has no known price (B32)', async () => {
  const { gateway } = await startLimited({ ofFirst: { limitUsd: 1.4 }, ofKey: { period: 'month', limitUsd: 100 } })
  await spend(gateway, 'unheard-of-model')
  await spend(gateway)
  const { budgets } = await gateway.call('budgets.list', {})
  expect(budgets).toMatchObject([
    { owner: { kind: 'channel', name: 'first' }, state: 'warned', unknownRequests: 1 },
    { owner: { kind: 'clientKey', name: 'test' }, state: 'ok', period: 'month', unknownRequests: 1 }
  ])
  expect(budgets[0]?.spentUsd).toBeCloseTo(1.2, 6)
})

test('what was spent is known again after a restart', async () => {
  const dataDir = await makeTempDir()
  const { gateway, clock } = await startLimited({ ofKey: { limitUsd: 1 }, ofFirst: {}, dataDir })
  await ask(gateway)
  await gateway.stop()
  const again = await startLimited({ ofKey: { limitUsd: 1 }, ofFirst: {}, dataDir, clock })
  expect((await ask(again.gateway)).status).toBe(429)
  const { budgets } = await again.gateway.call('budgets.list', {})
  expect(budgets.map(({ spentUsd }) => spentUsd)).toEqual([expect.closeTo(1.2, 6), expect.closeTo(1.2, 6)])
})

test('a request under way goes on when the budget is used up meanwhile: no more than those are over it', async () => {
  const { gateway, one } = await startLimited({ ofKey: { limitUsd: 1 } })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  one.next(async (reply) => {
    await promise
    await answer(reply)
  })
  const underWay = ask(gateway)
  await expect.poll(() => one.requests.length).toBe(1)
  await spend(gateway)
  expect((await ask(gateway)).status).toBe(429)
  resolve(undefined)
  expect((await underWay).status).toBe(200)
  await gateway.rows()
  const { budgets } = await gateway.call('budgets.list', {})
  expect(budgets[0]?.state).toBe('used_up')
  expect(budgets[0]?.spentUsd).toBeCloseTo(2.4, 6)
})

/** The error that each vendor's clients read as a limit. */
function errorOf(vendor: Vendor, { error }: { readonly error: Readonly<Record<string, unknown>> }): boolean {
  switch (vendor) {
    case anthropic:
      return error['type'] === 'rate_limit_error'
    case openaiChat:
    case openaiResponses:
      return error['code'] === 'insufficient_quota'
    case gemini:
      return error['status'] === 'RESOURCE_EXHAUSTED'
    default:
      return false
  }
}
