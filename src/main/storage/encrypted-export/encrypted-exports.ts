import { z } from 'zod'
import type { ConfigChanges, Backup } from '../../../shared/backups'
import type { Logger } from '../../../shared/ports'
import type { Problem } from '../../../shared/problem'
import { RULES } from '../../../shared/rules'
import { ConfigSnapshot } from '../backups/config-snapshot'
import type { BackupSource } from '../backups/backups'
import { channelSecrets } from '../config/channel-table'
import { isOwnHost } from '../config/own-host'
import type { SecretVault } from '../config/secret-vault'
import { StorageError } from '../errors'
import type { ConfigBackups, ConfigExports } from '../ports'
import type { PassphraseBox } from './passphrase-box'

/** What is sealed: a copy of routex.db whose secrets were taken out, and the secrets in clear. */
const content = z.strictObject({
  database: z.base64(),
  channels: z.record(z.string(), channelSecrets),
  clientKeys: z.record(z.string(), z.string())
})

const WHERE = 'the encrypted export'

export interface EncryptedExportsOptions {
  readonly source: BackupSource
  readonly backups: Pick<ConfigBackups, 'create'>
  readonly box: PassphraseBox
  readonly logger: Logger
}

/**
 * The whole configuration with its secrets as one text under a passphrase, so that it can be brought to another machine,
 * which has other keys at rest. Like a backup it holds what was saved, and not what the config file manages.
 */
export class EncryptedExports implements ConfigExports {
  readonly #options: EncryptedExportsOptions

  constructor(options: EncryptedExportsOptions) {
    this.#options = options
  }

  async create(
    passphrase: string
  ): Promise<{ readonly text: string; readonly channels: number; readonly clientKeys: number }> {
    const { box, logger, source } = this.#options
    const snapshot = ConfigSnapshot.open(WHERE, source.bytes(), logger)
    try {
      const { channels, clientKeys } = snapshot.secretsOf(source.vault)
      const database = snapshot.bytesWithoutSecrets().toString('base64')
      const plain = JSON.stringify({ database, channels, clientKeys } satisfies z.input<typeof content>)
      return { text: await box.seal(Buffer.from(plain), passphrase), ...snapshot.counts() }
    } finally {
      snapshot.close()
    }
  }

  preview(text: string, passphrase: string): Promise<ConfigChanges> {
    const { source } = this.#options
    return this.#with(text, passphrase, async (snapshot, secrets, foreignHost) => {
      await this.#keepClientKeys(snapshot, secrets)
      const changes = snapshot.compare(secrets, source.present())
      if (foreignHost === null) return changes
      const message = `${foreignHost} ${RULES.host_elsewhere}`
      const problems: Problem[] = [{ path: '', message, rule: { kind: 'own', code: 'host_elsewhere' } }]
      const lost = { name: 'host', reason: message, problems }
      return { ...changes, skipped: [...changes.skipped, lost] }
    })
  }

  async restore(text: string, passphrase: string): Promise<{ readonly savedAs: Backup }> {
    const { backups, source } = this.#options
    const savedAs = await this.#with(text, passphrase, (snapshot, secrets) =>
      source.replaceWith(snapshot, secrets, async () => {
        await this.#keepClientKeys(snapshot, secrets)
        return backups.create('import')
      })
    )
    return { savedAs }
  }

  #keepClientKeys(snapshot: ConfigSnapshot, secrets: SecretVault): Promise<void> {
    const { source } = this.#options
    return snapshot.keepClientKeys(source.present().clientKeys, source.vault, secrets)
  }

  async #with<T>(
    text: string,
    passphrase: string,
    work: (snapshot: ConfigSnapshot, secrets: SecretVault, foreignHost: string | null) => Promise<T> | T
  ): Promise<T> {
    const { box, logger, source } = this.#options
    const { database, channels, clientKeys } = readContent(await box.open(text, passphrase))
    const snapshot = ConfigSnapshot.open(WHERE, Buffer.from(database, 'base64'), logger)
    try {
      const secrets = await snapshot.sealAnew(source.vault, { channels, clientKeys })
      return await work(snapshot, secrets, dropForeignHost(snapshot))
    } finally {
      snapshot.close()
    }
  }
}

/** Another machine's address would keep the gateway from listening. Returns it when it was dropped. */
function dropForeignHost(snapshot: ConfigSnapshot): string | null {
  const { host } = snapshot.settings()
  if (isOwnHost(host)) return null
  snapshot.forgetSetting('host')
  return host
}

function readContent(plain: Buffer): z.output<typeof content> {
  try {
    return content.parse(JSON.parse(plain.toString('utf8')))
  } catch {
    // Its cause would repeat what it holds, which are secrets.
    throw new StorageError(
      'encrypted_export_damaged',
      'the file holds something else than an export of Routex; nothing was taken from it'
    )
  }
}
