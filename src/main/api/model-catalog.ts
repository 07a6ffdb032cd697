import type { Channel } from '../../shared/channel'
import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import { matchesModel, plainNames } from '../protocols/model-name'
import type { Headers } from '../protocols/protocol'
import type { ApiDependencies } from './dependencies'
import { pointsAtUs } from './loop-check'
import { listUpstreamModels } from './upstream-models'

/** How long an upstream's list is good for; one that could not be had is asked for again sooner. */
const KEEP_MS = 5 * 60_000
const KEEP_MISSING_MS = 30_000

/** What the Demo is asked for, which answers to any name. */
export const DEMO_MODEL = 'demo'

interface Kept {
  /** Another one after an edit: what was listed for the old address or credential says nothing. */
  readonly account: string
  readonly until: number
  readonly names: Promise<readonly string[] | null>
  /** The answer came; nobody has to wait for it any more. */
  readonly isHere: boolean
}

type CatalogDependencies = Pick<ApiDependencies, 'config' | 'transport' | 'gateway' | 'instance' | 'clock' | 'logger'>

const accountOf = ({ protocol, baseUrl, credentialRevision }: Channel): string =>
  [protocol, baseUrl, credentialRevision].join('\n')
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

  async #namesOf(channel: Channel, client: Headers): Promise<readonly string[]> {
    if (channel.managedBy === 'built-in') return [DEMO_MODEL]
    const { models, modelMap } = channel
    const mapped = plainNames(Object.keys(modelMap)).filter((name) => matchesModel(models, name))
    const listed = models.some(isGlob) ? ((await this.#listed(channel, client)) ?? []) : []
    return [...plainNames(models), ...mapped, ...listed.filter((name) => matchesModel(models, name))]
  }

  /**
   * The upstream's own list, from memory while it is good. Requests that come meanwhile wait for the same answer, but not
   * those of another gateway, who may be waiting for us at the same time (B41): they get one of their own.
   */
  async #listed(channel: Channel, client: Headers): Promise<readonly string[] | null> {
    const { clock, gateway } = this.#dependencies
    const kept = this.#kept.get(channel.id)
    const isGood = kept?.account === accountOf(channel) && kept.until > clock.now()
    const isPassedOn = client['via'] !== undefined
    if (isGood && (kept.isHere || !isPassedOn)) return kept.names
    // B41: a channel that leads back to us would ask us for our list, and so on.
    if (pointsAtUs(channel.baseUrl, gateway.addresses())) return null
    const names = this.#askFor(channel, client)
    if (isPassedOn) return names
    this.#keep(channel, names, KEEP_MS, false)
    const result = await names
    this.#keep(channel, names, result === null ? KEEP_MISSING_MS : KEEP_MS, true)
    return result
  }

  async #askFor(channel: Channel, client: Headers): Promise<readonly string[] | null> {
    const credential = this.#dependencies.config.credential(channel)
    const listed = await listUpstreamModels(this.#dependencies, { channel, credential }, client)
    return listed.kind === 'listed' ? listed.names : null
  }

  #keep(channel: Channel, names: Promise<readonly string[] | null>, ms: number, isHere: boolean): void {
    const until = this.#dependencies.clock.now() + ms
    this.#kept.set(channel.id, { account: accountOf(channel), until, names, isHere })
  }

  #forgetUnknown(): void {
    for (const id of this.#kept.keys()) if (this.#dependencies.config.channel(id) === undefined) this.#kept.delete(id)
  }
}
