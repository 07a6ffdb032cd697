import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { usedUp } from '../../../test/e2e/support/sample-data'
import { channelStandings, type StandingsOf } from '../../shared/channel-standing'
import { clientView } from '../../shared/clients'
import { gatewayStatus } from '../../shared/gateway-status'
import { channelHealthView } from '../../shared/health'
import { channelId, demoChannelId } from '../../shared/ids'
import { PROTOCOLS } from '../../shared/protocol'
import { overview } from '../../shared/stats'
import { stringsFor } from './strings'
import { trayMenu, trayTip, trayTitle, type TrayView } from './tray-menu'

const unknown = { p50: null, p95: null, p99: null }
const today = overview.parse({
  requests: 1284,
  errors: 3,
  tokens: { input: 1_200_000, cacheRead: 40_000_000, cacheWrite: 0, output: 12_345, reasoning: 0 },
  usageUnknown: 0,
  costUsd: 12.4,
  costUnknown: 0,
  cacheHitRate: null,
  totalMs: unknown,
  firstByteMs: unknown
})
const status = gatewayStatus.parse({
  state: 'on',
  pausedUntil: null,
  url: 'http://127.0.0.1:8080',
  version: '0',
  startedAt: 0,
  configError: null,
  givenAtStart: { host: null, port: null },
  turnedOnAt: { host: '127.0.0.1', port: 8080 },
  secretStore: 'keychain',
  inFlight: 0
})
const channel = (id: string, more: object = {}) =>
  channelHealthView.parse({
    id,
    name: id,
    slug: id,
    enabled: true,
    state: 'closed',
    failures: 0,
    inFlight: 0,
    missingModels: [],
    ...more
  })
const channels = [channel('main'), channel('R&D'), channel('spare', { enabled: false })]
const client = (id: string, name: string, change: object = {}) =>
  clientView.parse({
    id,
    name,
    protocols: [],
    modelSlots: [],
    found: true,
    program: null,
    folder: '/home/ada',
    files: [],
    state: { kind: 'direct', url: null },
    conflicts: [],
    key: null,
    options: {},
    canLaunch: true,
    ...change
  })
const connected = { kind: 'connected', since: 0, url: 'http://127.0.0.1:8080', drift: [], outdated: [] }
const claude = client('claude-code', 'Claude Code', { state: connected })
const codex = client('codex', 'Codex')
const standingsOf = (present: TrayView['channels'], budgets: StandingsOf['budgets'] = []) =>
  channelStandings({
    channels: present,
    health: (id) => present.find((one) => one.id === id),
    budgets,
    onlyChannel: null
  })
const view: TrayView = {
  status,
  state: 'on',
  channels,
  standings: standingsOf(channels),
  clients: [claude, codex],
  settings: { strategy: 'weighted', onlyChannel: null },
  managed: [],
  today
}
const english = stringsFor('en', 'de')

function open(change: Partial<TrayView> = {}, strings = english) {
  const done: unknown[] = []
  const items = trayMenu(
    { ...view, ...(change.channels && { standings: standingsOf(change.channels) }), ...change },
    {
      call: (name, params) => done.push([name, params]),
      copy: (text) => done.push(['copy', text]),
      connect: (id) => done.push(['connect', id]),
      restore: ({ id }) => done.push(['restore', id]),
      open: () => done.push('open'),
      quit: () => done.push('quit')
    },
    strings
  )
  const below = (item: MenuItemConstructorOptions): readonly MenuItemConstructorOptions[] =>
    Array.isArray(item.submenu) ? item.submenu : []
  const find = (label: string) => items.flatMap((item) => [item, ...below(item)]).find((item) => item.label === label)
  const click = (label: string): unknown => {
    Reflect.apply(find(label)?.click ?? Object, undefined, [])
    return done.at(-1)
  }
  return { items, find, click, below: (label: string) => below(find(label) ?? {}) }
}

test('it says what the gateway does, where, and what today came to', () => {
  const { items } = open()
  expect(items[0]).toEqual({ label: 'Routex: On · 127.0.0.1:8080', enabled: false })
  expect(items[1]).toEqual({ label: 'Today: 1,284 requests · 41.2 M tokens · $12.40', enabled: false })
})

test('one request is one request', () => {
  expect(open({ today: { ...today, requests: 1 } }).items[1]?.label).toContain('Today: 1 request · ')
})

test('its tip says the same', () => {
  const tip = 'Routex: On · 127.0.0.1:8080\nToday: 1,284 requests · 41.2 M tokens · $12.40'
  expect(trayTip(view, english)).toBe(tip)
  expect(trayTip({ ...view, today: null }, english)).toBe('Routex: On · 127.0.0.1:8080')
})

test('a cost that nobody knows is no zero, and totals that are not there yet are not shown', () => {
  expect(open({ today: { ...today, costUsd: null } }).items[1]?.label).toContain('tokens · –')
  expect(open({ today: null }).items[1]?.label).toBe('Copy endpoint')
})

test('on or paused, its switch turns it off; off, on, and there is nothing to copy or to pause', () => {
  expect(open().find('Gateway on')).toMatchObject({ checked: true })
  expect(open().click('Gateway on')).toEqual(['gateway.setState', { state: 'off' }])
  const off = open({ status: { ...status, state: 'off', url: null }, state: 'off' })
  expect(off.find('Gateway on')).toMatchObject({ checked: false })
  expect(off.click('Gateway on')).toEqual(['gateway.setState', { state: 'on' }])
  expect(off.find('Copy endpoint')).toMatchObject({ enabled: false })
  expect(off.find('Pause')).toMatchObject({ enabled: false })
  expect(open().click('Copy endpoint')).toEqual(['copy', 'http://127.0.0.1:8080'])
})

test('it pauses for a quarter of an hour, an hour or until resumed, and then offers to resume', () => {
  expect(open().click('For 15 minutes')).toEqual(['gateway.setState', { state: 'paused', minutes: 15 }])
  expect(open().click('For 1 hour')).toEqual(['gateway.setState', { state: 'paused', minutes: 60 }])
  expect(open().click('Until resumed')).toEqual(['gateway.setState', { state: 'paused' }])
  const pausedUntil = new Date(2026, 0, 1, 14, 5).getTime()
  const paused = { status: { ...status, state: 'paused', pausedUntil }, state: 'paused' } as const
  expect(trayTitle({ ...view, ...paused }, english)).toBe('Routex: Paused until 14:05 · 127.0.0.1:8080')
  expect(open(paused).find('Pause')).toBeUndefined()
  expect(open(paused).click('Resume')).toEqual(['gateway.setState', { state: 'on' }])
})

test('the strategy in force is checked, and one that the config file sets can not be changed', () => {
  expect(
    open()
      .below('Strategy')
      .map(({ label, checked }) => [label, checked])
  ).toEqual([
    ['Priority', false],
    ['Round robin', false],
    ['By weight', true],
    ['Least used', false]
  ])
  expect(open().click('Least used')).toEqual(['settings.update', { strategy: 'least_used' }])
  expect(open({ managed: ['strategy'] }).find('Priority')).toMatchObject({ enabled: false })
})

test('a channel is listed with its state, and can be the only one that is used', () => {
  const { below, click } = open()
  expect(below('Channels').map(({ label }) => label)).toEqual([
    'Use all channels',
    'Use only this one:',
    'main · healthy',
    'R&&D · healthy',
    'spare · disabled'
  ])
  expect(click('main · healthy')).toEqual(['settings.update', { onlyChannel: 'main' }])
  const only = open({ settings: { strategy: 'priority', onlyChannel: channels[0]?.id ?? null } })
  expect(only.find('main · healthy')).toMatchObject({ checked: true })
  expect(only.find('Use all channels')).toMatchObject({ checked: false })
  expect(only.click('Use all channels')).toEqual(['settings.update', { onlyChannel: null }])
  expect(open().find('spare · disabled')).toMatchObject({ enabled: false })
})

test('a rest is told with its end', () => {
  const until = new Date(2026, 0, 1, 9, 30).getTime()
  const { below } = open({ channels: [channel('main', { state: 'cooling', until })] })
  expect(below('Channels').at(-1)?.label).toBe('main · cooling until 09:30')
})

test('a channel that its budget stops, or that switched, says so and until when', () => {
  const until = new Date(2026, 11, 1).getTime()
  const present = [channel('main'), channel('spare')]
  const told = (strings = english, ...budgets: StandingsOf['budgets']) =>
    open({ channels: present, standings: standingsOf(present, budgets) }, strings)
      .find(strings.channels)
      ?.submenu?.valueOf()
  const stopped = usedUp('main', { until })
  expect(told(english, stopped)).toMatchObject([
    {},
    {},
    { label: 'main · stopped by its budget until Dec 1, 00:00' },
    {}
  ])
  const switched = usedUp('main', { until, switchesTo: channelId.parse('spare') })
  expect(told(english, switched)).toMatchObject([
    {},
    {},
    { label: 'main · switched by its budget until Dec 1, 00:00' },
    {}
  ])
  const chinese = stringsFor('zh-CN', 'en')
  expect(told(chinese, stopped)).toMatchObject([{}, {}, { label: 'main · 预算已用完，至 12月1日 00:00' }, {}])
})

test('an assistant is listed with how it stands, and can be connected or restored', () => {
  const entries = (clients: TrayView['clients']) => {
    const { below } = open({ clients })
    return below('Clients').map(({ label, submenu }) => [
      label,
      Array.isArray(submenu) ? submenu.map((item) => item.label) : []
    ])
  }
  const drift = [{ file: '/f', key: 'env.X', now: null }]
  expect(
    entries([
      claude,
      codex,
      client('gemini-cli', 'Gemini CLI', { state: { ...connected, drift } }),
      client('opencode', 'OpenCode', { found: false })
    ])
  ).toEqual([
    ['Claude Code · connected', ['Restore…']],
    ['Codex · not connected', ['Connect…']],
    ['Gemini CLI · changed since', ['Connect…', 'Restore…']]
  ])
  expect(entries([])).toEqual([['No assistant was found here', []]])

  const { below } = open()
  const done: unknown[] = []
  for (const item of below('Clients')) {
    const [first] = Array.isArray(item.submenu) ? item.submenu : []
    Reflect.apply(first?.click ?? Object, undefined, [])
    done.push(first?.label)
  }
  expect(done).toEqual(['Restore…', 'Connect…'])
})

test('in Chinese everything is Chinese', () => {
  const { items } = open({ state: 'trouble' }, stringsFor('system', 'zh-CN'))
  expect(items[0]?.label).toBe('Routex: 运行中 · 127.0.0.1:8080 · 需要处理')
  expect(items[1]?.label).toBe('今日：1,284 次请求 · 41.2 M token · $12.40')
  expect(items.map(({ label = '' }) => label.replaceAll(/Routex|token/g, '')).join('')).not.toMatch(/[A-Za-z]{3}/)
})

test('while only the Demo answers there is no channel to choose', () => {
  const demo = PROTOCOLS.map((protocol) => channel(demoChannelId(protocol), { name: 'Demo' }))
  expect(open({ channels: demo }).below('Channels')).toEqual([{ label: 'Demo channel only', enabled: false }])
})
