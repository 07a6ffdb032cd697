import { rename, writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { channelInput } from '../../src/shared/channel'
import type { fileConfig } from '../../src/shared/config-file'
import type { FakeUpstream } from './fake-upstream'
import type { Vendor } from './vendors/vendors'

export type ConfigFile = z.input<typeof fileConfig>
export type ChannelConfig = z.input<typeof channelInput>

/** The client key of every config file that names none of its own. */
const TEST_KEY = 'rtx-test-0123456789abcdef0123456789abcdef'

/** A config with the test's key, for these channels. */
export function withChannels(channels: readonly ChannelConfig[], settings: ConfigFile['settings'] = {}): ConfigFile {
  return { settings, channels: [...channels], clientKeys: [{ name: 'test', key: TEST_KEY }] }
}

/** A channel of the vendor's protocol before this upstream. */
export function channelOf(
  vendor: Vendor,
  upstream: FakeUpstream | string,
  rest: Partial<ChannelConfig> = {}
): ChannelConfig {
  return {
    name: 'main',
    protocol: vendor.protocol,
    baseUrl: typeof upstream === 'string' ? upstream : upstream.url,
    apiKey: 'sk-upstream-secret-main',
    ...rest
  }
}

/** Puts a config file in its place whole, as an editor does. */
export async function placeConfig(path: string, config: ConfigFile | string): Promise<void> {
  await writeFile(`${path}.new`, typeof config === 'string' ? config : JSON.stringify(config, null, 2))
  await rename(`${path}.new`, path)
}
