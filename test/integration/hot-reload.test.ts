import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { stream } from '../support/scripts'
import { channelOf, withChannels } from '../support/config'
import type { RunningGateway } from '../support/running-gateway'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, gemini, openaiChat, says } from '../support/vendors/vendors'

const SOON = { timeout: 2000, interval: 20 }

async function channelNames(gateway: RunningGateway): Promise<readonly string[]> {
  return (await gateway.call('channels.list', {})).channels.map(({ name }) => name)
}

test('a change to the file is applied within a second, and an open stream goes on', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  const gate = Promise.withResolvers<undefined>()
  const events = anthropic.events({ text: 'one two three' })
  first.next(stream([...events.slice(0, 4), gate.promise, ...events.slice(4)]))
  const open = gateway.ask(anthropic, { stream: true })
  await open.until('text_delta')
  await gateway.writeConfig(withChannels([channelOf(anthropic, second, { name: 'renamed' })]))
  await expect.poll(() => channelNames(gateway), { timeout: 1500, interval: 20 }).toEqual(['renamed'])
  expect((await gateway.ask(anthropic, { prompt: 'new' }).done).header('x-routex-channel')).toBe('renamed')
  gate.resolve(undefined)
  const answer = await open.done
  expect(answer.text).toBe(events.join(''))
  expect(answer.complete).toBe(true)
})

test('requests under way while the file changes again and again are all served', async () => {
  const { first, second, gateway } = await startTwoChannels(openaiChat)
  const statuses: number[] = []
  const asked: Promise<void>[] = []
  for (let round = 0; round < 10; round += 1) {
    const upstream = round % 2 === 0 ? first : second
    await gateway.writeConfig(withChannels([channelOf(openaiChat, upstream, { name: `round ${round}` })]))
    for (let count = 0; count < 10; count += 1) {
      asked.push(
        gateway.ask(openaiChat, { prompt: `${round} ${count}` }).done.then(({ status }) => void statuses.push(status))
      )
    }
    await asked.at(-1)
  }
  await Promise.all(asked)
  expect(new Set(statuses)).toEqual(new Set([200]))
  await expect.poll(() => channelNames(gateway), SOON).toEqual(['round 9'])
})

test.each([
  '{ "channels": [ { "name": "x", ',
  '{"channels":[{"name":"x","protocol":"smoke-signals","baseUrl":"https://a.example"}]}',
  '{"chanels":[]}',
  '{"clientKeys":[{"name":"k","key":"rtx-a-new-key-of-the-file-0002","budget":{"period":"day","limitUsd":1,"then":"switch","switchTo":"Nope"}}]}'
])('the bad file %s keeps the last good configuration and shows the error', async (bad) => {
  const { gateway } = await startTwoChannels(anthropic)
  await gateway.writeConfig(bad)
  await expect.poll(async () => (await gateway.call('gateway.status', {})).configError, SOON).toBeTruthy()
  const { configError } = await gateway.call('gateway.status', {})
  expect((await gateway.send({ target: '/health' }).done).text).toContain(JSON.stringify(configError).slice(1, 40))
  expect(gateway.logged.join('\n')).toContain('routex.json')
  expect(await channelNames(gateway)).toEqual(['first', 'second'])
  expect((await gateway.ask(anthropic).done).status).toBe(200)
  await gateway.writeConfig(withChannels([channelOf(anthropic, 'http://127.0.0.1:9', { name: 'good again' })]))
  await expect.poll(() => channelNames(gateway), SOON).toEqual(['good again'])
  expect((await gateway.call('gateway.status', {})).configError).toBeNull()
})

test('what the file sets is marked and can’t be changed by the API', async () => {
  const { gateway } = await startTwoChannels(anthropic, { settings: { strategy: 'round_robin' } })
  const { channels } = await gateway.call('channels.list', {})
  expect(channels.map(({ managedBy }) => managedBy)).toEqual(['config-file', 'config-file'])
  const id = (await gateway.health('first')).id
  for (const change of [
    () => gateway.call('channels.update', { id, change: { enabled: false } }),
    () => gateway.call('channels.delete', { id }),
    () => gateway.call('settings.update', { strategy: 'priority' })
  ]) {
    await expect(change()).rejects.toMatchObject({ status: 409 })
  }
  expect((await gateway.call('settings.get', {})).managed).toContain('strategy')
  expect((await gateway.call('settings.get', {})).settings.strategy).toBe('round_robin')
})

test('the file takes environment variables and their defaults, comments and trailing commas', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(gemini, { text: 'fine' }))
  const gateway = await startGateway({ env: { ROUTEX_TEST_SECRET: 'sk-from-env' } })
  await gateway.writeConfig(`{
    // the one channel
    "channels": [
      { "name": "\${ROUTEX_TEST_NAME:-by default}", "protocol": "gemini", "baseUrl": "${upstream.url}", "apiKey": "\${ROUTEX_TEST_SECRET}", },
    ],
    /* one key */ "clientKeys": [{ "name": "k", "key": "${gateway.key}" }]
  }`)
  await expect.poll(() => channelNames(gateway), SOON).toEqual(['by default'])
  expect((await gateway.ask(gemini).done).status).toBe(200)
  expect(upstream.requests[0]?.headers['x-goog-api-key']).toBe('sk-from-env')
})

test('a key that is taken out of the file ends', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const config = withChannels([channelOf(anthropic, first)])
  await gateway.writeConfig({ ...config, clientKeys: [{ name: 'new', key: 'rtx-a-new-key-of-the-file-0001' }] })
  await expect.poll(async () => (await gateway.ask(anthropic).done).status, SOON).toBe(401)
  expect((await gateway.ask(anthropic, { key: 'rtx-a-new-key-of-the-file-0001' }).done).status).toBe(200)
})

test('health survives a reload that does not touch the channel', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next((exchange) => exchange.reset())
  await gateway.ask(anthropic).done
  const before = await gateway.health('first')
  await gateway.writeConfig(
    withChannels([
      channelOf(anthropic, first, { name: 'first', apiKey: 'sk-secret-of-first', priority: 1 }),
      channelOf(anthropic, second, { name: 'second', apiKey: 'sk-secret-of-second', priority: 2 }),
      channelOf(anthropic, second, { name: 'third', priority: 3 })
    ])
  )
  await expect.poll(() => channelNames(gateway), SOON).toHaveLength(3)
  expect(await gateway.health('first')).toEqual(before)
})

test('a file that is taken away keeps the last good configuration, and counts again when it is back', async () => {
  const { second, gateway } = await startTwoChannels(anthropic)
  await rm(gateway.configPath)
  await expect.poll(async () => (await gateway.call('gateway.status', {})).configError, SOON).toBeTruthy()
  expect((await gateway.ask(anthropic).done).status).toBe(200)
  await gateway.writeConfig(withChannels([channelOf(anthropic, second, { name: 'back' })]))
  await expect.poll(() => channelNames(gateway), SOON).toEqual(['back'])
  expect((await gateway.call('gateway.status', {})).configError).toBeNull()
})

test('B03 an auth failure ends when the file changes the credential', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 401, 'invalid x-api-key'))
  await gateway.ask(anthropic).done
  expect((await gateway.health('first')).state).toBe('auth_failed')
  await gateway.writeConfig(
    withChannels([
      channelOf(anthropic, first, { name: 'first', apiKey: 'sk-a-new-one', priority: 1 }),
      channelOf(anthropic, second, { name: 'second', apiKey: 'sk-secret-of-second', priority: 2 })
    ])
  )
  await expect.poll(async () => (await gateway.health('first')).state, SOON).toBe('closed')
  await gateway.ask(anthropic, { prompt: 'again' }).done
  expect(first.requests.at(-1)?.headers['x-api-key']).toBe('sk-a-new-one')
})
