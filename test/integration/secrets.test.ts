import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { json, stream } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, gemini, says, VENDORS } from '../support/vendors/vendors'

async function filesUnder(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

test.each([
  { kind: 'like a vendor’s', secret: 'sk-ant-a-secret-that-must-not-be-found-anywhere' },
  { kind: 'without any mark', secret: '9f86d081884c7d659a2feaa0c55ad015' }
])(
  'a credential $kind that is saved through the API stands nowhere in clear: files, log, rows, export, answers',
  async ({ secret }) => {
    const upstream = await startFakeUpstream()
    upstream.next(json(401, anthropic.error(401, `invalid x-api-key: ${secret}`)))
    upstream.next(fails(anthropic, 500, `broken for key ${secret}`))
    upstream.always(says(anthropic, { text: 'fine' }))
    const gateway = await startGateway()
    const created = await gateway.call('channels.create', channelOf(anthropic, upstream, { apiKey: secret }))
    for (const prompt of ['a', 'b', 'c']) await gateway.ask(anthropic, { prompt }).done
    const clientSecret = (await gateway.call('clientKeys.create', { name: 'laptop' })).secret
    await gateway.ask(gemini, { key: 'rtx-a-wrong-key-that-must-not-be-found' }).done
    await gateway.send({
      target: `/v1beta/models/x:generateContent?key=${clientSecret}`,
      body: gemini.request({ stream: false })
    }).done
    const api = JSON.stringify([
      created,
      await gateway.call('channels.list', {}),
      await gateway.call('clientKeys.list', {}),
      await gateway.rows(),
      await gateway.call('stats.health', {}),
      await gateway.call('config.export', {}),
      await gateway.management.stream('logs.export', { format: 'jsonl' })
    ])
    await gateway.stop()
    const files = await filesUnder(gateway.dataDir)
    expect(files.length).toBeGreaterThan(2)
    const hidden = [secret, clientSecret, 'rtx-a-wrong-key-that-must-not-be-found']
    for (const text of hidden) {
      expect(api).not.toContain(text)
      expect(gateway.logged.join('\n')).not.toContain(text)
      for (const file of files) expect((await readFile(file)).includes(text), file).toBe(false)
    }
  }
)

test.each(VENDORS)(
  'a credential that an error event of $protocol quotes in mid-stream stands in no row',
  async (vendor) => {
    const secret = '9f86d081884c7d659a2feaa0c55ad015'
    const { first, gateway } = await startTwoChannels(vendor, { firstChannel: { apiKey: secret } })
    const body = JSON.stringify(vendor.error(500, `worker for ${secret} crashed`))
    first.next(
      stream([
        ...vendor.events({ text: 'one two three' }).slice(0, vendor.firstContent + 1),
        `event: error\ndata: ${body}\n\n`
      ])
    )
    await gateway.ask(vendor, { stream: true }).done
    const row = await gateway.onlyRow()
    expect(row.errorMessage).toBeTruthy()
    expect(JSON.stringify([row, await gateway.call('stats.health', {}), gateway.logged])).not.toContain(secret)
  }
)

test('a credential in a channel’s own headers that the upstream quotes stands in no row, cause, answer of ours or file', async () => {
  const secret = 'hunter2-of-the-header-9f86d081'
  const upstream = await startFakeUpstream()
  upstream.always(fails(anthropic, 500, `${'x'.repeat(480)} ${secret} is not welcome`))
  const gateway = await startGateway({
    config: withChannels([channelOf(anthropic, upstream, { headers: { 'x-api-key': secret } })])
  })
  await gateway.ask(anthropic).done
  const health = await gateway.call('stats.health', {})
  const { id } = await gateway.health('main')
  const told = JSON.stringify([await gateway.onlyRow(), health, await gateway.call('channels.test', { id })])
  await gateway.stop()
  for (const half of [secret, secret.slice(0, 12)]) {
    expect(told).not.toContain(half)
    expect(gateway.logged.join('\n')).not.toContain(half)
    for (const file of await filesUnder(gateway.dataDir)) {
      if (file !== gateway.configPath) expect((await readFile(file)).includes(half), file).toBe(false)
    }
  }
})

test('credentials of the config file are not copied into the data folder’s databases', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway({
    config: withChannels([channelOf(anthropic, upstream, { apiKey: 'sk-only-in-the-config-file' })])
  })
  await gateway.ask(anthropic).done
  await gateway.stop()
  for (const file of await filesUnder(gateway.dataDir)) {
    if (file === gateway.configPath) continue
    expect((await readFile(file)).includes('sk-only-in-the-config-file'), file).toBe(false)
    expect((await readFile(file)).includes(gateway.key), file).toBe(false)
  }
})

test('the key file is for its owner alone', async () => {
  const gateway = await startGateway()
  await gateway.call('channels.create', channelOf(anthropic, 'http://127.0.0.1:9'))
  const modes = await Promise.all(
    (await filesUnder(gateway.dataDir))
      .filter((file) => /key/i.test(file) && !file.endsWith('.json'))
      .map(async (file) => (await stat(file)).mode & 0o777)
  )
  expect(modes.length).toBeGreaterThan(0)
  expect(new Set(modes)).toEqual(new Set([0o600]))
})

test('a saved credential works after a restart', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const one = await startGateway()
  await one.call('channels.create', channelOf(anthropic, upstream, { apiKey: 'sk-kept-over-a-restart' }))
  await one.stop()
  const two = await startGateway({ dataDir: one.dataDir })
  await two.ask(anthropic).done
  expect(upstream.requests[0]?.headers['x-api-key']).toBe('sk-kept-over-a-restart')
})
