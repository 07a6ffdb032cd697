import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream'
import { fileScope } from '../../support/file-scope'
import { json } from '../../support/scripts'
import { addUpstream, askGateway, callFromPage, gatewayOf, openDesktop, type Desktop } from './open-desktop'

interface Item {
  readonly label?: string
  readonly checked?: boolean
  readonly enabled?: boolean
  readonly submenu?: readonly Item[]
}

const atTheEnd = fileScope()
const answer = { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' }
const usage = { input_tokens: 1000, output_tokens: 234 }

let desktop: Desktop
let page: Page
let upstream: FakeUpstream
beforeAll(async () => {
  upstream = await startFakeUpstream(atTheEnd)
  upstream.always(json(200, { ...answer, model: 'claude-sonnet-4-5', usage }))
  desktop = await openDesktop({}, atTheEnd)
  page = await desktop.page()
  await addUpstream(page, upstream.url, 'main')
  await addUpstream(page, upstream.url, 'second')
})

const menu = (): Promise<readonly Item[]> => desktop.remote('trayMenu')
const labels = async (): Promise<readonly (string | undefined)[]> => (await menu()).map(({ label }) => label)
const below = async (label: string): Promise<readonly Item[]> =>
  (await menu()).find((item) => item.label === label)?.submenu ?? []
const checkedBelow = async (label: string): Promise<readonly (string | undefined)[]> =>
  (await below(label)).filter(({ checked }) => checked === true).map((item) => item.label)
const icon = async (): Promise<string | undefined> =>
  String((await desktop.recorded('Tray.setImage')).at(-1)?.args[0])
    .split(/[\\/]/)
    .at(-1)

/** Within a second of the change that was made before it is called. */
const soon = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: 1000, interval: 20 })

test('it copies the endpoint that the gateway listens on', async () => {
  const { url } = await callFromPage(page, 'gateway.status', {})
  await desktop.remote('clickTray', 'Copy endpoint')
  expect(await desktop.recorded('clipboard.writeText')).toMatchObject([{ args: [url] }])
})

test('a strategy that is set elsewhere is checked within a second, and one that is chosen here is set', async () => {
  expect(await checkedBelow('Strategy')).toEqual(['Priority'])
  await callFromPage(page, 'settings.update', { strategy: 'round_robin' })
  await soon(() => checkedBelow('Strategy')).toEqual(['Round robin'])
  await desktop.remote('clickTray', 'Strategy', 'Least used')
  await expect.poll(async () => (await callFromPage(page, 'settings.get', {})).settings.strategy).toBe('least_used')
  await soon(() => checkedBelow('Strategy')).toEqual(['Least used'])
})

test('a channel that is added, renamed or disabled elsewhere is listed so within a second', async () => {
  const { id } = await addUpstream(page, upstream.url, 'third & last')
  const listed = async () => (await below('Channels')).map(({ label }) => label)
  await soon(listed).toContain('third && last · healthy')
  await callFromPage(page, 'channels.update', { id, change: { name: 'third', enabled: false } })
  await soon(listed).toContain('third · disabled')
  await callFromPage(page, 'channels.delete', { id })
  await soon(async () => (await listed()).filter((label) => label?.startsWith('third'))).toEqual([])
})

test('only the channel that was chosen is used, until all are again', async () => {
  const { url, clientKey } = await gatewayOf(page)
  await desktop.remote('clickTray', 'Channels', 'second')
  await soon(() => checkedBelow('Channels')).toEqual(['second · healthy'])
  await askGateway(url, clientKey)
  await askGateway(url, clientKey)
  const { rows } = await callFromPage(page, 'logs.query', { limit: 2 })
  expect(rows.map(({ channelName }) => channelName)).toEqual(['second', 'second'])
  await callFromPage(page, 'settings.update', { onlyChannel: null })
  await soon(() => checkedBelow('Channels')).toEqual(['Use all channels'])
})

const told = async (): Promise<string> => String((await desktop.recorded('Tray.setToolTip')).at(-1)?.args[0])

test("today's totals follow within a second of a request, and an open menu is left open on Linux", async () => {
  const { url, clientKey } = await gatewayOf(page)
  const { requests } = await callFromPage(page, 'stats.overview', {
    from: new Date().setHours(0, 0, 0, 0),
    to: Date.now()
  })
  await soon(told).toContain(`\nToday: ${requests} requests`)
  const menus = (await desktop.recorded('Tray.setContextMenu')).length
  expect(await askGateway(url, clientKey)).toBe(200)
  await soon(told).toMatch(new RegExp(`\nToday: ${requests + 1} requests · [\\d.,]+(.k)? tokens · `))
  if (process.platform === 'linux') expect(await desktop.recorded('Tray.setContextMenu')).toHaveLength(menus)
  await callFromPage(page, 'settings.update', { strategy: 'weighted' })
  await soon(async () => (await labels())[1]).toContain(`Today: ${requests + 1} requests`)
})

test('it pauses and resumes, by itself or from elsewhere, and its icon says so', async () => {
  const { url } = await callFromPage(page, 'gateway.status', {})
  await desktop.remote('clickTray', 'Pause', 'For 15 minutes')
  await soon(async () => (await labels())[0]).toMatch(/^Routex: Paused until \d\d:\d\d · 127/)
  expect(await icon()).toBe('paused.png')
  const { clientKey } = await gatewayOf(page)
  expect(await askGateway(url ?? '', clientKey)).toBe(503)
  const status = await callFromPage(page, 'gateway.status', {})
  expect((status.pausedUntil ?? 0) - Date.now()).toBeGreaterThan(14 * 60_000)
  await desktop.remote('clickTray', 'Resume')
  await soon(labels).toContain('Pause')
  await callFromPage(page, 'gateway.setState', { state: 'paused' })
  await soon(async () => (await labels())[0]).toMatch(/^Routex: Paused · 127/)
  await callFromPage(page, 'gateway.setState', { state: 'on' })
  await soon(labels).toContain('Pause')
})

test('a channel whose credential is refused is trouble, told with its state, until it is cleared', async () => {
  const { url, clientKey } = await gatewayOf(page)
  const { channels } = await callFromPage(page, 'channels.list', {})
  const main = channels.find(({ name }) => name === 'main')
  const second = channels.find(({ name }) => name === 'second')
  if (main === undefined || second === undefined) throw new Error('the channels are gone')
  await callFromPage(page, 'settings.update', { onlyChannel: main.id })
  upstream.next(json(401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }))
  await askGateway(url, clientKey)
  await soon(async () => (await labels())[0]).toContain('needs your attention')
  await soon(async () => (await below('Channels')).map(({ label }) => label)).toContain('main · credential refused')
  expect(await icon()).toBe('trouble.png')
  await callFromPage(page, 'channels.clearHealth', { id: main.id })
  await soon(async () => (await labels())[0]).not.toContain('needs your attention')
  await callFromPage(page, 'settings.update', { onlyChannel: null })
})

test('a budget that stops the only channel in use is trouble within a second, and no more once it is raised', async () => {
  const { url, clientKey } = await gatewayOf(page)
  const budget = { period: 'month', limitUsd: 1, then: 'stop' } as const
  const { id } = await callFromPage(page, 'channels.create', {
    name: 'thrifty',
    protocol: 'anthropic',
    baseUrl: upstream.url,
    apiKey: 'sk-test',
    prices: { '*': { input: 1000, output: 1000 } },
    budget
  })
  await callFromPage(page, 'settings.update', { onlyChannel: id })
  expect(await askGateway(url, clientKey)).toBe(200)
  await expect.poll(async () => (await callFromPage(page, 'budgets.list', {})).budgets[0]?.state).toBe('used_up')
  await soon(icon).toBe('trouble.png')
  expect(await askGateway(url, clientKey)).toBe(429)
  const thrifty = async () => (await below('Channels')).find(({ label }) => label?.startsWith('thrifty'))?.label
  await soon(thrifty).toMatch(/^thrifty · stopped by its budget until /)
  await callFromPage(page, 'channels.update', { id, change: { budget: { ...budget, limitUsd: 50 } } })
  await soon(icon).toBe('on.png')
  await soon(thrifty).toBe('thrifty · healthy')
  await callFromPage(page, 'channels.delete', { id })
  await callFromPage(page, 'settings.update', { onlyChannel: null })
})

test('what is chosen and can not be had is told, and the menu shows what is', async () => {
  const before = (await desktop.recorded('Tray.setContextMenu')).length
  const { channels } = await callFromPage(page, 'channels.list', {})
  const second = channels.find(({ name }) => name === 'second')
  // Gone in the moment between the menu's opening and the click.
  const deleted = desktop.remote(
    'invokeFrom',
    { url: 'app://routex/index.html', parent: null },
    'routex:call',
    'channels.delete',
    {
      id: second?.id
    }
  )
  await desktop.remote('clickTray', 'Channels', 'second')
  await deleted
  await expect.poll(async () => (await desktop.recorded('Tray.setContextMenu')).length).toBeGreaterThan(before)
  await soon(() => checkedBelow('Channels')).toEqual(['Use all channels'])
})

test('off, it says so in words and icon, and nothing can be paused or copied', async () => {
  await desktop.remote('clickTray', 'Gateway on')
  await soon(async () => (await labels())[0]).toBe('Routex: Off')
  expect(await icon()).toBe('off.png')
  const items = await menu()
  for (const label of ['Copy endpoint', 'Pause']) {
    expect(items.find((item) => item.label === label)).toMatchObject({ enabled: false })
  }
  await callFromPage(page, 'gateway.setState', { state: 'on' })
  await soon(async () => (await menu()).find(({ label }) => label === 'Gateway on')).toMatchObject({ checked: true })
})
