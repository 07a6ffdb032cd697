import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ENCRYPTED_FORMAT } from '../../../shared/encrypted-export'
import { StorageError } from '../errors'

const MEBIBYTE = 1024 * 1024
const BLOCK_SIZE = 8
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** N of scrypt (RFC 7914), the one that is wanted first; each needs 1 KiB (128 × r) times itself of memory. */
const COSTS = [2 ** 17, 2 ** 16, 2 ** 15] as const
/** What a file may ask for: a foreign one could name a cost that takes all memory. */
const [LEAST_COST, MOST_COST] = [2 ** 14, 2 ** 18]

const base64Of = (bytes: number): z.ZodType<Buffer> =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((decoded) => decoded.length === bytes)

const VERSION = 1

/** Only so much is read of a file of another version. */
const anyHeader = z.looseObject({ format: z.literal(ENCRYPTED_FORMAT), version: z.int() })
const header = z.strictObject({
  format: z.literal(ENCRYPTED_FORMAT),
  version: z.literal(VERSION),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z
      .int()
      .min(LEAST_COST)
      .max(MOST_COST)
      .refine((cost) => Number.isInteger(Math.log2(cost))),
    r: z.literal(BLOCK_SIZE),
    p: z.literal(1),
    salt: base64Of(KEY_BYTES)
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), nonce: base64Of(NONCE_BYTES) }),
  /** HMAC of the rest: tells a wrong passphrase from a file that was changed. */
  check: base64Of(KEY_BYTES)
})
type Header = z.infer<typeof header>
type Unchecked = Omit<Header, 'check'>

/** One text for one header, in whatever order or spacing it came: what `check` and the seal are about. */
function canonical({ kdf, cipher }: Unchecked): string {
  const { N, salt } = kdf
  return JSON.stringify({
    format: ENCRYPTED_FORMAT,
    version: VERSION,
    kdf: { name: 'scrypt', N, r: BLOCK_SIZE, p: 1, salt: salt.toString('base64') },
    cipher: { name: 'aes-256-gcm', nonce: cipher.nonce.toString('base64') }
  })
}

/** The highest cost for which a quarter of the memory that may still be taken suffices, in bytes. */
export const costFor = (availableMemory: number): number =>
  COSTS.find((cost) => 128 * cost * BLOCK_SIZE <= availableMemory / 4) ?? COSTS[2]

interface Keys {
  readonly encryption: Buffer
  readonly check: Buffer
}

function derive(passphrase: string, { N, salt }: Pick<Header['kdf'], 'N' | 'salt'>): Promise<Keys> {
  const options = { N, r: BLOCK_SIZE, p: 1, maxmem: 2 * 128 * N * BLOCK_SIZE }
  return new Promise((resolve, reject) => {
    // The same letters can be typed as other code points on another system.
    scrypt(passphrase.normalize('NFKC'), salt, 2 * KEY_BYTES, options, (cause, derived) => {
      if (cause === null) resolve({ encryption: derived.subarray(0, KEY_BYTES), check: derived.subarray(KEY_BYTES) })
      else
        reject(
          new StorageError(
            'memory_short',
            `${(128 * N * BLOCK_SIZE) / MEBIBYTE} MiB of memory are needed to turn the passphrase into a key, and could not be had`,
            { cause }
          )
        )
    })
  })
}

const checkOf = (keys: Keys, of: Unchecked): Buffer => createHmac('sha256', keys.check).update(canonical(of)).digest()

const invalid = (why: string): StorageError =>
  new StorageError('encrypted_export_invalid', `this is no encrypted export of Routex: ${why}`)

function parseHeader(line: string): Header {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new StorageError('encrypted_export_invalid', 'this is no encrypted export of Routex: it has no header', {
      cause
    })
  }
  const any = anyHeader.safeParse(value)
  if (!any.success) throw invalid('its header is another one')
  const { version } = any.data
  if (version > VERSION) {
    const message = `it was made by a newer Routex (its version is ${version}, this one knows ${VERSION})`
    throw new StorageError('encrypted_export_newer', message)
  }
  const parsed = header.safeParse(value)
  if (!parsed.success) throw damaged('its header can not be read')
  return parsed.data
}

const damaged = (why: string, cause?: unknown): StorageError =>
  new StorageError(
    'encrypted_export_damaged',
    `the file was changed or cut off since it was made (${why}); nothing was taken from it`,
    { cause }
  )

/** A header and the sealed bytes, however their lines were broken on the way. */
function split(text: string): { readonly header: Header; readonly sealed: Buffer } {
  const body = text.replace(/^\uFEFF/, '').trimStart()
  const end = body.search(/\r|\n|$/)
  const read = parseHeader(body.slice(0, end))
  const base64 = body.slice(end).replaceAll(/\s+/g, '')
  const sealed = Buffer.from(base64, 'base64')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || sealed.length < TAG_BYTES)
    throw damaged('what follows its header is not what was written')
  return { header: read, sealed }
}

/**
 * Seals bytes under a passphrase into a text of two parts: a line of JSON that says how (scrypt, RFC 7914; AES-256-GCM,
 * NIST SP 800-38D), authenticated with the rest, and base64.
 *
 * One passphrase is worked on at a time: each needs up to 128 MiB.
 */
export class PassphraseBox {
  readonly #cost: () => number
  #working: Promise<unknown> = Promise.resolve()

  /** @param cost N for what is sealed; what is opened says its own */
  constructor(cost: () => number = () => costFor(process.availableMemory())) {
    this.#cost = cost
  }

  /** @throws StorageError `memory_short` */
  async seal(bytes: Buffer, passphrase: string): Promise<string> {
    const unchecked: Unchecked = {
      format: ENCRYPTED_FORMAT,
      version: VERSION,
      kdf: { name: 'scrypt', N: this.#cost(), r: BLOCK_SIZE, p: 1, salt: randomBytes(KEY_BYTES) },
      cipher: { name: 'aes-256-gcm', nonce: randomBytes(NONCE_BYTES) }
    }
    const keys = await this.#derive(passphrase, unchecked.kdf)
    const cipher = createCipheriv('aes-256-gcm', keys.encryption, unchecked.cipher.nonce)
    cipher.setAAD(Buffer.from(canonical(unchecked)))
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    const check = checkOf(keys, unchecked).toString('base64')
    const line = `${canonical(unchecked).slice(0, -1)},"check":"${check}"}`
    return `${line}\n${(sealed.toString('base64').match(/.{1,120}/g) ?? []).join('\n')}\n`
  }

  /**
   * @throws StorageError `encrypted_export_invalid`, `encrypted_export_newer`, `encrypted_export_damaged`,
   *   `passphrase_wrong`, `memory_short`
   */
  async open(text: string, passphrase: string): Promise<Buffer> {
    const { header: read, sealed } = split(text)
    const keys = await this.#derive(passphrase, read.kdf)
    if (!timingSafeEqual(checkOf(keys, read), read.check)) {
      throw new StorageError('passphrase_wrong', 'the passphrase is not the one that this file was made with')
    }
    const decipher = createDecipheriv('aes-256-gcm', keys.encryption, read.cipher.nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(canonical(read)))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
    } catch (cause) {
      throw damaged('its seal is broken', cause)
    }
  }

  #derive(passphrase: string, kdf: Pick<Header['kdf'], 'N' | 'salt'>): Promise<Keys> {
    const derived = this.#working.then(() => derive(passphrase, kdf))
    this.#working = derived.catch(() => undefined) // it is told to whoever asked for it
    return derived
  }
}
