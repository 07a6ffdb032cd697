import { createDecipheriv, scryptSync } from 'node:crypto'
import type { Environment } from '../importer'

/** `iv:tag:ciphertext` in hex (src/utils/encryption.ts): AES-256-GCM with a key from scrypt. */
const SEALED = /^([0-9a-f]{32}):([0-9a-f]{32}):([0-9a-f]+)$/i

/** What the original takes when nobody set a password: it says so at every start, and many never did. */
const DEFAULT_PASSWORD = 'routex-default-password-change-me'
const DEFAULT_SALT = 'routex-default-salt-change-in-production'
const MAX_HEX = 32_768

export const isSealed = (text: string): boolean => SEALED.test(text)

/** The key of one database: by the password that Routex' own environment has for it, or the one that is built in. */
export class OriginalKeys {
  readonly #key: Buffer

  constructor(environment: Environment) {
    const password = environment['MASTER_PASSWORD'] ?? environment['ENCRYPTION_KEY'] ?? DEFAULT_PASSWORD
    const salt = environment['ENCRYPTION_SALT']
    this.#key = scryptSync(password, salt === undefined ? DEFAULT_SALT : Buffer.from(salt, 'hex'), 32)
  }

  /** null: it was sealed with another password. */
  open(sealed: string): string | null {
    const [, iv = '', tag = '', body = ''] = SEALED.exec(sealed) ?? []
    if (body.length > MAX_HEX) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(iv, 'hex'), { authTagLength: 16 })
    decipher.setAuthTag(Buffer.from(tag, 'hex'))
    try {
      return Buffer.concat([decipher.update(Buffer.from(body, 'hex')), decipher.final()]).toString('utf8')
    } catch {
      // That is how a wrong password shows itself.
      return null
    }
  }
}
