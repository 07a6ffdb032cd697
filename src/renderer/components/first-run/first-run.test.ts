import { expect, onTestFinished, test } from 'vitest'
import type { ChannelView } from '../../../shared/channel'
import { clientKeyView } from '../../../shared/client-key'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel, sampleRequest } from '../../../../test/e2e/support/sample-data'
import { ApiFailure } from '../../lib/backend'
import { ChannelsState } from '../../lib/state/channels.svelte'
import { SettingsState } from '../../lib/state/settings.svelte'
import { FirstRunState } from './first-run.svelte'

const key = (name: string, change: object = {}) =>
  clientKeyView.parse({
    id: name,
    name,
    last4: 'abcd',
    createdAt: 0,
    lastUsedAt: null,
    allowedChannels: null,
    budget: null,
    managedBy: 'user',
    ...change
  })
const demo = sampleChannel('Demo', { managedBy: 'built-in', baseUrl: 'demo:' })

async function setup(stored: readonly ChannelView[] = [demo]) {
  const backend = new FakeBackend()
  backend.answer('channels.list', () => ({ channels: stored }))
  backend.answer('stats.health', () => ({ channels: [] }))
  backend.answer('clientKeys.list', () => ({ keys: [key('narrow', { allowedChannels: ['x'] }), key('default')] }))
  backend.answer('clientKeys.reveal', ({ id }) => ({ secret: `rtx-${id}` }))
  backend.answer('gateway.sendSample', () => ({ status: 200 }))
  const channels = new ChannelsState(backend)
  await channels.load()
  const run = new FirstRunState({ backend, channels, settings: new SettingsState(backend) })
  onTestFinished(run.listen())
  await run.load()
  return { backend, run }
}

test('the snippets take a key that may use every channel', async () => {
  const { run } = await setup()
  expect(run.key).toEqual({ kind: 'ready', value: 'rtx-default' })
})

test('where there is no key one is made, and where none can be told it says so and offers one', async () => {
  const { backend, run } = await setup()
  backend.answer('clientKeys.list', () => ({ keys: [] }))
  backend.answer('clientKeys.create', () => ({ key: key('default'), secret: 'rtx-new' }))
  await run.load()
  expect(run.key).toEqual({ kind: 'ready', value: 'rtx-new' })

  backend.answer('clientKeys.list', () => ({ keys: [key('default')] }))
  backend.answer('clientKeys.reveal', () => {
    throw new ApiFailure('conflict', 'The text of this key can not be read any more; make a new one')
  })
  await run.load()
  expect(run.key).toMatchObject({ kind: 'failed', failure: { code: 'conflict' } })
})

test('the Demo answers every client, and so does a channel, translated for those of another protocol', async () => {
  const { run } = await setup()
  expect([run.source, run.answerable]).toEqual([null, false])
  run.useDemo()
  expect([run.source, run.step, run.answerable]).toEqual(['demo', 'client', true])

  const { run: own } = await setup([sampleChannel('Gemini', { protocol: 'gemini', models: ['gemini-3.7-flash'] })])
  own.useChannels()
  expect([own.source, own.client, own.protocol, own.model]).toEqual([
    'channels',
    'gemini-cli',
    'gemini',
    'gemini-3.7-flash'
  ])
  own.client = 'codex'
  expect([own.protocol, own.answerable, own.translated]).toEqual(['openai-responses', true, true])
  // Its channel knows no other name.
  expect(own.model).toBe('gemini-3.7-flash')
  own.client = 'curl'
  expect([own.protocol, own.answerable, own.translated]).toEqual(['gemini', true, false])
})

test('the first request that ends after the snippets were shown is the one, and none from before', async () => {
  const { backend, run } = await setup()
  backend.emit('request.finished', { rows: [sampleRequest('early')] })
  run.useDemo()
  expect(run.arrived).toBeNull()
  backend.emit('request.finished', { rows: [sampleRequest('1'), sampleRequest('2')] })
  run.goTo('request')
  backend.emit('request.finished', { rows: [sampleRequest('3')] })
  expect(run.arrived?.id).toBe('1')
})

test('Routex sends one in the protocol of the client, and says why it could not', async () => {
  const { backend, run } = await setup()
  run.useDemo()
  run.client = 'codex'
  await run.sendOne()
  expect(backend.made.at(-1)).toEqual({
    name: 'gateway.sendSample',
    params: { protocol: 'openai-responses', model: 'gpt-5-mini' }
  })
  backend.fail('gateway.sendSample', 'conflict', 'The gateway is off: turn it on to send a request')
  await run.sendOne()
  expect(run.sendFailure?.code).toBe('conflict')
  expect(run.sending).toBe(false)
})
