import { budgetDraftOf, budgetOf, type BudgetDraft } from '../budget-draft'
import { priceLines, pricesOf, type PriceLine } from '../price-lines'
import type { Quirks } from '../../../shared/quirks'
import type { ChannelInput, ChannelPatch, ChannelView } from '../../../shared/channel'
import type { ProtocolId } from '../../../shared/protocol'

/** One line of a table of names and values. The id keeps a line's place while it is edited. */
export interface Pair {
  readonly id: number
  name: string
  value: string
}

/** Milliseconds; null takes the protocol's default. */
export interface DraftTimeouts {
  connectMs: number | null
  firstByteMs: number | null
  idleMs: number | null
}

/** A channel as a form holds it: what is typed, whether it can be saved or not. */
export interface ChannelDraft {
  name: string
  protocol: ProtocolId
  baseUrl: string
  /** A new credential; '' leaves the one that is there. */
  apiKey: string
  /** Takes the credential away. */
  removesKey: boolean
  models: string[]
  modelMap: Pair[]
  priority: number
  weight: number
  enabled: boolean
  headers: Pair[]
  timeouts: DraftTimeouts
  askForUsage: boolean
  /** null: none. */
  budget: BudgetDraft | null
  prices: PriceLine[]
  priceMultiplier: number
  /** undefined: what is known of the vendor behind the address. */
  quirks: Quirks | undefined
  /** What was typed into a field of numbers and can't be taken, by the field's name. */
  unfit: Partial<Record<NumberFieldName, string | null>>
}

type NumberFieldName = 'priority' | 'weight' | 'priceMultiplier'

/** Something was typed that can't be taken. */
export const isUnfit = ({ unfit }: ChannelDraft): boolean => Object.values(unfit).some((text) => text !== null)

let lastPair = 0
/** A line with an id that no other has. */
export const pair = (name = '', value = ''): Pair => ({ id: ++lastPair, name, value })

export const pairs = (record: Readonly<Record<string, string>>): Pair[] =>
  Object.entries(record).map(([name, value]) => pair(name, value))

/** Lines without a name and a value are none. */
const record = (lines: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(
    lines.flatMap(({ name, value }) => (name.trim() === '' && value === '' ? [] : [[name.trim(), value]]))
  )

/** An empty form, with what every channel has where nothing is said. */
export const emptyDraft = (start: Partial<ChannelDraft> = {}): ChannelDraft => ({
  name: '',
  protocol: 'anthropic',
  baseUrl: '',
  apiKey: '',
  removesKey: false,
  models: ['*'],
  modelMap: [],
  priority: 50,
  weight: 1,
  enabled: true,
  headers: [],
  timeouts: { connectMs: null, firstByteMs: null, idleMs: null },
  askForUsage: false,
  budget: null,
  prices: [],
  priceMultiplier: 1,
  quirks: undefined,
  unfit: {},
  ...start
})

/** The form of a channel that is there. */
export const draftOf = (channel: ChannelView): ChannelDraft => ({
  name: channel.name,
  protocol: channel.protocol,
  baseUrl: channel.baseUrl,
  apiKey: '',
  removesKey: false,
  models: [...channel.models],
  modelMap: pairs(channel.modelMap),
  priority: channel.priority,
  weight: channel.weight,
  enabled: channel.enabled,
  headers: pairs(channel.headers),
  timeouts: {
    connectMs: channel.timeouts.connectMs ?? null,
    firstByteMs: channel.timeouts.firstByteMs ?? null,
    idleMs: channel.timeouts.idleMs ?? null
  },
  askForUsage: channel.askForUsage,
  budget: budgetDraftOf(channel.budget),
  prices: priceLines(channel.prices),
  priceMultiplier: channel.priceMultiplier,
  quirks: channel.quirks,
  unfit: {}
})

const known = ({ connectMs, firstByteMs, idleMs }: DraftTimeouts) => ({
  ...(connectMs !== null && { connectMs }),
  ...(firstByteMs !== null && { firstByteMs }),
  ...(idleMs !== null && { idleMs })
})

/** As `channels.create` and `channels.tryOut` take it. */
export const inputOf = (draft: ChannelDraft): ChannelInput => ({
  name: draft.name.trim(),
  protocol: draft.protocol,
  baseUrl: draft.baseUrl.trim(),
  ...(draft.apiKey !== '' && { apiKey: draft.apiKey.trim() }),
  models: [...draft.models],
  modelMap: record(draft.modelMap),
  priority: draft.priority,
  weight: draft.weight,
  enabled: draft.enabled,
  headers: record(draft.headers),
  timeouts: known(draft.timeouts),
  askForUsage: draft.askForUsage,
  budget: budgetOf(draft.budget),
  prices: pricesOf(draft.prices),
  priceMultiplier: draft.priceMultiplier,
  ...(draft.quirks !== undefined && { quirks: draft.quirks })
})

/** What the form changes of the channel, and nothing else; {} when it changes nothing. */
export function patchOf(draft: ChannelDraft, channel: ChannelView): ChannelPatch {
  const { apiKey, ...now } = inputOf(draft)
  const before = inputOf(draftOf(channel))
  const changed = Object.entries(now).filter(
    ([field, value]) => !sameValue(value, Object.entries(before).find(([name]) => name === field)?.[1])
  )
  const credential = draft.removesKey ? { apiKey: null } : apiKey === undefined ? {} : { apiKey }
  return { ...Object.fromEntries(changed), ...credential }
}

/** The order of a map's names counts: globs are tried as they are written. */
const sameValue = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
