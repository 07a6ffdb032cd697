import type { ChannelId, ClientKeyId } from '../../../shared/ids'
import type { Logger } from '../../../shared/ports'
import { StorageError } from '../errors'
import type { SecretBox } from '../ports'
import { seal, unseal, type Purpose } from '../secrets/seal'
import { channelSecrets, NO_SECRETS, type ChannelSecrets, type SealedChannel } from './channel-table'
import type { SealedClientKey } from './client-key-table'

const channelPurpose = (id: ChannelId): Purpose => `channel:${id}`
const clientKeyPurpose = (id: ClientKeyId): Purpose => `client-key:${id}`

/**
 * The secrets in clear text, in memory alone, so that no request waits for the secret box. They are unsealed once, at the
 * start; one that can't be is told and missing until it is entered again.
 */
export class SecretVault {
  readonly #box: SecretBox
  readonly #logger: Logger
  readonly #channels = new Map<ChannelId, ChannelSecrets>()
  readonly #clientKeys = new Map<ClientKeyId, string>()

  constructor(box: SecretBox, logger: Logger) {
    this.#box = box
    this.#logger = logger
  }

  channelSecrets(id: ChannelId): ChannelSecrets {
    return this.#channels.get(id) ?? NO_SECRETS
  }

  clientKeyText(id: ClientKeyId): string | undefined {
    return this.#clientKeys.get(id)
  }

  /** What goes into the row; null when there is nothing to hide. */
  sealChannel(id: ChannelId, secrets: ChannelSecrets): Promise<Buffer | null> {
    if (secrets.apiKey === null && Object.keys(secrets.headers).length === 0) return Promise.resolve(null)
    return seal(this.#box, channelPurpose(id), JSON.stringify(secrets))
  }

  sealClientKey(id: ClientKeyId, text: string): Promise<Buffer> {
    return seal(this.#box, clientKeyPurpose(id), text)
  }

  keepChannel(id: ChannelId, secrets: ChannelSecrets): void {
    this.#channels.set(id, secrets)
  }

  keepClientKey(id: ClientKeyId, text: string): void {
    this.#clientKeys.set(id, text)
  }

  forgetChannel(id: ChannelId): void {
    this.#channels.delete(id)
  }

  forgetClientKey(id: ClientKeyId): void {
    this.#clientKeys.delete(id)
  }

  /** An empty one with the same box, to unseal what is not in force. */
  sibling(): SecretVault {
    return new SecretVault(this.#box, this.#logger)
  }

  /** Holds what the other one does, and nothing else. */
  become(other: SecretVault): void {
    this.#channels.clear()
    this.#clientKeys.clear()
    for (const [id, secrets] of other.#channels) this.#channels.set(id, secrets)
    for (const [id, text] of other.#clientKeys) this.#clientKeys.set(id, text)
  }

  async unsealChannels(rows: readonly SealedChannel[]): Promise<void> {
    for (const { id, name, sealed } of rows) {
      if (sealed === null) continue
      const text = await this.#unseal(channelPurpose(id), sealed, { channel: name })
      if (text !== null) this.keepChannel(id, channelSecrets.parse(JSON.parse(text)))
    }
  }

  async unsealClientKeys(rows: readonly SealedClientKey[]): Promise<void> {
    for (const { id, name, sealed } of rows) {
      const text = await this.#unseal(clientKeyPurpose(id), sealed, { clientKeyName: name })
      if (text !== null) this.keepClientKey(id, text)
    }
  }

  async #unseal(purpose: Purpose, sealed: Buffer, context: Readonly<Record<string, string>>): Promise<string | null> {
    try {
      return await unseal(this.#box, purpose, sealed)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.#logger.warn('a stored secret can not be read; it must be entered again', {
        ...context,
        reason: error.message
      })
      return null
    }
  }
}
