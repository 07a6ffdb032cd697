import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Machine } from '../../src/main/clients/client'
import type { ClientKeys } from '../../src/main/clients/client-keys'
import { Connections } from '../../src/main/clients/connections'
import type { FileSystem } from '../../src/main/clients/file-system'
import { RecordStore } from '../../src/main/clients/record-store'
import type { Offer } from '../../src/main/clients/wish'
import { openKeyFileSecretBox } from '../../src/main/storage/secrets/key-file-secret-box'
import { seal, unseal } from '../../src/main/storage/secrets/seal'
import { clientKeyId, type ClientKeyId } from '../../src/shared/ids'
import type { ProtocolId } from '../../src/shared/protocol'
import { FakeClock } from './fake-clock'
import { quickFileSystem } from './faulty-file-system'
import { silentLogger } from './silent-logger'
import { makeTempDir } from './temp-dir'

/** Client keys in memory. Each text ends with its number. */
class KeysInMemory implements ClientKeys {
  readonly texts = new Map<ClientKeyId, string>()
  readonly names: string[] = []

  text(id: ClientKeyId) {
    return this.texts.get(id)
  }

  knows(text: string) {
    return [...this.texts.values()].includes(text)
  }

  view(id: ClientKeyId) {
    const text = this.texts.get(id)
    return text === undefined ? undefined : { name: 'a client', last4: text.slice(-4) }
  }

  async create(name: string) {
    const id = clientKeyId.parse(`key_${this.texts.size + 1}`)
    this.names.push(name)
    this.texts.set(id, `rtx-test-key-of-a-client-${1000 + this.texts.size + 1}`)
    return id
  }
}

/** What the gateway would say, settable. */
export class OfferInMemory implements Offer {
  address: string | null = 'http://127.0.0.1:8080'
  protocol: ProtocolId = 'anthropic'
  names: readonly string[] = ['model-one', 'model-two']

  url() {
    return this.address
  }

  usualProtocol() {
    return this.protocol
  }

  models() {
    return this.names
  }
}

export interface ClientsWorldOptions {
  readonly fs?: FileSystem
  readonly env?: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
  /** Of another world, whose user this one has too. */
  readonly home?: string
  /** Of a world before this one, for what a second start sees. */
  readonly like?: ClientsWorld
}

export interface ClientsWorld {
  readonly root: string
  /** The user's folder. */
  readonly home: string
  readonly dataDir: string
  readonly keys: KeysInMemory
  readonly offer: OfferInMemory
  readonly clock: FakeClock
  readonly logger: ReturnType<typeof silentLogger>
  readonly machine: Machine
  readonly connections: Connections
  /** Puts a file below the user's folder. */
  place(path: string, content: string | Buffer, mode?: number): Promise<void>
  /** Reads one there. */
  read(path: string): Promise<string>
}

async function foldersOf({ like, home }: ClientsWorldOptions) {
  const root = like?.root ?? (await makeTempDir(onTestFinished))
  return { root, home: home ?? join(root, 'home') }
}

/** A user's folder with a Routex that changes the settings in it. The data folder is beside it. */
export async function makeClientsWorld(options: ClientsWorldOptions = {}): Promise<ClientsWorld> {
  const { like } = options
  const { root, home } = await foldersOf(options)
  const dataDir = join(root, 'data')
  await mkdir(home, { recursive: true })
  await mkdir(dataDir, { recursive: true })
  const logger = silentLogger()
  // Made here, since the real one waits for the disk.
  if (like === undefined) await writeFile(join(dataDir, 'secret.key'), Buffer.alloc(32, 1), { mode: 0o600 })
  const box = await openKeyFileSecretBox(dataDir, logger)
  const keys = like?.keys ?? new KeysInMemory()
  const offer = like?.offer ?? new OfferInMemory()
  const clock = new FakeClock()
  const fs = options.fs ?? quickFileSystem
  const records = new RecordStore({
    fs,
    folder: join(dataDir, 'clients'),
    logger,
    sealer: {
      seal: (client, text) => seal(box, `client-files:${client}`, text),
      unseal: (client, sealed) => unseal(box, `client-files:${client}`, sealed)
    }
  })
  const machine = { fs, home, env: options.env ?? {}, platform: options.platform ?? process.platform }
  const connections = new Connections({ machine, records, keys, offer, canLaunch: false, clock, logger })
  return {
    root,
    home,
    dataDir,
    keys,
    offer,
    clock,
    logger,
    machine,
    connections,
    place: async (path: string, content: string | Buffer, mode = 0o644) => {
      await mkdir(dirname(join(home, path)), { recursive: true })
      await writeFile(join(home, path), content, { mode })
    },
    read: (path: string) => readFile(join(home, path), 'utf8')
  }
}

/** Every file below a folder with its bytes, and its mode where the system has one. */
export async function filesBelow(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  const contents = await Promise.all(
    files.sort().map(async (path) => {
      const { mode } = await stat(path)
      return [path.slice(folder.length + 1), `${(mode & 0o777).toString(8)} ${await readFile(path, 'latin1')}`] as const
    })
  )
  return Object.fromEntries(contents)
}
