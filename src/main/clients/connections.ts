import type { ClientId, ClientOptions, ClientPreview, ClientView, DriftedKey, KeyChange } from '../../shared/clients'
import { CLIENT_IDS } from '../../shared/clients'
import type { Clock, Logger, Stop } from '../../shared/ports'
import { carryOut } from './carry-out'
import type { Client, Machine } from './client'
import { ClientError } from './client-error'
import { findOtherRoutex, refuseOtherRoutex } from './other-routex'
import type { FilePlan } from './plan-file'
import { changesOf, leftIn } from './present-plan'
import { notConnected, previewGiveBack, previewTakeOver } from './preview'
import { basisOf, readClient } from './read-client'
import type { ClientRecord, RecordStore } from './record-store'
import { clients } from './registry'
import { removeEmptyFolders, removeTemporary } from './replace-file'
import { survey, surroundingsOf, type Asked } from './survey'
import { keyOf, makeKey, writtenKey, type ClientKeys } from './client-keys'
import { ownedFiles, planFollow, planGiveBack, planTakeOver, takeOverRecords } from './take-over'
import { verificationOf, type Verification } from './verification'
import { NEW_KEY, wishFor, type Offer } from './wish'

export interface ConnectionsOptions {
  readonly machine: Machine
  readonly records: RecordStore
  readonly keys: ClientKeys
  readonly offer: Offer
  readonly canLaunch: boolean
  readonly clock: Clock
  readonly logger: Logger
}

export interface ApplyRequest {
  /** As when it was last connected unless given. */
  readonly options?: ClientOptions | undefined
  readonly createFolders?: boolean | undefined
  /** As for the preview. */
  readonly variables?: readonly string[] | undefined
  /** The user agreed to take it from another Routex. */
  readonly overOther?: boolean | undefined
  /** Of the preview that the user saw; other files than those are not changed then. */
  readonly basis?: string | undefined
}

export interface RestoreRequest {
  /** It is connected again at the next start. */
  readonly reconnect?: boolean
  /** The user agreed to give back what another Routex has taken over. */
  readonly overOther?: boolean
}

export interface Applied {
  readonly changes: readonly KeyChange[]
}

export interface Restored {
  readonly changes: readonly KeyChange[]
  readonly left: readonly DriftedKey[]
}

/** Somebody else may write the same file in the same moment; then it is read anew. */
const TRIES = 3

/** Which clients go through Routex, and how they get there and back (B40). Changes follow one another. */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #listeners = new Set<(client: ClientId) => void>()
  #changing: Promise<unknown> = Promise.resolve()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  onChange(listener: (client: ClientId) => void): Stop {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Removes what a crash left beside the files. */
  async recover(): Promise<void> {
    const { machine, records, logger } = this.#options
    for (const record of await records.readAll()) {
      if (record.phase !== 'applying' && record.phase !== 'restoring') continue
      logger.warn('a change of client settings ended half-way', { client: record.client, phase: record.phase })
      for (const { path } of ownedFiles(record)) await removeTemporary(machine.fs, path)
    }
  }

  async list(asked: Asked): Promise<readonly ClientView[]> {
    return Promise.all(CLIENT_IDS.map((id) => this.view(id, asked)))
  }

  async view(id: ClientId, asked: Asked = {}): Promise<ClientView> {
    const { machine, keys, offer, canLaunch, records } = this.#options
    return survey({ machine, keys, canLaunch, url: offer.url() }, clients[id], await records.read(id), asked)
  }

  /** Clients that are connected, or were being so when Routex ended. */
  async connected(): Promise<readonly ClientRecord[]> {
    const records = await this.#options.records.readAll()
    return records.filter(({ phase, files }) => phase !== 'restored' && files !== 'lost')
  }

  /** What `apply` or `restore` would do. What is wrong with a file is part of what is told. */
  async preview(
    id: ClientId,
    action: ClientPreview['action'],
    options: ClientOptions | undefined,
    asked: Asked
  ): Promise<ClientPreview> {
    const { machine, records, offer, keys } = this.#options
    const record = await records.read(id)
    const key = keyOf(keys, record)?.text
    return action === 'apply'
      ? previewTakeOver({ machine, offer, client: clients[id], record, key, keys, options, asked })
      : previewGiveBack({ machine, client: clients[id], record, keys })
  }

  /** What a request that stands for one of the client's own is sent with. @throws ClientError `gateway_off` */
  async verification(id: ClientId, model: string | undefined, asked: Asked = {}): Promise<Verification> {
    const { machine, records, offer } = this.#options
    return verificationOf(machine, offer, { id, record: await records.read(id), model, asked })
  }

  /**
   * Connects a client: makes its key at the first time, and writes its files.
   *
   * @throws ClientError: nothing was changed
   */
  apply(id: ClientId, request: ApplyRequest): Promise<Applied> {
    return this.#inTurn(async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#apply(clients[id], request)
        } catch (error) {
          const mayRetry =
            error instanceof ClientError && error.code === 'changed_meanwhile' && request.basis === undefined
          if (!mayRetry || tries === TRIES) throw error
        }
      }
    })
  }

  /**
   * Brings a client's files back, as far as they still are ours. Its key stays, unused, so that connecting it again goes on
   * with the same key and a session that still runs is not cut off.
   *
   * @throws ClientError: nothing was changed
   */
  restore(id: ClientId, { reconnect = false, overOther = false }: RestoreRequest = {}): Promise<Restored> {
    return this.#inTurn(async () => {
      const { machine, records, clock, keys } = this.#options
      const client = clients[id]
      const before = await records.read(id)
      if (before === null || before.phase === 'restored') throw notConnected(client)
      const other = findOtherRoutex(client, await readClient(machine, client), before, keys)
      if (!overOther) refuseOtherRoutex(client, other)
      const plans = await planGiveBack(this.#options, client, before, other !== null)
      const since = clock.now()
      const during: ClientRecord = { ...before, phase: 'restoring', since }
      const after: ClientRecord = { ...before, phase: 'restored', since, reconnect, files: [] }
      await this.#carryOut({ during, after, before, plans })
      const folders = ownedFiles(before).flatMap(({ createdFolders }) => createdFolders)
      await removeEmptyFolders(this.#writes, [...new Set(folders)])
      return { changes: plans.flatMap(changesOf).filter(({ kind }) => kind !== 'same'), left: plans.flatMap(leftIn) }
    })
  }

  /** A client's key, made when it has none. */
  keyFor(id: ClientId): Promise<string> {
    return this.#inTurn(async () => {
      const { records, clock, keys } = this.#options
      const record = await records.read(id)
      const known = keyOf(keys, record)
      if (known !== null) return known.text
      const { id: keyId, text } = await makeKey(keys, clients[id])
      const fresh = {
        client: id,
        phase: 'restored',
        since: clock.now(),
        url: '',
        options: {},
        reconnect: false,
        files: []
      } as const
      await records.write({ ...(record ?? fresh), keyId })
      return text
    })
  }

  /**
   * The gateway moved, or a key has another text: the files of connected clients follow, as far as they still are ours.
   * What can't be changed is logged, and `list` shows it as outdated.
   */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      for (const record of await this.#options.records.readAll()) {
        if (record.phase !== 'connected') continue
        await this.#attempt(record, () => this.#follow(clients[record.client], record))
      }
    })
  }

  /** Connects those that the last quit restored. */
  async reconnect(): Promise<void> {
    for (const record of await this.#options.records.readAll()) {
      if (record.phase !== 'restored' || !record.reconnect) continue
      await this.#attempt(record, () => this.apply(record.client, { createFolders: true }))
    }
  }

  /** For a quit that leaves no client behind: those that are connected are restored until the next start. */
  async restoreAll(): Promise<void> {
    for (const record of await this.connected())
      await this.#attempt(record, () => this.restore(record.client, { reconnect: true }))
  }

  async #apply(client: Client, request: ApplyRequest): Promise<Applied> {
    const { machine, records, offer, clock, keys } = this.#options
    const before = await records.read(client.id)
    const read = await readClient(machine, client)
    if (request.basis !== undefined && request.basis !== basisOf(read)) {
      throw new ClientError(
        'changed_meanwhile',
        `The settings of ${client.name} are not as they were shown: look at the change again`
      )
    }
    const other = findOtherRoutex(client, read, before, keys)
    if (request.overOther !== true) refuseOtherRoutex(client, other)
    // What another Routex wrote is nobody's own, whoever saw it.
    const how = { adopts: request.basis !== undefined && other === null, fromOther: other !== null }
    const surroundings = await surroundingsOf(machine, read, offer.url(), { variables: request.variables })
    const options = request.options ?? before?.options ?? {}
    const plansWith = async (key: string) => {
      const wish = wishFor(client, offer, options, key)
      return {
        url: wish.url,
        plans: await planTakeOver(client, wish, read, before, surroundings, how)
      }
    }
    // Nothing is made before it is sure that the files can be changed, no key either.
    const known = keyOf(keys, before)
    const first = await plansWith(known?.text ?? NEW_KEY)
    refuseMissingFolders(client, first.plans, request.createFolders === true)
    const { id: keyId, text } = known ?? (await makeKey(keys, client))
    const { url, plans } = known === null ? await plansWith(text) : first
    const change = takeOverRecords(client, plans, before, { keyId, url, options, now: clock.now() })
    await this.#carryOut({ ...change, before, plans })
    return { changes: plans.flatMap(changesOf) }
  }

  async #follow(client: Client, record: ClientRecord): Promise<void> {
    const { machine, offer, keys } = this.#options
    const { options, since } = record
    const url = offer.url()
    const key = keyOf(keys, record)
    if (url === null || key === null) return
    const read = await readClient(machine, client)
    const surroundings = await surroundingsOf(machine, read, url, {})
    const now = wishFor(client, offer, options, key.text)
    const before = wishFor(client, offer, options, writtenKey(record), record.url)
    const plans = planFollow(client, { before, now }, read, record, surroundings)
    if (plans.every(({ file, text }) => file.text === text) && record.url === url) return
    const change = takeOverRecords(client, plans, record, { keyId: key.id, url, options, now: since })
    await this.#carryOut({ ...change, before: record, plans })
  }

  get #writes() {
    const { machine, logger, records } = this.#options
    return { fs: machine.fs, logger, records }
  }

  async #carryOut(change: Parameters<typeof carryOut>[1]): Promise<void> {
    try {
      await carryOut(this.#writes, change)
    } finally {
      for (const listener of this.#listeners) listener(change.during.client)
    }
  }

  async #attempt({ client }: ClientRecord, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.logger.warn('the settings of a client could not be changed', { client, error })
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(work)
    this.#changing = changed.catch(() => undefined) // it is told to whoever asked for it
    return changed
  }
}

function refuseMissingFolders({ name }: Client, plans: readonly FilePlan[], mayCreate: boolean): void {
  const missing = plans.find(({ file, text }) => text !== null && file.missingFolders.length > 0)
  const [folder] = missing?.file.missingFolders ?? []
  if (folder === undefined || mayCreate) return
  throw new ClientError('folder_missing', `${folder} is not there: ${name} was never started here. It can be made`, {
    path: folder
  })
}
