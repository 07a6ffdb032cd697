import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../../../shared/ports'
import { StorageError } from '../errors'
import type { SecretBox } from '../ports'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** First byte of what is sealed, so that the way of sealing can change. */
const FORMAT = 1

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function damaged(path: string, cause?: unknown): StorageError {
  return new StorageError(
    'key_file_damaged',
    `${path} must be a file of ${KEY_BYTES} bytes; without it stored credentials can't be read`,
    { cause }
  )
}

function readKey(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    if (isErrno(error, 'EISDIR')) throw damaged(path, error)
    throw error
  }
}

/** Written whole under another name first, so that a crash leaves no half key. */
function makeKey(path: string): void {
  writeFileSync(`${path}.new`, randomBytes(KEY_BYTES), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

/** A copy or a restored backup may have left it open to others, who could read every credential with it. */
function closeToOthers(path: string, logger: Logger): void {
  // Windows has no such modes: there the folder's rights count.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  try {
    chmodSync(path, 0o600)
  } catch (cause) {
    throw new StorageError(
      'key_file_exposed',
      `${path} can be reached by others, and its mode can't be changed to 0600: change it, or give the file to the user that runs Routex`,
      { cause }
    )
  }
  logger.warn('the key file could be reached by others; its mode is 0600 now. Others may have read it', { path })
}

function loadKey(path: string, logger: Logger): Buffer {
  if (readKey(path) === null) makeKey(path)
  closeToOthers(path, logger)
  const key = readKey(path)
  if (key?.length === KEY_BYTES) return key
  throw damaged(path)
}

/** AES-256-GCM (NIST SP 800-38D): format, nonce, tag, ciphertext. */
class KeyFileSecretBox implements SecretBox {
  readonly kind = 'key-file'
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  encrypt(text: string): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Promise.resolve(Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body]))
  }

  decrypt(sealed: Buffer): Promise<string> {
    return new Promise((resolve) => {
      if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw unreadable()
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAuthTag(tag)
      try {
        const body = decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES))
        resolve(Buffer.concat([body, decipher.final()]).toString('utf8'))
      } catch (cause) {
        throw unreadable(cause)
      }
    })
  }
}

function unreadable(cause?: unknown): StorageError {
  return new StorageError('secret_unreadable', 'a stored secret was sealed with another key or is damaged', { cause })
}

/**
 * Seals with a random key in `secret.key` of the data folder (32 bytes, mode 0600), which is made when it is missing.
 *
 * One that others can reach is closed to them, and told.
 *
 * @throws StorageError `key_file_damaged`, `key_file_exposed`
 */
export function openKeyFileSecretBox(dataDir: string, logger: Logger): Promise<SecretBox> {
  return new Promise((resolve) => {
    resolve(new KeyFileSecretBox(loadKey(join(dataDir, 'secret.key'), logger)))
  })
}
