import { describe, expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { ManagementError } from '../support/management-client'
import { byPath, json, stream } from '../support/scripts'
import { readEvents } from '../support/sse'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, openaiChat, says } from '../support/vendors/vendors'

const period = { from: Date.now() - 86_400_000, to: Date.now() + 86_400_000 }

test('channels are created, read, changed and deleted, and a change serves the next request', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway()
  const created = await gateway.call(
    'channels.create',
    channelOf(anthropic, upstream, { name: 'mine', apiKey: 'sk-ant-abcdefgh' })
  )
  expect(created).toMatchObject({
    name: 'mine',
    slug: 'mine',
    hasCredential: true,
    credentialLast4: 'efgh',
    priority: 50,
    weight: 1,
    models: ['*'],
    managedBy: 'user'
  })
  expect(await gateway.call('channels.get', { id: created.id })).toEqual(created)
  const changed = await gateway.call('channels.update', {
    id: created.id,
    change: { name: 'ours', apiKey: 'sk-ant-12345678' }
  })
  expect(changed).toMatchObject({ name: 'ours', credentialLast4: '5678' })
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('ours')
  expect(upstream.requests[0]?.headers['x-api-key']).toBe('sk-ant-12345678')
  await gateway.call('channels.delete', { id: created.id })
  await expect(gateway.call('channels.get', { id: created.id })).rejects.toMatchObject({ status: 404 })
})

test('a second channel of the same name is a 409 or gets its own slug', async () => {
  const upstream = await startFakeUpstream()
  const gateway = await startGateway()
  const first = await gateway.call('channels.create', channelOf(anthropic, upstream))
  const second = await gateway.call('channels.create', channelOf(anthropic, upstream)).catch((error: unknown) => error)
  if (second instanceof ManagementError) expect(second.status).toBe(409)
  else expect(second).not.toMatchObject({ slug: first.slug })
})

describe('channels.test', () => {
  test('tries connection, credential, a request and a stream', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(openaiChat, { text: 'ok' }))
    const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]) })
    const { id } = await gateway.health('main')
    const result = await gateway.call('channels.test', { id, model: 'gpt-4.1-mini' })
    expect(result).toMatchObject({ ok: true, model: 'gpt-4.1-mini' })
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['connect', true],
      ['auth', true],
      ['request', true],
      ['stream', true]
    ])
  })

  test('names the step that fails, and what to do', async () => {
    const upstream = await startFakeUpstream()
    upstream.always(fails(openaiChat, 401, 'Incorrect API key provided'))
    const gateway = await startGateway({ config: withChannels([channelOf(openaiChat, upstream)]) })
    const { id } = await gateway.health('main')
    const result = await gateway.call('channels.test', { id, model: 'gpt-4.1-mini' })
    expect(result.ok).toBe(false)
    const failed = result.steps.find(({ ok }) => !ok)
    expect(failed?.step).toBe('auth')
    expect(failed?.error).toBeTruthy()
    expect(JSON.stringify(result)).not.toContain('sk-upstream-secret-main')
  })
})

test('settings are read and changed, and the new strategy holds for the next request', async () => {
  const { gateway } = await startTwoChannels(openaiChat, {
    firstChannel: { priority: 1 },
    secondChannel: { priority: 1 }
  })
  expect((await gateway.call('settings.get', {})).settings).toMatchObject({ strategy: 'priority', bodyLimitMiB: 64 })
  const { settings } = await gateway.call('settings.update', { strategy: 'round_robin', bodyLimitMiB: 8 })
  expect(settings).toMatchObject({ strategy: 'round_robin', bodyLimitMiB: 8, keyRequired: true })
  const names = new Set<string | undefined>()
  for (const prompt of ['a', 'b', 'c', 'd'])
    names.add((await gateway.ask(openaiChat, { prompt }).done).header('x-routex-channel'))
  expect(names.size).toBe(2)
})

test.each([{ port: 70_000 }, { strategy: 'dice' }, { bodyLimitMiB: 0 }, { unheardOf: 1 }])(
  'the setting %j is refused with its path',
  async (change) => {
    const gateway = await startGateway()
    const response = await gateway.management.post('settings.update', change)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(Object.keys(change)[0])
  }
)

describe('logs', () => {
  test('pages go newest first, by key, without gaps or doubles', async () => {
    const { gateway } = await startTwoChannels(openaiChat)
    for (let count = 0; count < 7; count += 1) await gateway.ask(openaiChat, { model: `model-${count}` }).done
    const models: (string | null)[] = []
    let cursor: string | null = null
    do {
      const page: { rows: { model: string | null }[]; nextCursor: string | null } = await gateway.call('logs.query', {
        limit: 3,
        ...(cursor !== null && { cursor })
      })
      models.push(...page.rows.map(({ model }) => model))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(models).toEqual(['model-6', 'model-5', 'model-4', 'model-3', 'model-2', 'model-1', 'model-0'])
  })

  test('filters find rows by outcome, status, channel, model and text', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat)
    await gateway.ask(openaiChat, { model: 'good-model' }).done
    first.next(fails(openaiChat, 400, 'a very special complaint'))
    await gateway.ask(openaiChat, { model: 'bad-model' }).done
    const find = async (filter: object): Promise<readonly (string | null)[]> =>
      (await gateway.call('logs.query', { filter })).rows.map(({ model }) => model)
    expect(await find({ outcome: ['client_error'] })).toEqual(['bad-model'])
    expect(await find({ statusMin: 200, statusMax: 299 })).toEqual(['good-model'])
    expect(await find({ model: 'good-model' })).toEqual(['good-model'])
    expect(await find({ text: 'special complaint' })).toEqual(['bad-model'])
    expect(await find({ channelId: (await gateway.health('second')).id })).toEqual([])
    expect(await find({ protocol: 'anthropic' })).toEqual([])
    expect(await find({ from: Date.now() + 60_000 })).toEqual([])
  })

  test('one row is read by its id', async () => {
    const { gateway } = await startTwoChannels(openaiChat)
    await gateway.ask(openaiChat).done
    const row = await gateway.onlyRow()
    expect(await gateway.call('logs.get', { id: row.id })).toEqual(row)
    await expect(gateway.call('logs.get', { id: `${row.id}x` as typeof row.id })).rejects.toMatchObject({ status: 404 })
  })

  test('the export streams every row as JSON lines and as CSV', async () => {
    const { gateway } = await startTwoChannels(openaiChat)
    for (let count = 0; count < 3; count += 1) await gateway.ask(openaiChat, { model: `model,"${count}` }).done
    const lines = (await gateway.management.stream('logs.export', { format: 'jsonl' })).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { model: string }).model).sort()).toEqual([
      'model,"0',
      'model,"1',
      'model,"2'
    ])
    const csv = (await gateway.management.stream('logs.export', { format: 'csv' })).trim().split(/\r?\n/)
    expect(csv).toHaveLength(4)
    expect(csv[0]).toMatch(/model/)
    expect(csv[1]).toContain('"model,""')
  })
})

test('stats.cache, stats.writer and cache.clear answer', async () => {
  const { gateway } = await startTwoChannels(openaiChat)
  await gateway.ask(openaiChat).done
  await gateway.lastRow(1)
  const { queries } = await gateway.call('stats.cache', {})
  expect(queries.length).toBeGreaterThan(0)
  expect(queries.every(({ ttlMs }) => ttlMs === 30_000)).toBe(true)
  expect(await gateway.call('stats.writer', {})).toMatchObject({
    rowsWritten: 1,
    dropped: 0,
    badRecords: 0,
    lastError: null,
    setAside: null
  })
  expect(await gateway.call('cache.clear', {})).toEqual({ ok: true })
  expect((await gateway.ask(openaiChat).done).status).toBe(200)
})

test('an empty period has zero requests and unknown cost', async () => {
  const gateway = await startGateway()
  expect(await gateway.call('stats.overview', period)).toMatchObject({
    requests: 0,
    costUsd: null,
    cacheHitRate: null,
    totalMs: { p50: null }
  })
})

test('an exported config has no secret, and can be imported elsewhere', async () => {
  const upstream = await startFakeUpstream()
  const one = await startGateway()
  await one.call(
    'channels.create',
    channelOf(anthropic, upstream, { name: 'mine', apiKey: 'sk-very-secret', modelMap: { a: 'b' } })
  )
  const { config } = await one.call('config.export', {})
  expect(JSON.stringify(config)).not.toContain('sk-very-secret')
  expect(JSON.stringify(config)).not.toContain(one.key)
  const two = await startGateway()
  expect(await two.call('config.import', { config })).toMatchObject({
    added: ['mine'],
    skipped: [{ name: 'mine: apiKey' }]
  })
  expect((await two.call('channels.list', {})).channels).toMatchObject([
    { name: 'mine', modelMap: { a: 'b' }, hasCredential: false }
  ])
  expect((await two.call('config.import', { config })).skipped).toMatchObject([{ name: 'mine' }])
})

describe('over HTTP', () => {
  test('no token and a wrong one are a 401, a client key too', async () => {
    const gateway = await startGateway()
    for (const authorization of ['', 'Bearer wrong', `Bearer ${gateway.key}`]) {
      const answer = await gateway.send({ target: '/api/channels.list', headers: { authorization }, body: {} }).done
      expect(answer.status).toBe(401)
      expect(answer.json()).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string })
    }
  })

  test('an unknown call is a 404, and bad arguments are a 400 with their path', async () => {
    const gateway = await startGateway()
    expect((await gateway.management.post('unheard.of', {})).status).toBe(404)
    const response = await gateway.management.post('logs.query', { limit: 9999 })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('limit')
  })

  test('a foreign Origin is a 403', async () => {
    const gateway = await startGateway()
    const headers = { authorization: `Bearer ${gateway.management.token}`, origin: 'https://evil.example' }
    expect((await gateway.send({ target: '/api/channels.list', headers, body: {} }).done).status).toBe(403)
  })

  test('events come as SSE: a finished request, a changed channel, changed health, a changed gateway, a tick', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat)
    first.next(fails(openaiChat, 429, 'busy'))
    const events = gateway.send({
      target: '/api/events',
      headers: { authorization: `Bearer ${gateway.management.token}` }
    })
    expect((await events.head()).status).toBe(200)
    await gateway.ask(openaiChat).done
    await gateway.call('channels.create', channelOf(openaiChat, first, { name: 'new' }))
    const seen = (name: string): readonly unknown[] =>
      readEvents(events.text).filter((event) => event.name === name || event.data.includes(`"${name}"`))
    await gateway.call('gateway.setState', { state: 'paused' })
    const names = ['request.finished', 'channel.changed', 'health.changed', 'gateway.changed', 'stats.tick']
    await events.when(() => names.every((name) => seen(name).length > 0))
    expect(JSON.stringify(seen('request.finished'))).toContain('second')
    expect(JSON.stringify(seen('health.changed'))).toContain('cooling')
    events.leave()
  })
})

test('the row of a streamed answer is there as soon as the client has its last byte', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.always(byPath({ '/v1/models': json(200, { data: [] }) }, stream(openaiChat.events({ text: 'fine' }))))
  for (let count = 1; count <= 20; count += 1) {
    await gateway.ask(openaiChat, { stream: true, prompt: `${count}` }).done
    expect(await gateway.rows()).toHaveLength(count)
  }
})
