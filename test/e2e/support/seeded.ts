import type { ChannelPatch } from '../../../src/shared/channel'
import { channelId, clientKeyId, type ChannelId } from '../../../src/shared/ids'
import { startHeadless, type Headless } from './headless'
import { resetSettings } from './reset'
import { makeTraffic, seedLog } from './seed-log'

const day = 86_400_000

/** Hosts that the price table knows, so that the rows have a cost. Nobody is asked: the requests are of the past. */
const sample = [
  { name: 'Anthropic main', host: 'api.anthropic.com', models: ['claude-sonnet-4-5', 'claude-opus-4-5'], share: 62 },
  { name: 'Backup', host: 'api.anthropic.com', models: ['claude-sonnet-4-5'], share: 21 },
  { name: 'DeepSeek', host: 'api.deepseek.com', models: ['deepseek-chat'], share: 13 },
  { name: 'Team key', host: 'api.anthropic.com', models: ['claude-haiku-4-5'], share: 4 }
] as const

/** A running Routex with four channels, three client keys and two days of requests behind it, and how its channels were. */
export interface Seeded {
  readonly routex: Headless
  readonly channels: readonly { readonly id: ChannelId; readonly change: ChannelPatch }[]
}

/** Two days of requests. */
export async function startSeeded(dataDir: string, baseUrl: string): Promise<Seeded> {
  const first = await startHeadless({ dataDir })
  await first.call('settings.update', { firstRunDone: true })
  const channels = []
  const asMade = []
  for (const [index, { name, host, models, share }] of sample.entries()) {
    const change = {
      name,
      baseUrl,
      apiKey: 'sk-test-1234',
      priority: index + 1,
      weight: 1,
      enabled: true,
      models: ['*']
    }
    const { id } = await first.call('channels.create', { protocol: 'anthropic', ...change })
    channels.push({ id: channelId.parse(id), name, host, models, share })
    asMade.push({ id: channelId.parse(id), change })
  }
  const keys = []
  for (const [name, client] of [
    ['laptop', 'claude-cli/2.1.330'],
    ['ci', 'codex_cli_rs/0.61.0'],
    ['notebook', 'anthropic-python/1.2.0']
  ] as const) {
    const { key } = await first.call('clientKeys.create', { name })
    keys.push({ id: clientKeyId.parse(key.id), name, client })
  }
  await first.stop()
  const now = Date.now()
  seedLog(dataDir, makeTraffic({ channels, keys, from: now - 2 * day, to: now, requests: 4_000 }))
  return { routex: await startHeadless({ dataDir }), channels: asMade }
}

/** Puts channels, their health and the settings back as they were at first. */
export async function restoreSeeded({ routex, channels }: Seeded): Promise<void> {
  for (const { id, change } of channels) {
    await routex.call('channels.update', { id, change })
    await routex.call('channels.clearHealth', { id })
  }
  await resetSettings(routex.call)
}
