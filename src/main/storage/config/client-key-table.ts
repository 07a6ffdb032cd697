import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { storedBudget } from '../../../shared/budget'
import type { ClientKey, ClientKeyView } from '../../../shared/client-key'
import { channelId, clientKeyId, type ClientKeyId } from '../../../shared/ids'
import type { CountedDatabase, CountedStatement, SqlValue } from '../counted-database'

/** As the core sees it, with what only the management API shows. */
export type StoredClientKey = ClientKey & Pick<ClientKeyView, 'last4' | 'createdAt'> & { readonly isDefault: boolean }

const clientKeyRow = z.object({
  id: clientKeyId,
  name: z.string(),
  sha256: z.string(),
  last4: z.string(),
  allowed_channels: z.string().nullable(),
  budget: z.string(),
  is_default: z.number(),
  created_at: z.number()
})
const allowedChannels = z.array(channelId)
const savedBudget = storedBudget.nullable()

const allowedText = (key: ClientKey): string | null =>
  key.allowedChannels === null ? null : JSON.stringify(key.allowedChannels)

const sealedRow = z.object({ id: clientKeyId, name: z.string(), sealed: z.instanceof(Buffer) })
export type SealedClientKey = Readonly<z.infer<typeof sealedRow>>

/** Hex; what a presented key is looked up by. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** `rtx-` and 32 random bytes. */
export const newClientKeyText = (): string => `rtx-${randomBytes(32).toString('base64url')}`

export function viewOf(key: StoredClientKey): ClientKeyView {
  return {
    id: key.id,
    name: key.name,
    last4: key.last4,
    createdAt: key.createdAt,
    // Not counted for each request: the log knows it, and asking it belongs to who shows it.
    lastUsedAt: null,
    allowedChannels: key.allowedChannels === null ? null : [...key.allowedChannels],
    budget: key.budget,
    managedBy: key.managedBy
  }
}

/** Client keys that were made here. Their text rests sealed; they are looked up by its hash. */
export class ClientKeyTable {
  readonly #all: CountedStatement<[], unknown>
  readonly #sealed: CountedStatement<[], unknown>
  readonly #insert: CountedStatement<SqlValue[], unknown>
  readonly #update: CountedStatement<SqlValue[], unknown>
  readonly #renew: CountedStatement<SqlValue[], unknown>
  readonly #delete: CountedStatement<[string], unknown>

  constructor(database: CountedDatabase) {
    this.#all = database.prepare('SELECT * FROM client_keys ORDER BY rowid')
    this.#sealed = database.prepare('SELECT id, name, sealed FROM client_keys')
    this.#insert = database.prepare(
      `INSERT INTO client_keys (id, name, sha256, last4, sealed, allowed_channels, budget, is_default, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
    )
    this.#update = database.prepare('UPDATE client_keys SET name = ?, allowed_channels = ?, budget = ? WHERE id = ?')
    this.#renew = database.prepare('UPDATE client_keys SET sha256 = ?, last4 = ?, sealed = ? WHERE id = ?')
    this.#delete = database.prepare('DELETE FROM client_keys WHERE id = ?')
  }

  all(): readonly StoredClientKey[] {
    return this.#all.all().map((row) => {
      const { allowed_channels: allowed, is_default, created_at, ...rest } = clientKeyRow.parse(row)
      return {
        ...rest,
        allowedChannels: allowed === null ? null : allowedChannels.parse(JSON.parse(allowed)),
        budget: savedBudget.parse(JSON.parse(rest.budget)),
        isDefault: is_default === 1,
        createdAt: created_at,
        managedBy: 'user'
      }
    })
  }

  sealed(): readonly SealedClientKey[] {
    return this.#sealed.all().map((row) => sealedRow.parse(row))
  }

  insert(key: StoredClientKey, sealed: Buffer): void {
    const { id, name, sha256, last4, isDefault, createdAt } = key
    const limits = [allowedText(key), JSON.stringify(key.budget)]
    this.#insert.run(id, name, sha256, last4, sealed, ...limits, isDefault ? 1 : 0, createdAt)
  }

  /** Stores name, channels and budget; the key itself stays. */
  update(key: StoredClientKey): void {
    this.#update.run(key.name, allowedText(key), JSON.stringify(key.budget), key.id)
  }

  /** Stores another text for the same key. */
  renew(key: StoredClientKey, sealed: Buffer): void {
    this.#renew.run(key.sha256, key.last4, sealed, key.id)
  }

  delete(id: ClientKeyId): void {
    this.#delete.run(id)
  }
}
