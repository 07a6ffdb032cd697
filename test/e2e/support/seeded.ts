import type { TestInfo } from '@playwright/test'
import { channelId, clientKeyId } from '../../../src/shared/ids'
import type { Headless } from './headless'
import { makeTraffic, seedLog } from './seed-log'

const day = 86_400_000

/** Hosts that the price table knows, so that the rows have a cost. Nobody is asked: the requests are of the past. */
const sample = [
  { name: 'Anthropic main', host: 'api.anthropic.com', models: ['claude-sonnet-4-5', 'claude-opus-4-5'], share: 62 },
  { name: 'Backup', host: 'api.anthropic.com', models: ['claude-sonnet-4-5'], share: 21 },
  { name: 'DeepSeek', host: 'api.deepseek.com', models: ['deepseek-chat'], share: 13 },
  { name: 'Team key', host: 'api.anthropic.com', models: ['claude-haiku-4-5'], share: 4 }
] as const

/** A Routex with four channels, three client keys and two days of requests behind it. */
export async function startSeeded(
  start: () => Promise<Headless>,
  info: TestInfo,
  browserName: string,
  baseUrl: string
): Promise<Headless> {
  const first = await start()
  const channels = []
  for (const [index, { name, host, models, share }] of sample.entries()) {
    const channel = { name, protocol: 'anthropic', baseUrl, apiKey: 'sk-test-1234', priority: index + 1 } as const
    const { id } = await first.call('channels.create', channel)
    channels.push({ id: channelId.parse(id), name, host, models, share })
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
  seedLog(info.outputPath(browserName), makeTraffic({ channels, keys, from: now - 2 * day, to: now, requests: 4_000 }))
  return start()
}
