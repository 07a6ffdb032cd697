import { expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream'
import { hangForever } from '../support/scripts'
import { channelOf, withChannels, type ChannelConfig, type ConfigFile } from '../support/config'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { fails, openaiChat, says } from '../support/vendors/vendors'

type Strategy = NonNullable<NonNullable<ConfigFile['settings']>['strategy']>

async function start(strategy: Strategy, channels: readonly Partial<ChannelConfig>[]) {
  const upstreams: FakeUpstream[] = []
  const configs: ChannelConfig[] = []
  for (const [index, rest] of channels.entries()) {
    const upstream = await startFakeUpstream()
    upstream.always(says(openaiChat, { text: 'fine' }))
    upstreams.push(upstream)
    configs.push(channelOf(openaiChat, upstream, { name: 'abc'[index] ?? 'z', ...rest }))
  }
  return { upstreams, gateway: await startGateway({ config: withChannels(configs, { strategy }) }) }
}

/** Channels that answered `count` requests of as many sessions, in order. */
async function askTimes(gateway: RunningGateway, count: number): Promise<string> {
  let names = ''
  for (let index = 0; index < count; index += 1) {
    const answer = await gateway.ask(openaiChat, { prompt: `session ${index} ${Math.random()}` }).done
    names += answer.header('x-routex-channel') ?? '-'
  }
  return names
}

const countOf = (names: string, name: string): number => names.split(name).length - 1

test('priority: the lowest number goes first, always', async () => {
  const { gateway } = await start('priority', [{ priority: 20 }, { priority: 10 }, { priority: 30 }])
  expect(await askTimes(gateway, 4)).toBe('bbbb')
})

test('round_robin: channels of a tier take turns', async () => {
  const { gateway } = await start('round_robin', [{}, {}, {}])
  const names = await askTimes(gateway, 9)
  for (const name of 'abc') expect(countOf(names, name)).toBe(3)
  expect(names.slice(0, 3)).toBe(names.slice(3, 6))
})

test('the strategy shares the load inside the first tier that has a healthy candidate', async () => {
  const { upstreams, gateway } = await start('round_robin', [{ priority: 1 }, { priority: 2 }, { priority: 2 }])
  expect(await askTimes(gateway, 3)).toBe('aaa')
  upstreams[0]?.next(fails(openaiChat, 429, 'busy', { 'retry-after': '600' }))
  await askTimes(gateway, 1)
  const names = await askTimes(gateway, 6)
  expect(countOf(names, 'a')).toBe(0)
  expect(countOf(names, 'b')).toBe(3)
})

test('weighted: exact over a cycle, and smooth', async () => {
  const { gateway } = await start('weighted', [{ weight: 5 }, { weight: 1 }, { weight: 2 }])
  const names = await askTimes(gateway, 16)
  expect([countOf(names, 'a'), countOf(names, 'b'), countOf(names, 'c')]).toEqual([10, 2, 4])
  expect(names).not.toContain('aaaaa')
})

test('weighted: all weights zero means even', async () => {
  const { gateway } = await start('weighted', [{ weight: 0 }, { weight: 0 }])
  const names = await askTimes(gateway, 4)
  expect(countOf(names, 'a')).toBe(2)
})

test('least_used: fewest in flight first', async () => {
  const { upstreams, gateway } = await start('least_used', [{}, {}])
  const [a, b] = upstreams
  a?.always(hangForever)
  b?.always(hangForever)
  const first = gateway.ask(openaiChat, { prompt: 'one' })
  await expect.poll(() => (a?.requests.length ?? 0) + (b?.requests.length ?? 0)).toBe(1)
  const busy = a?.requests.length === 1 ? 'a' : 'b'
  a?.always(says(openaiChat, { text: 'fine' }))
  b?.always(says(openaiChat, { text: 'fine' }))
  const names = await askTimes(gateway, 3)
  expect(names).toBe(busy === 'a' ? 'bbb' : 'aaa')
  first.leave()
})

test('least_used: then fewest in the last 5 min', async () => {
  const { gateway } = await start('least_used', [{}, {}])
  const names = await askTimes(gateway, 6)
  expect(countOf(names, 'a')).toBe(3)
})
