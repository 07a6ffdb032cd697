import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as PriceTable from '@pydantic/genai-prices'
import type { MatchLogic, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices'
import type { PriceTable as AboutTable } from '../../../shared/price-table'
import type { ProtocolId } from '../../../shared/protocol'
import type { RequestRecord } from '../../../shared/request-log'
import type { TokenUsage } from '../../../shared/usage'
import { costOfTokens } from './cost-of-tokens'
import { parseTable, readPriceFile, writePriceFile, type PriceFile } from './price-file'
import { isPricedPlainly } from './unpriced'

export interface Cost {
  readonly usd: number
  /** `<provider>/<model>@<table version>` */
  readonly source: string
}

/** What a name means at a host, so that the next row need not search. */
interface KnownModel {
  /** The vendor, with this model alone. */
  readonly provider: Provider
  readonly prices: ModelInfo['prices']
  readonly source: string
}

/** Who makes the models of a protocol: for hosts that the table does not know (relays, a server on this machine). */
const MAKER: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'anthropic',
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  gemini: 'google'
}

/** What may follow a model's name without making it another model: a date, a numbered revision, `latest`. */
const SAME_MODEL = /^(?:[-@](?:latest|default|\d{3}|\d{4}|\d{8}|\d{4}-\d{2}-\d{2}))?$/
const MAX_REMEMBERED = 1000

function matches(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((one) => matches(one, name))
  if ('and' in rule) return rule.and.every((one) => matches(one, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase())
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase())
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase())
  return new RegExp(rule.regex).test(name)
}

/**
 * The table knows `claude-sonnet-5` by its first letters, and so would price a `claude-sonnet-5-5` like it. Only a rule
 * that covers the name's whole length names the model.
 */
function names(rule: MatchLogic, name: string): boolean {
  if (!matches(rule, name)) return false
  if ('or' in rule) return rule.or.some((one) => names(one, name))
  if ('and' in rule) return rule.and.some((one) => names(one, name))
  if ('starts_with' in rule) return SAME_MODEL.test(afterPrefix(rule.starts_with, name))
  if ('regex' in rule) return rule.regex.startsWith('^') && rule.regex.endsWith('$')
  if ('contains' in rule) return name === rule.contains.toLowerCase()
  if ('ends_with' in rule) return name === rule.ends_with.toLowerCase()
  return true
}

/** `claude-sonnet-4-2025` + `0514`: the prefix itself ends inside a date. */
function afterPrefix(prefix: string, name: string): string {
  const dateBegins = /[-@]20\d{2}$/.exec(prefix)?.index ?? prefix.length
  return name.slice(dateBegins)
}

/**
 * What requests cost, from the bundled table (`@pydantic/genai-prices`), without a network. A host that the table knows
 * has its own prices; elsewhere the list price of the protocol's maker counts, for its exact model names only. A price
 * that is not known for sure is null, never 0 (B32): an unknown or newer model, a table without a price for what was
 * used, usage that does not add up, an answer that was charged otherwise than by the list.
 */
export class Prices {
  readonly #table: typeof PriceTable
  readonly #version: string
  readonly #fetchedAt: number | null
  readonly #remembered = new Map<string, KnownModel | null>()

  /** `fetchedAt`, ms since 1970; null: the built-in table. */
  constructor(table: typeof PriceTable, version: string, fetchedAt: number | null = null) {
    this.#table = table
    this.#version = version
    this.#fetchedAt = fetchedAt
  }

  /** Which table it is. */
  about(): AboutTable {
    const source = this.#fetchedAt === null ? 'built-in' : 'fetched'
    return { source, version: this.#version, fetchedAt: this.#fetchedAt }
  }

  /** The cost of a record's usage at the price of its time; null when it is not known. */
  costOf(record: RequestRecord): Cost | null {
    const model = record.sentModel ?? record.model
    const protocol = record.channelProtocol ?? record.protocol
    if (record.usage === null || protocol === null || model === null) return null
    const known = this.#find(record.upstreamHost, protocol, model.toLowerCase().trim())
    if (known === null || !isPricedPlainly(record.rawUsage)) return null
    return this.#calculate(known, record.usage, model, new Date(record.at))
  }

  #find(host: string | null, protocol: ProtocolId, model: string): KnownModel | null {
    const key = `${host ?? ''} ${protocol} ${model}`
    const remembered = this.#remembered.get(key)
    if (remembered !== undefined) return remembered
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    const found = this.#search(host, protocol, model)
    this.#remembered.set(key, found)
    return found
  }

  #search(host: string | null, protocol: ProtocolId, model: string): KnownModel | null {
    const provider =
      (host === null ? undefined : this.#table.findProvider({ providerApiUrl: `https://${host}` })) ??
      this.#table.findProvider({ providerId: MAKER[protocol] })
    if (!provider) return null
    const found = this.#table.calcPrice({}, model, { providerId: provider.id })?.model
    if (!found || (found.id.toLowerCase() !== model && !names(found.match, model))) return null
    return {
      provider: { ...provider, models: [found] },
      prices: found.prices,
      source: `${provider.id}/${found.id}@${this.#version}`
    }
  }

  #calculate(known: KnownModel, usage: TokenUsage, model: string, at: Date): Cost | null {
    const price = Array.isArray(known.prices) ? this.#priceAt(known.provider, model, at) : known.prices
    const usd = price === undefined ? null : costOfTokens(price, usage)
    return usd === null ? null : { usd, source: known.source }
  }

  /** Of prices that change with the date or the hour, those of that time. */
  #priceAt(provider: Provider, model: string, timestamp: Date): ModelPrice | undefined {
    return this.#table.calcPrice({}, model, { provider, timestamp })?.model_price
  }
}

async function builtInPrices(): Promise<Prices> {
  const table = await import('@pydantic/genai-prices')
  const entry = createRequire(import.meta.url).resolve('@pydantic/genai-prices')
  const manifest: unknown = JSON.parse(readFileSync(join(entry, '..', '..', 'package.json'), 'utf8'))
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined
  return new Prices(table, typeof version === 'string' ? version : 'unknown')
}

/** Puts a table in the place of the present one. Throws when the library does not take it; the present one stays then. */
async function adopt({ fetchedAt, providers }: PriceFile): Promise<Prices> {
  const table = await import('@pydantic/genai-prices')
  table.updatePrices(({ setProviderData }) => setProviderData(providers))
  return new Prices(table, new Date(fetchedAt).toISOString().slice(0, 10), fetchedAt)
}

/**
 * Loads the table that was fetched last into `dataDir`, else the built-in one: some 5 MB and 60 ms, so not before a row needs
 * it. `onBad` is told why one that was fetched can't be used.
 */
export async function loadPrices(dataDir?: string, onBad?: (reason: string) => void): Promise<Prices> {
  try {
    const file = dataDir === undefined ? null : readPriceFile(dataDir)
    if (file !== null) return await adopt(file)
  } catch (error) {
    onBad?.(error instanceof Error ? error.message : String(error))
  }
  return builtInPrices()
}

/**
 * Takes over what genai-prices published, and keeps it in `dataDir` for the next start.
 * @throws when it is no whole table; nothing is changed then
 */
export async function installPrices(dataDir: string, text: string, fetchedAt: number): Promise<Prices> {
  const file = { fetchedAt, providers: parseTable(text) }
  const prices = await adopt(file)
  writePriceFile(dataDir, file)
  return prices
}
