import { describe, expect, test } from 'vitest'
import type { CallOptions, RunningGateway } from '../support/running-gateway'
import { startTwoChannels, type TwoChannels } from '../support/two-channels'
import { anthropic, fails, openaiChat, openaiResponses, type Vendor } from '../support/vendors/vendors'

/** Two channels of one tier that take turns, so that whatever sticks does so by its session. */
function startTurns(vendor: Vendor): Promise<TwoChannels> {
  return startTwoChannels(vendor, {
    settings: { strategy: 'round_robin' },
    firstChannel: { priority: 1 },
    secondChannel: { priority: 1 }
  })
}

async function channelOfAnswer(gateway: RunningGateway, vendor: Vendor, options: CallOptions): Promise<string> {
  return (await gateway.ask(vendor, options).done).header('x-routex-channel') ?? 'none'
}

async function channelsOf(
  gateway: RunningGateway,
  vendor: Vendor,
  rounds: readonly CallOptions[]
): Promise<readonly string[]> {
  const names: string[] = []
  for (const options of rounds) names.push(await channelOfAnswer(gateway, vendor, options))
  return names
}

interface IdSource {
  readonly source: string
  readonly vendor: Vendor
  readonly of: (id: string) => CallOptions
}

const newUserId = (id: string): string => JSON.stringify({ device_id: 'd', account_uuid: 'a', session_id: id })

const ID_SOURCES: readonly IdSource[] = [
  { source: 'x-session-id', vendor: anthropic, of: (id) => ({ headers: { 'x-session-id': id } }) },
  {
    source: 'x-claude-code-session-id',
    vendor: anthropic,
    of: (id) => ({ headers: { 'x-claude-code-session-id': id } })
  },
  {
    source: 'metadata.user_id as JSON',
    vendor: anthropic,
    of: (id) => ({ body: { metadata: { user_id: newUserId(id) } } })
  },
  {
    source: 'metadata.user_id of old',
    vendor: anthropic,
    of: (id) => ({ body: { metadata: { user_id: `user_1_account_2_session_${id}` } } })
  },
  { source: 'session-id', vendor: openaiResponses, of: (id) => ({ headers: { 'session-id': id } }) },
  { source: 'session_id', vendor: openaiResponses, of: (id) => ({ headers: { session_id: id } }) },
  { source: 'x-session-affinity', vendor: openaiChat, of: (id) => ({ headers: { 'x-session-affinity': id } }) },
  { source: 'prompt_cache_key', vendor: openaiResponses, of: (id) => ({ body: { prompt_cache_key: id } }) }
]

describe.each(ID_SOURCES)('$source', ({ vendor, of }) => {
  test('B10 names the session: it sticks to its channel while others take turns', async () => {
    const { gateway } = await startTurns(vendor)
    const names: Record<string, string[]> = { a: [], b: [] }
    for (let round = 0; round < 3; round += 1) {
      for (const id of ['a', 'b']) {
        const options = { ...of(`0198-${id}`), prompt: `${id} ${round}` }
        names[id]?.push(await channelOfAnswer(gateway, vendor, options))
      }
    }
    expect(new Set(names['a']).size).toBe(1)
    expect(new Set(names['b']).size).toBe(1)
    expect(names['a']?.[0]).not.toBe(names['b']?.[0])
    expect((await gateway.rows()).every((row) => row.sessionId?.includes('0198-') === true)).toBe(true)
  })
})

test('B10 x-session-id goes before every other source', async () => {
  const { gateway } = await startTurns(anthropic)
  const others = (id: string): CallOptions => ({ headers: { 'x-session-id': 'one', 'x-claude-code-session-id': id } })
  const names = await channelsOf(gateway, anthropic, [others('a'), others('b'), others('c')])
  expect(new Set(names).size).toBe(1)
})

describe('without an id', () => {
  const conversation = (first: string, system: unknown = 'You are a poet.'): CallOptions => ({
    body: {
      system,
      messages: [
        { role: 'user', content: first },
        { role: 'assistant', content: 'Once' },
        { role: 'user', content: 'Go on' }
      ]
    }
  })
  const opening = (first: string): CallOptions => ({
    body: { system: 'You are a poet.', messages: [{ role: 'user', content: first }] }
  })

  test('B10 identical first requests spread', async () => {
    const { gateway } = await startTurns(anthropic)
    const names = await channelsOf(gateway, anthropic, [
      opening('Write'),
      opening('Write'),
      opening('Write'),
      opening('Write')
    ])
    expect(new Set(names).size).toBe(2)
  })

  test('B10 the text of system prompt and first user message binds the turns that follow', async () => {
    const { gateway } = await startTurns(anthropic)
    const [opened] = await channelsOf(gateway, anthropic, [opening('Write of the sea')])
    await channelOfAnswer(gateway, anthropic, { prompt: 'another one takes a turn' })
    const names = await channelsOf(
      gateway,
      anthropic,
      Array.from({ length: 4 }, () => conversation('Write of the sea'))
    )
    expect(new Set(names)).toEqual(new Set([opened]))
  })

  test('B10 another first message is another session', async () => {
    const { gateway } = await startTurns(anthropic)
    const names = await channelsOf(gateway, anthropic, [
      conversation('Write of the sea'),
      conversation('Write of the moor')
    ])
    expect(new Set(names).size).toBe(2)
  })

  test('B10 Claude Code’s billing header is left out of the hash', async () => {
    const { gateway } = await startTurns(anthropic)
    const build = (version: string): CallOptions =>
      conversation('Fix it', [
        { type: 'text', text: `x-anthropic-billing-header: cc_version=${version};` },
        { type: 'text', text: 'You are Claude Code.' }
      ])
    const names = await channelsOf(gateway, anthropic, [build('2.1.197.a'), build('2.1.330.b'), build('2.1.331.c')])
    expect(new Set(names).size).toBe(1)
  })

  test('B10 text as a string and as blocks is the same text', async () => {
    const { gateway } = await startTurns(anthropic)
    const blocks: CallOptions = {
      body: {
        system: [{ type: 'text', text: 'You are a poet.', cache_control: { type: 'ephemeral' } }],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Write' }] },
          { role: 'assistant', content: 'Once' },
          { role: 'user', content: 'Go on' }
        ]
      }
    }
    const names = await channelsOf(gateway, anthropic, [conversation('Write'), blocks, conversation('Write')])
    expect(new Set(names).size).toBe(1)
  })
})

describe('bindings', () => {
  const session = { headers: { 'x-session-id': 'the-session' } }

  test('B11 belong to (client key, session, model)', async () => {
    const { gateway } = await startTurns(anthropic)
    const other = await gateway.call('clientKeys.create', { name: 'other' })
    await channelsOf(gateway, anthropic, [
      session,
      { ...session, model: 'claude-opus-4-5' },
      { ...session, key: other.secret }
    ])
    const { sessions, total } = await gateway.call('sessions.list', {})
    expect(total).toBe(3)
    expect(new Set(sessions.map(({ clientKeyId, model }) => `${clientKeyId ?? ''} ${model}`)).size).toBe(3)
    expect(sessions.every(({ sessionId }) => sessionId === 'the-session')).toBe(true)
  })

  test('B11 are counted', async () => {
    const { gateway } = await startTurns(anthropic)
    await channelsOf(gateway, anthropic, [session, session, session])
    expect(await gateway.call('stats.sessions', {})).toMatchObject({
      size: 1,
      limit: 10_000,
      hits: 2,
      evictions: 0,
      expiries: 0,
      repins: 0
    })
  })

  test('B11 can be cleared by hand', async () => {
    const { gateway } = await startTurns(anthropic)
    await channelsOf(gateway, anthropic, [session, { headers: { 'x-session-id': 'another' } }])
    const { sessions } = await gateway.call('sessions.list', {})
    const key = sessions.find(({ sessionId }) => sessionId === 'another')?.key
    expect(await gateway.call('sessions.clear', { key: key ?? '' })).toEqual({ cleared: 1 })
    expect((await gateway.call('sessions.list', {})).sessions.map(({ sessionId }) => sessionId)).toEqual([
      'the-session'
    ])
    expect(await gateway.call('sessions.clear', {})).toEqual({ cleared: 1 })
  })

  test('B12 move on when their channel fails, and stay where the success was', async () => {
    const { first, second, gateway } = await startTurns(anthropic)
    const bound = await channelOfAnswer(gateway, anthropic, session)
    const upstream = bound === 'first' ? first : second
    upstream.next(fails(anthropic, 500, 'broken'))
    const other = bound === 'first' ? 'second' : 'first'
    expect(await channelsOf(gateway, anthropic, [session, session, session])).toEqual([other, other, other])
    expect((await gateway.call('stats.sessions', {})).repins).toBe(1)
  })

  test('B12 are written only on success', async () => {
    const { first, second, gateway } = await startTurns(anthropic)
    first.next(fails(anthropic, 400, 'bad'))
    second.next(fails(anthropic, 400, 'bad'))
    await channelOfAnswer(gateway, anthropic, session)
    expect((await gateway.call('sessions.list', {})).total).toBe(0)
  })

  test('B12 leave a channel that was disabled', async () => {
    const { first, gateway } = await startTwoChannels(anthropic, { firstChannel: { enabled: false } })
    const saved = await gateway.call('channels.create', {
      name: 'saved',
      protocol: 'anthropic',
      baseUrl: first.url,
      apiKey: 'sk-x',
      priority: 0
    })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('saved')
    await gateway.call('channels.update', { id: saved.id, change: { enabled: false } })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('second')
  })

  test('B12 leave a channel that no longer has the model', async () => {
    const { first, gateway } = await startTwoChannels(anthropic, { firstChannel: { enabled: false } })
    const saved = await gateway.call('channels.create', {
      name: 'saved',
      protocol: 'anthropic',
      baseUrl: first.url,
      apiKey: 'sk-x',
      priority: 0
    })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('saved')
    await gateway.call('channels.update', { id: saved.id, change: { models: ['claude-opus-*'] } })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('second')
  })

  test('B12 leave a channel that was deleted', async () => {
    const { first, gateway } = await startTwoChannels(anthropic, { firstChannel: { enabled: false } })
    const saved = await gateway.call('channels.create', {
      name: 'saved',
      protocol: 'anthropic',
      baseUrl: first.url,
      apiKey: 'sk-x',
      priority: 0
    })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('saved')
    await gateway.call('channels.delete', { id: saved.id })
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('second')
  })

  test('B12 a healthy binding outlives a better tier', async () => {
    const { first, gateway } = await startTwoChannels(anthropic)
    first.next(fails(anthropic, 429, 'busy', { 'retry-after': '1' }))
    expect(await channelOfAnswer(gateway, anthropic, session)).toBe('second')
    await gateway.call('channels.clearHealth', { id: (await gateway.health('first')).id })
    expect(await channelsOf(gateway, anthropic, [session, session])).toEqual(['second', 'second'])
    expect(await channelOfAnswer(gateway, anthropic, { prompt: 'someone else' })).toBe('first')
  })
})
