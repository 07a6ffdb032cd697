import { expect, test } from 'vitest'
import { ManagementError } from '../support/management-client'
import { resetBeforeHead } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, VENDORS } from '../support/vendors/vendors'

test.each(VENDORS)('a key is taken as x-api-key, bearer, x-goog-api-key or ?key= by $protocol', async (vendor) => {
  const { gateway } = await startTwoChannels(vendor)
  const target = vendor.target({ stream: false })
  const body = vendor.request({ stream: false })
  const ways: readonly { readonly headers?: Record<string, string>; readonly query?: string }[] = [
    { headers: { 'x-api-key': gateway.key } },
    { headers: { authorization: `Bearer ${gateway.key}` } },
    { headers: { 'x-goog-api-key': gateway.key } },
    { query: `?key=${gateway.key}` }
  ]
  for (const { headers = {}, query = '' } of ways) {
    expect((await gateway.send({ target: `${target}${query}`, headers, body }).done).status).toBe(200)
  }
})

test('of two credentials the one that is a Routex key counts', async () => {
  const { gateway } = await startTwoChannels(anthropic)
  const headers = { 'x-api-key': 'sk-ant-own-of-the-shell', authorization: `Bearer ${gateway.key}` }
  expect((await gateway.ask(anthropic, { key: null, headers }).done).status).toBe(200)
})

test('a key that is sent twice in one header counts once, and two keys for none', async () => {
  const { gateway } = await startTwoChannels(anthropic)
  const { key } = gateway
  const twice = (first: string, second: string) => ({ 'x-api-key': first, 'X-Api-Key': second })
  expect((await gateway.ask(anthropic, { key: null, headers: twice(key, key) }).done).status).toBe(200)
  expect((await gateway.ask(anthropic, { key: null, headers: twice(key, 'other') }).done).status).toBe(401)
})

test('a key that is made works at once, is shown once, and ends when it is revoked', async () => {
  const { gateway } = await startTwoChannels(openaiChat)
  const { key, secret } = await gateway.call('clientKeys.create', { name: 'laptop' })
  expect(secret).toMatch(/^rtx-.{40,}$/)
  expect(key.last4).toBe(secret.slice(-4))
  expect((await gateway.ask(openaiChat, { key: secret }).done).status).toBe(200)
  expect((await gateway.onlyRow()).clientKeyName).toBe('laptop')
  const { keys } = await gateway.call('clientKeys.list', {})
  expect(JSON.stringify(keys)).not.toContain(secret)
  expect(keys.find(({ name }) => name === 'laptop')?.lastUsedAt).toBeGreaterThan(Date.now() - 60_000)
  await gateway.call('clientKeys.revoke', { id: key.id })
  expect((await gateway.ask(openaiChat, { key: secret }).done).status).toBe(401)
})

test('a key that is rotated keeps its name and its use, and its old text ends at once', async () => {
  const { gateway } = await startTwoChannels(openaiChat)
  const { key, secret } = await gateway.call('clientKeys.create', { name: 'laptop' })
  const rotated = await gateway.call('clientKeys.rotate', { id: key.id })
  expect(rotated.key).toEqual({ ...key, last4: rotated.secret.slice(-4) })
  expect((await gateway.ask(openaiChat, { key: secret }).done).status).toBe(401)
  expect((await gateway.ask(openaiChat, { key: rotated.secret }).done).status).toBe(200)
  expect((await gateway.rows())[0]).toMatchObject({ clientKeyId: key.id, clientKeyName: 'laptop' })
  expect(await gateway.call('clientKeys.reveal', { id: key.id })).toEqual({ secret: rotated.secret })
})

test('a key that is restricted to a channel uses no other, even in failover', async () => {
  const { first, second, gateway } = await startTwoChannels(gemini)
  const { secret } = await gateway.call('clientKeys.create', {
    name: 'narrow',
    allowedChannels: [(await gateway.health('second')).id]
  })
  expect((await gateway.ask(gemini, { key: secret }).done).header('x-routex-channel')).toBe('second')
  // The kept connection first, then a new one.
  second.next(resetBeforeHead, resetBeforeHead)
  const answer = await gateway.ask(gemini, { key: secret, prompt: 'another' }).done
  expect(answer.status).toBe(502)
  expect(first.requests).toHaveLength(0)
  const row = (await gateway.rows())[0]
  expect(row?.excluded).toMatchObject([{ channelName: 'first' }])
})

test('keyless requests from this machine are served where the setting allows them', async () => {
  const { gateway } = await startTwoChannels(openaiChat, { settings: { keyRequired: false } })
  const answer = await gateway.ask(openaiChat, { key: null }).done
  expect(answer.status).toBe(200)
  expect(await gateway.onlyRow()).toMatchObject({ clientKeyId: null, outcome: 'ok' })
  expect((await gateway.ask(openaiChat, { key: 'rtx-wrong-anyway' }).done).status).toBe(401)
})

test('keyless requests can’t be combined with an address that is not loopback', async () => {
  const { gateway } = await startTwoChannels(openaiChat)
  const change = gateway.call('settings.update', { host: '0.0.0.0', keyRequired: false })
  await expect(change).rejects.toBeInstanceOf(ManagementError)
  const { settings } = await gateway.call('settings.get', {})
  expect(settings).toMatchObject({ host: '127.0.0.1', keyRequired: true })
})
