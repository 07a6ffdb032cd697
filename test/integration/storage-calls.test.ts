import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channelOf } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { anthropic, says } from '../support/vendors/vendors'

/** Asks one request after the other until it is told to end; the statuses of all answers. */
function keepAsking(gateway: RunningGateway): { end(): Promise<readonly number[]> } {
  const state = { ended: false }
  const statuses: number[] = []
  const asking = (async () => {
    while (!state.ended)
      statuses.push((await gateway.ask(anthropic, { stream: statuses.length % 2 === 0 }).done).status)
  })()
  return {
    end: async () => {
      state.ended = true
      await asking
      return statuses
    }
  }
}

test('a configuration is backed up and restored over HTTP, and the next request goes where it says', async () => {
  const [old, current] = [await startFakeUpstream(), await startFakeUpstream()]
  old.always(says(anthropic, { text: 'old' }))
  current.always(says(anthropic, { text: 'current' }))
  const gateway = await startGateway()
  const { id } = await gateway.call('channels.create', channelOf(anthropic, old, { apiKey: 'sk-old-secret-1234' }))
  const { secret } = await gateway.call('clientKeys.create', { name: 'laptop' })
  const made = await gateway.call('backups.create', {})
  await gateway.call('channels.update', { id, change: { baseUrl: current.url, apiKey: 'sk-new-secret-5678' } })
  await gateway.ask(anthropic, { key: secret }).done
  expect(current.requests).toHaveLength(1)

  expect(await gateway.call('backups.preview', { name: made.name })).toMatchObject({ changed: ['main'] })
  const { savedAs } = await gateway.call('backups.restore', { name: made.name })

  expect((await gateway.ask(anthropic, { key: secret }).done).status).toBe(200)
  expect(old.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['sk-old-secret-1234'])
  const folder = join(gateway.dataDir, 'backups')
  expect(readdirSync(folder).sort()).toEqual([made.name, savedAs.name])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(gateway.logged.join('\n')).not.toMatch(/sk-old-secret|sk-new-secret/)
  await expect(gateway.call('backups.restore', { name: '../routex.db' })).rejects.toMatchObject({ status: 404 })
})

test('under traffic a vacuum, a backup and a restore cost no request and no row', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(anthropic, { text: 'fine' }))
  const gateway = await startGateway()
  await gateway.call('channels.create', channelOf(anthropic, upstream))
  const made = await gateway.call('backups.create', {})
  const traffic = [keepAsking(gateway), keepAsking(gateway)]

  for (let round = 0; round < 3; round++) {
    const { afterBytes } = await gateway.call('storage.vacuum', {})
    expect(afterBytes).toBeGreaterThan(0)
    await gateway.call('backups.create', {})
    await gateway.call('backups.restore', { name: made.name })
  }

  const statuses = (await Promise.all(traffic.map((one) => one.end()))).flat()
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(await gateway.call('logs.count', {})).toEqual({ rows: statuses.length, more: false })
  expect(await gateway.call('logs.count', { filter: { statusMin: 400 } })).toEqual({ rows: 0, more: false })
  expect(await gateway.call('storage.previewRetention', { days: 1, maxMiB: 16 })).toMatchObject({
    rows: 0,
    kept: statuses.length
  })
  expect(await gateway.call('stats.process', {})).toMatchObject({
    dataDir: gateway.dataDir,
    versions: { routex: '0.0.0-test', sqlite: expect.stringMatching(/^3\./) as string }
  })
})

test('a configuration of more than a MiB is previewed as it is imported', async () => {
  const gateway = await startGateway()
  const models = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(150)}-${index}`)
  const channels = Array.from({ length: 8 }, (_, index) => ({
    name: `channel ${index}`,
    protocol: 'gemini',
    baseUrl: 'https://x.example',
    models
  }))

  const preview = await gateway.call('config.preview', { config: { channels } })

  expect(preview.added).toHaveLength(8)
  expect(await gateway.call('config.import', { config: { channels } })).toMatchObject({
    added: preview.added,
    skipped: [],
    backup: { reason: 'import', channels: 0 }
  })
})
