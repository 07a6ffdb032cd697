import { isDeepStrictEqual } from 'node:util'
import { channelInput, type Channel, type ChannelInput, type ChannelPatch } from '../../../shared/channel'
import { channelId, type ChannelId } from '../../../shared/ids'
import { quirksAt } from '../../../shared/preset-of'
import type { Settings } from '../../../shared/settings'
import { StorageError } from '../errors'
import type { ChannelArrangement } from '../ports'
import { newChannel, type ChannelSecrets } from './channel-table'
import { ConfigWrites, newId, type ConfigStoreParts } from './config-writes'
import { copyName, freeName } from './free-name'
import { DeletedChannels, type DeletedChannel } from './deleted-channels'
import type { HistoryEntry } from './history'
import { managedByFile } from './refusals'
import { layOver } from './settings-table'
import { slugOf } from './slug'

/** Remembered for good: the Demo never comes back. */
export const FIRST_CHANNEL = 'first_channel_saved'

type ChannelEntry = Pick<HistoryEntry, 'action' | 'change'>

const given = (change: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

/** What a change leaves as it is, without secrets and what is known of the vendor. */
const settingsOf = (channel: Channel) => ({
  name: channel.name,
  protocol: channel.protocol,
  baseUrl: channel.baseUrl,
  models: channel.models,
  modelMap: channel.modelMap,
  priority: channel.priority,
  weight: channel.weight,
  enabled: channel.enabled,
  timeouts: channel.timeouts,
  askForUsage: channel.askForUsage,
  budget: channel.budget,
  prices: channel.prices,
  priceMultiplier: channel.priceMultiplier
})

/** What the user does with channels. Those of the config file and the Demo are not changed here. */
export class ChannelWrites extends ConfigWrites {
  protected readonly deleted: DeletedChannels

  constructor(parts: ConfigStoreParts) {
    super(parts)
    this.deleted = new DeletedChannels(parts.clock)
  }

  createChannel(input: ChannelInput): Promise<Channel> {
    return this.write(() => {
      const channel = newChannel(channelId.parse(newId('ch')), input, 'user')
      const secrets = { apiKey: input.apiKey ?? null, headers: input.headers }
      return this.#saveChannel(channel, secrets, { action: 'channel.create', change: input })
    })
  }

  createChannels(inputs: readonly ChannelInput[]): Promise<readonly (Channel | StorageError)[]> {
    return this.write(async () => {
      const taken = new Map([...this.overlay.channels, ...this.queries.channels.get()].map((one) => [one.slug, one]))
      const made = inputs.map((input) => {
        const channel = newChannel(channelId.parse(newId('ch')), input, 'user')
        const other = taken.get(channel.slug)
        if (other !== undefined) return nameTaken(channel, other)
        taken.set(channel.slug, channel)
        return { channel, change: input, secrets: { apiKey: input.apiKey ?? null, headers: input.headers } }
      })
      const rows: NewRow[] = []
      for (const one of made) {
        if (one instanceof StorageError) continue
        const sealed = await this.vault.sealChannel(one.channel.id, one.secrets)
        rows.push({
          ...one,
          channel: withSwitchId(one.channel, taken.values()),
          sealed,
          createdAt: this.parts.clock.now(),
          wasOnly: false
        })
      }
      if (rows.length > 0) this.#addRows(rows)
      const added = new Map(rows.map(({ channel }) => [channel.id, channel]))
      return made.map((one) => (one instanceof StorageError ? one : (added.get(one.channel.id) ?? one.channel)))
    })
  }

  updateChannel(id: ChannelId, change: ChannelPatch): Promise<Channel> {
    return this.write(() => {
      const before = this.#changeable(id)
      const { apiKey: oldKey, headers: oldHeaders } = this.vault.channelSecrets(id)
      const { apiKey = oldKey, ...rest } = change
      // What was known of the vendor does not hold for another one.
      const quirks = isDeepStrictEqual(before.quirks, quirksAt(before)) ? undefined : before.quirks
      const input = channelInput.parse({
        ...settingsOf(before),
        quirks,
        headers: oldHeaders,
        ...given(rest)
      })
      const channel = newChannel(id, { ...input, apiKey: apiKey ?? undefined }, 'user')
      return this.#saveChannel(channel, { apiKey, headers: input.headers }, { action: 'channel.update', change })
    })
  }

  duplicateChannel(id: ChannelId): Promise<Channel> {
    return this.write(() => {
      const original = this.#find(id)
      if (original.managedBy === 'built-in') throw demoIsBuiltIn()
      const name = copyName(original.name, (slug) => this.#withSlug(slug) !== undefined)
      const { headers, quirks } = original
      const input = channelInput.parse({ ...settingsOf(original), name, headers, quirks, enabled: false })
      const apiKey = this.credential(original)
      const copy = newChannel(channelId.parse(newId('ch')), { ...input, apiKey }, 'user')
      const secrets = { apiKey: apiKey ?? null, headers: input.headers }
      return this.#saveChannel(copy, secrets, { action: 'channel.create', change: { name, copyOf: original.name } })
    })
  }

  arrangeChannels(changes: readonly ChannelArrangement[]): Promise<void> {
    return this.write(() => {
      const arranged = new Map<ChannelId, Channel>()
      const entries = changes.map(({ id, ...said }): HistoryEntry => {
        const channel = arranged.get(id) ?? this.#changeable(id)
        const change = given(said)
        arranged.set(id, { ...channel, ...change })
        return { actor: 'user', action: 'channel.update', subject: channel, change }
      })
      this.transaction(entries, () => {
        for (const channel of arranged.values()) this.parts.channels.arrange(channel)
      })
      this.#channelsChanged(onlyOne([...arranged.keys()]))
    })
  }

  async deleteChannel(id: ChannelId): Promise<{ readonly restorableUntil: number }> {
    return await this.deleteChannels([id])
  }

  deleteChannels(ids: readonly ChannelId[]): Promise<{ readonly restorableUntil: number }> {
    return this.write(() => {
      const gone = new Map(ids.map((id) => [id, this.#changeable(id)]))
      const { channels, clock } = this.parts
      const now = clock.now()
      const { onlyChannel } = this.savedSettings
      const wasOnly = onlyChannel !== null && gone.has(onlyChannel)
      const settings = wasOnly ? layOver(this.savedSettings, { onlyChannel: null }) : this.savedSettings
      const kept = [...gone.values()].map((channel): DeletedChannel => {
        const secrets = this.vault.channelSecrets(channel.id)
        const createdAt = channels.createdAt(channel.id) ?? now
        return { channel, secrets, createdAt, wasOnly: channel.id === onlyChannel }
      })
      const entries = kept.map(({ channel }): HistoryEntry => {
        return { actor: 'user', action: 'channel.delete', subject: channel, change: {} }
      })
      this.transaction(entries, () => {
        for (const id of gone.keys()) channels.delete(id)
        this.#writeOnly(settings)
      })
      this.savedSettings = settings
      const restorableUntil = this.deleted.keep(kept)
      for (const id of gone.keys()) this.vault.forgetChannel(id)
      this.#channelsChanged(onlyOne([...gone.keys()]))
      return { restorableUntil }
    })
  }

  async restoreChannel(id: ChannelId): Promise<Channel> {
    const [restored] = await this.restoreChannels([id])
    return restored ?? this.#find(id)
  }

  restoreChannels(ids: readonly ChannelId[]): Promise<readonly Channel[]> {
    return this.write(async () => {
      const taken = new Set([...this.overlay.channels, ...this.queries.channels.get()].map(({ slug }) => slug))
      const rows: NewRow[] = []
      for (const id of new Set(ids)) {
        const deleted = this.deleted.get(id)
        if (deleted === undefined)
          throw new StorageError('not_found', `the channel ${id} can not be brought back any more`)
        const channel = underFreeName(deleted.channel, taken)
        taken.add(channel.slug)
        const sealed = await this.vault.sealChannel(id, deleted.secrets)
        const renamed = channel.name !== deleted.channel.name && { name: channel.name }
        rows.push({ ...deleted, channel, sealed, change: { restored: true, ...renamed } })
      }
      this.#addRows(rows)
      for (const { channel } of rows) this.deleted.forget(channel.id)
      return rows.map(({ channel }) => this.queries.channel.get(channel.id) ?? channel)
    })
  }

  /** In one transaction, after which the channels are read anew once. */
  #addRows(rows: readonly NewRow[]): void {
    const { channels, clock, facts } = this.parts
    const now = clock.now()
    const entries = rows.map(({ channel, change }): HistoryEntry => {
      return { actor: 'user', action: 'channel.create', subject: channel, change }
    })
    const only = rows.find(({ wasOnly }) => wasOnly)
    const isFree = only !== undefined && this.savedSettings.onlyChannel === null
    const settings = isFree ? layOver(this.savedSettings, { onlyChannel: only.channel.id }) : this.savedSettings
    this.transaction(entries, () => {
      for (const { channel, sealed, createdAt } of rows) channels.put(channel, sealed, createdAt)
      facts.remember(FIRST_CHANNEL, now)
      this.#writeOnly(settings)
    })
    this.savedSettings = settings
    this.everSaved = true
    for (const { channel, secrets } of rows) this.vault.keepChannel(channel.id, secrets)
    this.#channelsChanged(onlyOne(rows.map(({ channel }) => channel.id)))
  }

  /** Part of the caller's transaction. */
  #writeOnly(settings: Settings): void {
    if (settings === this.savedSettings) return
    this.parts.settingsTable.write({ onlyChannel: settings.onlyChannel }, settings)
  }

  async #saveChannel(channel: Channel, secrets: ChannelSecrets, entry: ChannelEntry): Promise<Channel> {
    this.#refuseTakenName(channel)
    const sealed = await this.vault.sealChannel(channel.id, secrets)
    const { channels, clock, facts } = this.parts
    this.transaction([{ ...entry, actor: 'user', subject: channel }], () => {
      channels.put(channel, sealed, clock.now())
      facts.remember(FIRST_CHANNEL, clock.now())
    })
    this.everSaved = true
    this.vault.keepChannel(channel.id, secrets)
    this.#channelsChanged(channel.id)
    return this.queries.channel.get(channel.id) ?? channel
  }

  #find(id: ChannelId): Channel {
    const channel = this.channel(id)
    if (channel === undefined) throw new StorageError('not_found', `there is no channel ${id}`)
    return channel
  }

  #changeable(id: ChannelId): Channel {
    const channel = this.#find(id)
    if (channel.managedBy === 'config-file') throw managedByFile(`the channel ${channel.name}`)
    if (channel.managedBy === 'built-in') throw demoIsBuiltIn()
    return channel
  }

  #withSlug(slug: string): Channel | undefined {
    return [...this.overlay.channels, ...this.queries.channels.get()].find((one) => one.slug === slug)
  }

  #refuseTakenName({ id, name, slug }: Channel): void {
    const other = this.#withSlug(slug)
    if (other !== undefined && other.id !== id) throw nameTaken({ name }, other)
  }

  /** `null`: several. */
  #channelsChanged(id: ChannelId | null): void {
    this.queries.channel.renew()
    this.queries.channels.renew()
    this.queries.enabledChannels.renew()
    const settingsDiffer = this.refreshSettings()
    this.emit({ kind: 'channel', id })
    if (settingsDiffer) this.emit({ kind: 'settings' })
  }
}

interface NewRow {
  readonly channel: Channel
  readonly secrets: ChannelSecrets
  readonly sealed: Buffer | null
  /** ms since 1970: gives it its place among the others. */
  readonly createdAt: number
  /** Nothing else was to be used when it was deleted. */
  readonly wasOnly: boolean
  readonly change: HistoryEntry['change']
}

/** `null`: several. */
const onlyOne = (ids: readonly ChannelId[]): ChannelId | null => (ids.length === 1 ? (ids[0] ?? null) : null)

/** Its name may have been given to another one meanwhile. */
function underFreeName(channel: Channel, taken: ReadonlySet<string>): Channel {
  if (!taken.has(channel.slug)) return channel
  const name = freeName(channel.name, (slug) => taken.has(slug))
  return { ...channel, name, slug: slugOf(name) }
}

const nameTaken = ({ name }: Pick<Channel, 'name'>, other: Channel): StorageError =>
  new StorageError('name_taken', `the name ${name} is too like that of the channel ${other.name}`, {
    details: { other: other.name }
  })

/** What is brought in names channels, which may be among what comes with it; here they have ids. */
function withSwitchId(channel: Channel, all: Iterable<Channel>): Channel {
  const { budget } = channel
  if (budget?.then !== 'switch') return channel
  const target = [...all].find(({ name, slug }) => name === budget.switchTo || slug === budget.switchTo)
  return target === undefined || target.id === channel.id
    ? channel
    : { ...channel, budget: { ...budget, switchTo: target.id } }
}

const demoIsBuiltIn = (): StorageError => new StorageError('built_in', 'the Demo can not be changed')
