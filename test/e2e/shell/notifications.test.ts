import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { json } from '../../support/scripts'
import { addUpstream, askGateway, callFromPage, gatewayOf, openDesktop, type Desktop } from './open-desktop'

const atTheEnd = fileScope()
const notification = z.object({ title: z.string(), body: z.string() })
const refused = json(401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } })

let desktop: Desktop
let page: Page
let upstream: FakeUpstream
beforeAll(async () => {
  upstream = await startFakeUpstream(atTheEnd)
  upstream.always(refused)
  desktop = await openDesktop({}, atTheEnd)
  page = await desktop.page()
})

const shown = async (): Promise<readonly { readonly title: string; readonly body: string }[]> =>
  (await desktop.recorded('Notification.show')).map(({ args: [options] }) => notification.parse(options))
const titles = async (): Promise<readonly string[]> => (await shown()).map(({ title }) => title)
const bodies = async (): Promise<readonly string[]> => (await shown()).map(({ body }) => body)

test('a channel that fails is told, a click opens the window on it, and it is told that it is back', async () => {
  const { url, clientKey } = await gatewayOf(page)
  const { id } = await addUpstream(page, upstream.url, 'main')
  await askGateway(url, clientKey)
  await expect.poll(titles).toEqual(['main is failing'])
  await desktop.remote('closeWindow')
  await desktop.remote('clickNotification', 0)
  await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
  await expect.poll(() => page.evaluate(() => location.hash)).toBe(`#/channels?id=${encodeURIComponent(id)}`)
  await callFromPage(page, 'channels.clearHealth', { id })
  await expect.poll(titles).toContain('main is back')
  await callFromPage(page, 'channels.delete', { id })
})

test('the cause is told in the language of the program', async () => {
  const { url, clientKey } = await gatewayOf(page)
  const spent = { type: 'error', error: { type: 'billing_error', message: 'No credit is left' } }
  const quota = await startFakeUpstream(atTheEnd)
  quota.always(json(402, spent))
  await callFromPage(page, 'settings.update', { appearance: { language: 'zh-CN' } })
  const { id } = await addUpstream(page, quota.url, 'account')
  await askGateway(url, clientKey)
  await expect.poll(titles).toContain('渠道“account”出现故障')
  expect(await bodies()).toContain('额度用尽：No credit is left')
  await callFromPage(page, 'settings.update', { appearance: { language: 'en' } })
  await callFromPage(page, 'channels.delete', { id })
})

test('those that fail together come as one; switched off, none comes', async () => {
  const { url, clientKey } = await gatewayOf(page)
  const before = (await titles()).length
  const first = await addUpstream(page, upstream.url, 'first')
  const second = await addUpstream(page, upstream.url, 'second')
  await askGateway(url, clientKey)
  await expect.poll(async () => (await titles()).slice(before)).toEqual(['2 channels are failing'])
  await callFromPage(page, 'settings.update', { notifications: { channelBack: false } })
  for (const { id } of [first, second]) await callFromPage(page, 'channels.clearHealth', { id })
  const third = await addUpstream(page, upstream.url, 'third')
  // What comes of a later failure shows that the silence before it was no delay.
  await askGateway(url, clientKey)
  await expect.poll(async () => (await titles()).slice(before + 1)).toEqual(['third is failing'])
  for (const { id } of [first, second, third]) await callFromPage(page, 'channels.delete', { id })
})
