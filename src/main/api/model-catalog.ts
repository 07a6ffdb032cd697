import type { Channel } from '../../shared/channel'
import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import { matchesModel, plainNames } from '../protocols/model-name'
import type { Headers } from '../protocols/protocol'
import type { ApiDependencies } from './dependencies'
import { pointsAtUs } from './loop-check'
import { LOOP_NO_LIST, listUpstreamModels, type ListedModels } from './upstream-models'

/** How long an upstream's list is good for; one that could not be had is asked for again sooner. */
const KEEP_MS = 5 * 60_000
const KEEP_MISSING_MS = 30_000

/** What the Demo is asked for, which answers to any name. */
export const DEMO_MODEL = 'demo'

interface Kept {
  /** Another one after an edit: what was listed for the old address or credential says nothing. */
  readonly account: string
  readonly until: number
  readonly listed: Promise<ListedModels>
  /** The answer came; nobody has to wait for it any more. */
  readonly isHere: boolean
}

type CatalogDependencies = Pick<ApiDependencies, 'config' | 'transport' | 'gateway' | 'instance' | 'clock' | 'logger'>

const accountOf = ({ protocol, baseUrl, credentialRevision, headers, quirks }: Channel): string =>
  JSON.stringify([protocol, baseUrl, credentialRevision, headers, quirks.authHeader, quirks.modelsPath])
const isGlob = (name: string): boolean => !plainNames([name]).includes(name)

/**
 * Which models a client may ask for: over all enabled channels in use that its key may use, what they name, what their
 * `modelMap` takes, and what of their upstream's own list fits their globs.
 */
export class ModelCatalog {
  readonly #dependencies: CatalogDependencies
  readonly #kept = new Map<ChannelId, Kept>()

  constructor(dependencies: CatalogDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Names in the order of the channels, each once. `key` null: a keyless client, which may use every channel. `client`:
   * the headers of its request (B41).
   */
  async list(key: ClientKey | null, client: Headers): Promise<readonly string[]> {
    const { config } = this.#dependencies
    this.#forgetUnknown()
    const allowed = key?.allowedChannels ?? null
    const { onlyChannel } = config.settings()
    const channels = config
      .enabledChannels()
      .filter(({ id }) => allowed?.includes(id) !== false && (onlyChannel === null || onlyChannel === id))
    const names = await Promise.all(channels.map((channel) => this.#namesOf(channel, client)))
    return [...new Set(names.flat())]
  }

  /** What a channel's upstream lists, from memory while it is good; `refresh` asks it now. */
  ofChannel(channel: Channel, refresh: boolean): Promise<ListedModels> {
    if (refresh) this.#kept.delete(channel.id)
    return this.#listed(channel, {})
  }

  async #namesOf(channel: Channel, client: Headers): Promise<readonly string[]> {
    if (channel.managedBy === 'built-in') return [DEMO_MODEL]
    const { models, modelMap } = channel
    const mapped = plainNames(Object.keys(modelMap)).filter((name) => matchesModel(models, name))
    const listed = models.some(isGlob) ? await this.#listed(channel, client) : null
    const names = listed?.kind === 'listed' ? listed.names : []
    return [...plainNames(models), ...mapped, ...names.filter((name) => matchesModel(models, name))]
  }

  /**
   * The upstream's own list, from memory while it is good. Requests that come meanwhile wait for the same answer, but not
   * those of another gateway, who may be waiting for us at the same time (B41): they get one of their own.
   */
  async #listed(channel: Channel, client: Headers): Promise<ListedModels> {
    const { clock, gateway } = this.#dependencies
    const kept = this.#kept.get(channel.id)
    const isGood = kept?.account === accountOf(channel) && kept.until > clock.now()
    const isPassedOn = client['via'] !== undefined
    if (isGood && (kept.isHere || !isPassedOn)) return kept.listed
    // B41: a channel that leads back to us would ask us for our list, and so on.
    if (pointsAtUs(channel.baseUrl, gateway.addresses())) return LOOP_NO_LIST
    const credential = this.#dependencies.config.credential(channel)
    const listed = listUpstreamModels(this.#dependencies, { channel, credential }, client)
    if (isPassedOn) return listed
    this.#keep(channel, listed, KEEP_MS, false)
    const { kind } = await listed
    this.#keep(channel, listed, kind === 'none' ? KEEP_MISSING_MS : KEEP_MS, true)
    return listed
  }

  #keep(channel: Channel, listed: Promise<ListedModels>, ms: number, isHere: boolean): void {
    const until = this.#dependencies.clock.now() + ms
    this.#kept.set(channel.id, { account: accountOf(channel), until, listed, isHere })
  }

  #forgetUnknown(): void {
    for (const id of this.#kept.keys()) if (this.#dependencies.config.channel(id) === undefined) this.#kept.delete(id)
  }
}
