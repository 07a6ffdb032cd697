import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { storedBudget } from '../../../shared/budget'
import { timeouts, type Channel, type ChannelInput } from '../../../shared/channel'
import { modelPrices } from '../../../shared/prices'
import { channelId, type ChannelId } from '../../../shared/ids'
import { PROTOCOLS } from '../../../shared/protocol'
import { quirksAt } from '../../../shared/preset-of'
import { quirks } from '../../../shared/quirks'
import type { Logger } from '../../../shared/ports'
import type { CountedDatabase, CountedStatement, SqlValue } from '../counted-database'
import { deepFreeze } from './deep-freeze'
import { slugOf } from './slug'

/** What of a channel rests sealed. Headers may carry a credential too. */
export const channelSecrets = z.object({
  apiKey: z.string().nullable(),
  headers: z.record(z.string(), z.string())
})
export type ChannelSecrets = Readonly<z.infer<typeof channelSecrets>>

export const NO_SECRETS: ChannelSecrets = { apiKey: null, headers: {} }

const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema)

const flag = z.number().transform((value) => value === 1)

const channelRow = z.object({
  id: channelId,
  name: z.string(),
  slug: z.string(),
  protocol: z.enum(PROTOCOLS),
  base_url: z.string(),
  models: json(z.array(z.string())),
  model_map: json(z.record(z.string(), z.string())),
  priority: z.number(),
  weight: z.number(),
  enabled: flag,
  timeouts: json(timeouts),
  ask_for_usage: flag,
  budget: json(storedBudget.nullable()),
  prices: json(modelPrices),
  price_multiplier: z.number(),
  quirks: json(quirks)
})

const sealedRow = z.object({ id: channelId, name: z.string(), sealed: z.instanceof(Buffer).nullable() })
export type SealedChannel = Readonly<z.infer<typeof sealedRow>>

/** Tells one credential from another without telling what it is; null without one. */
export function credentialRevision(apiKey: string | null): string | null {
  return apiKey === null ? null : createHash('sha256').update(`revision ${apiKey}`).digest('hex').slice(0, 8)
}

/** A channel with its slug, and with what is known of its vendor where nothing was said, ready to be stored. */
export function newChannel(id: ChannelId, input: ChannelInput, managedBy: Channel['managedBy']): Channel {
  const { apiKey, ...rest } = input
  return deepFreeze({
    ...structuredClone(rest),
    quirks: structuredClone(input.quirks ?? quirksAt(input)),
    id,
    slug: slugOf(input.name),
    managedBy,
    credentialRevision: credentialRevision(apiKey ?? null)
  })
}

/** Channels that the user saved. Secrets are joined in from memory, where they were decrypted at the start. */
export class ChannelTable {
  readonly #secretsOf: (id: ChannelId) => ChannelSecrets
  readonly #logger: Logger
  readonly #all: CountedStatement<[], unknown>
  readonly #enabled: CountedStatement<[], unknown>
  readonly #one: CountedStatement<[string], unknown>
  readonly #sealed: CountedStatement<[], unknown>
  readonly #put: CountedStatement<SqlValue[], unknown>
  readonly #arrange: CountedStatement<SqlValue[], unknown>
  readonly #createdAt: CountedStatement<[string], { readonly created_at: number }>
  readonly #delete: CountedStatement<[string], unknown>
  /** Channels as they were last read: one that is the same in two queries, or after a sweep, is one object. */
  readonly #known = new Map<ChannelId, Channel>()

  constructor(database: CountedDatabase, secretsOf: (id: ChannelId) => ChannelSecrets, logger: Logger) {
    this.#secretsOf = secretsOf
    this.#logger = logger
    this.#all = database.prepare('SELECT * FROM channels ORDER BY created_at, rowid')
    this.#enabled = database.prepare('SELECT * FROM channels WHERE enabled = 1 ORDER BY created_at, rowid')
    this.#one = database.prepare('SELECT * FROM channels WHERE id = ?')
    this.#sealed = database.prepare('SELECT id, name, sealed FROM channels')
    this.#put = database.prepare(
      `INSERT INTO channels (id, name, slug, protocol, base_url, models, model_map, priority, weight, enabled, timeouts,
         ask_for_usage, budget, prices, price_multiplier, quirks, sealed, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, slug = excluded.slug, protocol = excluded.protocol,
         base_url = excluded.base_url, models = excluded.models, model_map = excluded.model_map,
         priority = excluded.priority, weight = excluded.weight, enabled = excluded.enabled,
         timeouts = excluded.timeouts, ask_for_usage = excluded.ask_for_usage, budget = excluded.budget,
         prices = excluded.prices, price_multiplier = excluded.price_multiplier, quirks = excluded.quirks,
         sealed = excluded.sealed`
    )
    this.#arrange = database.prepare('UPDATE channels SET priority = ?, weight = ?, enabled = ? WHERE id = ?')
    this.#createdAt = database.prepare('SELECT created_at FROM channels WHERE id = ?')
    this.#delete = database.prepare('DELETE FROM channels WHERE id = ?')
  }

  all(): readonly Channel[] {
    return this.#read(this.#all.all())
  }

  enabled(): readonly Channel[] {
    return this.#read(this.#enabled.all())
  }

  one(id: string): Channel | undefined {
    return this.#read(this.#one.all(id))[0]
  }

  sealed(): readonly SealedChannel[] {
    return this.#sealed.all().map((row) => sealedRow.parse(row))
  }

  /** Adds the channel or replaces what is stored of it. */
  put(channel: Channel, sealed: Buffer | null, createdAt: number): void {
    this.#put.run(
      channel.id,
      channel.name,
      channel.slug,
      channel.protocol,
      channel.baseUrl,
      JSON.stringify(channel.models),
      JSON.stringify(channel.modelMap),
      channel.priority,
      channel.weight,
      channel.enabled ? 1 : 0,
      JSON.stringify(channel.timeouts),
      channel.askForUsage ? 1 : 0,
      JSON.stringify(channel.budget),
      JSON.stringify(channel.prices),
      channel.priceMultiplier,
      JSON.stringify(channel.quirks),
      sealed,
      createdAt
    )
  }

  /** Stores what the order and the share of the work depend on; the rest of the row stays. */
  arrange({ id, priority, weight, enabled }: Pick<Channel, 'id' | 'priority' | 'weight' | 'enabled'>): void {
    this.#arrange.run(priority, weight, enabled ? 1 : 0, id)
  }

  /** ms since 1970. */
  createdAt(id: ChannelId): number | undefined {
    return this.#createdAt.all(id)[0]?.created_at
  }

  delete(id: ChannelId): void {
    this.#delete.run(id)
    this.#known.delete(id)
  }

  /** A row that this version can't read is passed over and told, and the others serve. */
  #read(rows: readonly unknown[]): readonly Channel[] {
    return rows.flatMap((row) => {
      const parsed = channelRow.safeParse(row)
      if (parsed.success) return [this.#toChannel(parsed.data)]
      this.#logger.error('a stored channel can not be read; it is left out', { problems: parsed.error.issues })
      return []
    })
  }

  #toChannel(row: z.infer<typeof channelRow>): Channel {
    const { apiKey, headers } = this.#secretsOf(row.id)
    const channel: Channel = {
      id: row.id,
      name: row.name,
      slug: row.slug,
      protocol: row.protocol,
      baseUrl: row.base_url,
      models: row.models,
      modelMap: row.model_map,
      priority: row.priority,
      weight: row.weight,
      enabled: row.enabled,
      headers,
      timeouts: row.timeouts,
      askForUsage: row.ask_for_usage,
      budget: row.budget,
      prices: row.prices,
      priceMultiplier: row.price_multiplier,
      quirks: row.quirks,
      managedBy: 'user',
      credentialRevision: credentialRevision(apiKey)
    }
    const known = this.#known.get(row.id)
    if (known && isDeepStrictEqual(known, channel)) return known
    this.#known.set(row.id, deepFreeze(channel))
    return channel
  }
}
