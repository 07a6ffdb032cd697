import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import type { ChannelInput } from '../../shared/channel'
import type { ClientKeyId } from '../../shared/ids'

async function setup(clientKeyId: ClientKeyId | null = null) {
  const world = await makeApiWorld()
  const create = (name: string, input: Partial<ChannelInput> = {}) =>
    world.call('channels.create', {
      name,
      protocol: 'anthropic',
      baseUrl: 'https://api.anthropic.example',
      apiKey: 'sk-ant-x',
      ...input
    })
  const from = await create('from')
  const identity = { clientKeyId, sessionId: 'one', model: 'claude-x' }
  const usage = { input: 10, cacheRead: 60, cacheWrite: 30, cacheWrite1h: 0, output: 5, reasoning: 2 }
  world.affinity.bind(identity, from.id, null, { client: 'claude-cli/2.1.330', usage })
  const key = world.affinity.list(1)[0]?.key ?? ''
  return { ...world, create, from, identity, usage, key }
}

test('a session tells who uses it, its tokens and how warm its cache is', async () => {
  const { call, affinity, from, identity, usage } = await setup()
  affinity.bind(identity, from.id, from.id, { client: null, usage: { ...usage, input: 0, cacheRead: 100 } })
  affinity.bind(identity, from.id, from.id, { client: null, usage: null })
  const { sessions } = await call('sessions.list', {})
  expect(sessions).toMatchObject([
    {
      client: 'claude-cli/2.1.330',
      requests: 3,
      tokens: { input: 10, cacheRead: 160, cacheWrite: 60, output: 10 },
      cacheHitRate: 160 / 230
    }
  ])
})

test('a session that was never told a prompt token has no hit rate', async () => {
  const { call, affinity, from, identity } = await setup()
  affinity.clear()
  affinity.bind(identity, from.id, null)
  expect((await call('sessions.list', {})).sessions).toMatchObject([{ client: null, cacheHitRate: null }])
})

test('all sessions are searched, not only those that are listed: by client, id, model and channel', async () => {
  const { call, affinity, create } = await setup()
  const archive = await create('Archive')
  affinity.clear()
  const bind = (sessionId: string, channelId = archive.id, model = 'claude-x'): void =>
    affinity.bind({ clientKeyId: null, sessionId, model }, channelId, null, { client: 'codex/1.0', usage: null })
  bind('oldest-1', (await create('other')).id, 'gpt-5')
  for (let count = 2; count < 12; count++) bind(`newer-${count}`)
  const found = async (search: string) => {
    const { sessions, ...counts } = await call('sessions.list', { limit: 3, search })
    return [sessions.length, counts]
  }
  expect(await found('OLDEST')).toEqual([1, { found: 1, total: 11 }])
  expect(await found('gpt')).toEqual([1, { found: 1, total: 11 }])
  expect(await found('other')).toEqual([1, { found: 1, total: 11 }])
  expect(await found('archive')).toEqual([3, { found: 10, total: 11 }])
  expect(await found(' codex ')).toEqual([3, { found: 11, total: 11 }])
  expect(await found('nobody')).toEqual([0, { found: 0, total: 11 }])
})

test('a session is moved to another channel and stays there', async () => {
  const { call, affinity, create, identity, key } = await setup()
  const to = await create('to')
  expect(await call('sessions.move', { key, channelId: to.id })).toMatchObject({ key, channelId: to.id, requests: 1 })
  expect(affinity.get(identity)).toBe(to.id)
  expect(await call('stats.sessions', {})).toMatchObject({ size: 1, repins: 1 })
})

test.each<[string, Partial<ChannelInput>]>([
  ['speaks openai-chat', { protocol: 'openai-chat' }],
  ['does not list the model "claude-x"', { models: ['gpt-*'] }],
  ['is switched off', { enabled: false }]
])('a session is not moved to a channel that %s', async (reason, input) => {
  const { call, affinity, create, identity, from, key } = await setup()
  const to = await create('to', input)
  await expect(call('sessions.move', { key, channelId: to.id })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining(`to ${reason}`) as string
  })
  expect(affinity.peek(identity)).toBe(from.id)
})

test('a session is not moved to a channel that its key may not use', async () => {
  const { call, affinity, create, from } = await setup()
  const to = await create('to')
  const made = await call('clientKeys.create', { name: 'limited', allowedChannels: [from.id] })
  affinity.bind({ clientKeyId: made.key.id, sessionId: 'two', model: 'claude-x' }, from.id, null)
  const key = affinity.list(2).find(({ sessionId }) => sessionId === 'two')?.key ?? ''
  await expect(call('sessions.move', { key, channelId: to.id })).rejects.toMatchObject({
    message: 'to is not allowed for the key limited'
  })
})

test('a session or a channel that is gone is a 404', async () => {
  const { call, affinity, create, key } = await setup()
  const to = await create('to')
  await call('channels.delete', { id: to.id })
  await expect(call('sessions.move', { key, channelId: to.id })).rejects.toMatchObject({ status: 404 })
  const other = await create('other')
  affinity.clear()
  await expect(call('sessions.move', { key, channelId: other.id })).rejects.toMatchObject({ status: 404 })
})

test('a session is moved away from a channel that was deleted', async () => {
  const { call, create, from, key } = await setup()
  const to = await create('to')
  await call('channels.delete', { id: from.id })
  expect(await call('sessions.move', { key, channelId: to.id })).toMatchObject({ channelId: to.id })
})
