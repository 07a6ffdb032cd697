import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'

const channel = { name: 'One', protocol: 'gemini', baseUrl: 'https://x.example' } as const

test('a backup is made, previewed, restored and deleted', async () => {
  const { call, clock } = await makeApiWorld()
  await call('channels.create', channel)
  const made = await call('backups.create', {})
  clock.advance(1000)
  await call('channels.create', { ...channel, name: 'Two' })

  expect(await call('backups.preview', { name: made.name })).toMatchObject({ removed: ['Two'] })
  const { savedAs } = await call('backups.restore', { name: made.name })

  expect((await call('channels.list', {})).channels.map(({ name }) => name)).toEqual(['One'])
  expect((await call('backups.list', {})).backups).toEqual([savedAs, made])
  await call('backups.delete', { name: made.name })
  expect((await call('backups.list', {})).backups).toEqual([savedAs])
})

test('a restore that changes host or port says that this takes effect when the gateway is turned on again', async () => {
  const { call, clock } = await makeApiWorld()
  await call('settings.update', { port: 9000 })
  const { name } = await call('backups.create', {})
  clock.advance(1000)
  await call('settings.update', { strategy: 'weighted' })
  expect(await call('backups.restore', { name })).toMatchObject({ restartNeeded: false })

  clock.advance(1000)
  await call('settings.update', { port: 9100 })
  expect(await call('backups.restore', { name })).toMatchObject({ restartNeeded: true })
  expect((await call('settings.get', {})).settings.port).toBe(9000)
})

test('a name that leads out of the folder is a 404', async () => {
  const { call } = await makeApiWorld()

  for (const name of ['backups.preview', 'backups.restore', 'backups.delete'] as const) {
    await expect(call(name, { name: '../routex.db' })).rejects.toMatchObject({ status: 404 })
  }
})

test('one query of the cache is cleared, and a name that there is not is told with those that there are', async () => {
  const { call } = await makeApiWorld()
  const entries = async (): Promise<Record<string, number>> => {
    const { queries } = await call('stats.cache', {})
    return Object.fromEntries(queries.map((query) => [query.name, query.entries]))
  }
  await call('channels.list', {})
  await call('clientKeys.list', {})
  expect(await entries()).toMatchObject({ channels: 1, clientKeys: 1 })

  await call('cache.clear', { name: 'channels' })
  expect(await entries()).toMatchObject({ channels: 0, clientKeys: 1 })
  await expect(call('cache.clear', { name: 'chanels' })).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('enabledChannels') as string
  })
  await call('cache.clear', {})
  expect(await entries()).toMatchObject({ channels: 0, clientKeys: 0 })
})

test('the program tells its own figures', async () => {
  const { call, dir } = await makeApiWorld()

  expect(await call('stats.process', {})).toMatchObject({ dataDir: dir, versions: { routex: '1.2.3' }, cpuShare: null })
})
