import { join } from 'node:path'
import { z } from 'zod'
import { CLIENT_IDS, clientId, clientOptions, type ClientId } from '../../shared/clients'
import { clientKeyId } from '../../shared/ids'
import type { Logger } from '../../shared/ports'
import type { FileSystem } from './file-system'
import { ownedFile, type OwnedFile } from './owned-file'
import { deleteFile, makeFolders, replaceFile } from './replace-file'
import { readSettingsFile, type SettingsFile } from './settings-file'

/**
 * How it stands with one client. What is about to be written is recorded before it is, so that a crash between two files
 * is seen at the next start.
 *
 *   (none) ──► applying ──► connected ──► restoring ──► restored
 *                 ▲             │             │             │
 *                 └─────────────┴─────────────┴─────────────┘
 */
const phase = z.enum(['applying', 'connected', 'restoring', 'restored'])

const head = z.object({
  version: z.literal(1),
  client: clientId,
  phase,
  /** ms since 1970. */
  since: z.number(),
  keyId: clientKeyId.nullable(),
  /** The gateway's address that its files have. */
  url: z.string(),
  options: clientOptions,
  /** Restored by a quit, to be connected again at the next start. */
  reconnect: z.boolean(),
  /** The files by the secret box, base64; null when nothing is ours. */
  sealed: z.string().nullable()
})

export interface ClientRecord extends Omit<z.infer<typeof head>, 'version' | 'sealed'> {
  /** 'lost': they can't be unsealed any more. */
  readonly files: readonly OwnedFile[] | 'lost'
}

/** The secret store, for texts that belong to one client: what a file held before may be a credential. */
interface RecordSealer {
  seal(client: ClientId, text: string): Promise<Buffer>
  unseal(client: ClientId, sealed: Buffer): Promise<string>
}

export interface RecordStoreOptions {
  readonly fs: FileSystem
  /** The data folder's `clients`. */
  readonly folder: string
  readonly sealer: RecordSealer
  readonly logger: Logger
}

const files = z.array(ownedFile)

/** It holds the files as they were, sealed and in base64. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024

/** One small file a client in the data folder, mode 0600. */
export class RecordStore {
  readonly #options: RecordStoreOptions

  constructor(options: RecordStoreOptions) {
    this.#options = options
  }

  /** null: this client was never connected. A record that can't be read is told, and its files are `lost`. */
  async read(client: ClientId): Promise<ClientRecord | null> {
    const { logger } = this.#options
    const { text } = await this.#file(client)
    if (text === null) return null
    const parsed = head.safeParse(parseJson(text))
    if (!parsed.success || parsed.data.client !== client) {
      logger.warn('what was kept of a client can not be read', { client, path: this.#path(client) })
      return { ...LOST, client }
    }
    const { sealed, version: _version, ...rest } = parsed.data
    return { ...rest, files: sealed === null ? [] : await this.#unseal(client, sealed) }
  }

  async readAll(): Promise<readonly ClientRecord[]> {
    const records = await Promise.all(CLIENT_IDS.map((client) => this.read(client)))
    return records.filter((record) => record !== null)
  }

  /** Resolves when it is on the disk. Rejects with ClientError `write_failed`. */
  async write({ files: owned, ...rest }: ClientRecord): Promise<void> {
    const sealed =
      owned === 'lost' || owned.length === 0
        ? null
        : (await this.#options.sealer.seal(rest.client, JSON.stringify(owned))).toString('base64')
    const content: z.infer<typeof head> = { version: 1, ...rest, sealed }
    await makeFolders(this.#options, (await this.#file(rest.client)).missingFolders)
    await replaceFile(this.#options, await this.#file(rest.client), `${JSON.stringify(content)}\n`)
  }

  async delete(client: ClientId): Promise<void> {
    const file = await this.#file(client)
    if (file.text !== null) await deleteFile(this.#options, file)
  }

  #file(client: ClientId): Promise<SettingsFile> {
    return readSettingsFile(this.#options.fs, this.#path(client), MAX_RECORD_BYTES)
  }

  #path(client: ClientId): string {
    return join(this.#options.folder, `${client}.json`)
  }

  async #unseal(client: ClientId, sealed: string): Promise<ClientRecord['files']> {
    const { sealer, logger } = this.#options
    try {
      return files.parse(JSON.parse(await sealer.unseal(client, Buffer.from(sealed, 'base64'))))
    } catch (error) {
      logger.warn('what was kept of a client can not be unsealed; it can not be restored', { client, error })
      return 'lost'
    }
  }
}

const LOST: Omit<ClientRecord, 'client'> = {
  phase: 'connected',
  since: 0,
  keyId: null,
  url: '',
  options: {},
  reconnect: false,
  files: 'lost'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // told by who asked
  }
}
