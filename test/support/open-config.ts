import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { openConfigStore } from '../../src/main/storage/config/config-store'
import { PassphraseBox } from '../../src/main/storage/encrypted-export/passphrase-box'
import type { ConfigChange } from '../../src/main/storage/ports'
import { openKeyFileSecretBox } from '../../src/main/storage/secrets/key-file-secret-box'
import { channelInput, type Channel, type ChannelInput } from '../../src/shared/channel'
import { fileConfig, type FileConfig } from '../../src/shared/config-file'
import { FakeClock } from './fake-clock'
import { makeChannel } from './make-channel'
import { silentLogger } from './silent-logger'
import { makeTempDir } from './temp-dir'

export const demo = makeChannel('demo:anthropic', { name: 'Demo', slug: 'demo', managedBy: 'built-in' })

/** One that costs a test little. */
export const cheapPassphraseBox = (): PassphraseBox => new PassphraseBox(() => 2 ** 14)

/** A config store in a folder of its own, or again in one that was closed; what it tells is gathered. */
export async function openConfig(dir?: string) {
  const clock = new FakeClock()
  const logger = silentLogger()
  const folder = dir ?? (await makeTempDir())
  const secretBox = await openKeyFileSecretBox(folder, logger)
  const demoChannels: readonly Channel[] = Object.freeze([demo])
  const store = await openConfigStore({
    dir: folder,
    secretBox,
    passphraseBox: cheapPassphraseBox(),
    clock,
    logger,
    demoChannels
  })
  onTestFinished(() => store.close())
  const changes: ConfigChange[] = []
  store.onChange((change) => changes.push(change))
  return { store, clock, logger, dir: folder, changes, demoChannels }
}

/** What a user says of a channel, with the defaults of the form. */
export const input = (said: Partial<z.input<typeof channelInput>> = {}): ChannelInput =>
  channelInput.parse({
    name: 'Main',
    protocol: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    apiKey: 'sk-ant-secret-1234',
    ...said
  })

export const file = (said: z.input<typeof fileConfig>): FileConfig => fileConfig.parse(said)
