import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails } from '../support/vendors/vendors'

async function startAlone(name: string, options: Parameters<typeof startTwoChannels>[1] = {}) {
  const world = await startTwoChannels(anthropic, options)
  const { id } = await world.gateway.health(name)
  await world.gateway.call('settings.update', { onlyChannel: id })
  return world
}

test('a channel that is used alone takes every request, and the others are named with the reason', async () => {
  const { first, gateway } = await startAlone('second')
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
  expect(await gateway.onlyRow()).toMatchObject({ excluded: [{ channelName: 'first', reason: 'other_used_alone' }] })
  await gateway.call('settings.update', { onlyChannel: null })
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('first')
  expect(first.requests).toHaveLength(1)
})

test('a channel that is used alone is not helped by the others', async () => {
  const { first, second, gateway } = await startAlone('second')
  second.always(fails(anthropic, 500, 'broken'))
  expect((await gateway.ask(anthropic).done).status).toBe(500)
  expect(first.requests).toEqual([])
})

test('a channel that is used alone and switched off is an error that says so', async () => {
  const { gateway } = await startAlone('second', { secondChannel: { enabled: false } })
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(503)
  expect(answer.text).toContain('second (switched off)')
  expect(answer.text).toContain('first (another channel is used alone)')
  expect(answer.text).toContain('Routex is set to use only second; let it use all channels again')
})

test('a channel that is used alone and taken out of the config file lets all be used again', async () => {
  const { first, gateway } = await startAlone('second')
  await gateway.writeConfig(withChannels([channelOf(anthropic, first, { name: 'first' })]))
  await expect.poll(async () => (await gateway.call('channels.list', {})).channels.length).toBe(1)
  expect(await gateway.call('settings.get', {})).toMatchObject({ settings: { onlyChannel: null } })
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('first')
})

test('a key that may not use the channel that is used alone is told so, without its name', async () => {
  const { gateway } = await startAlone('second')
  const { id } = await gateway.health('first')
  const { secret } = await gateway.call('clientKeys.create', { name: 'limited', allowedChannels: [id] })
  const answer = await gateway.ask(anthropic, { key: secret }).done
  expect(answer.status).toBe(503)
  expect(answer.text).toContain('Routex is set to use only a channel that this key may not use')
  expect(answer.text).not.toContain('second')
})

test('a client is told the models of the channel that is used alone', async () => {
  const { gateway } = await startAlone('second', {
    firstChannel: { models: ['claude-one'] },
    secondChannel: { models: ['claude-two'] }
  })
  const answer = await gateway.send({ method: 'GET', target: '/v1/models', headers: anthropic.headers(gateway.key) })
    .done
  expect(answer.text).toContain('claude-two')
  expect(answer.text).not.toContain('claude-one')
})
