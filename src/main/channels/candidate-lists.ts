import type { Channel } from '../../shared/channel'
import type { ChannelId } from '../../shared/ids'
import type { ProtocolId } from '../../shared/protocol'
import { MOST_TOLD_EXCLUSIONS } from '../../shared/request-log'
import { mapModel } from '../protocols/model-name'
import { listCandidates, type CandidateRequest, type PointsHere } from './candidates'
import { NOTHING_SPENT, switchTarget, type SpentChannels } from './budgets'
import type { ChannelHealth } from './channel-health'
import type { HealthBoard } from './health-board'
import type { Exclusion } from './lease'
import { Rotations, type Rotation } from './rotation'

/** A channel that may serve the request, with what a try needs: nothing is looked up again. */
export interface Candidate {
  readonly channel: Channel
  /** Name to send, after `modelMap`. */
  readonly model: string | null
  readonly health: ChannelHealth
}

/** The candidates of one priority that speak the client's protocol, or those that don't, in the order of the configuration. */
export interface Tier {
  readonly candidates: readonly Candidate[]
  readonly rotation: Rotation
}

export interface CandidateList {
  /** First tier first. */
  readonly candidates: readonly Candidate[]
  readonly tiers: readonly Tier[]
  /** Left out, health apart. */
  readonly excluded: readonly Exclusion[]
  /** Those of them that the row of every request tells, so only a few: who could serve it at another time first. */
  readonly toldExcluded: readonly Exclusion[]
}

const TRANSLATED = {
  anthropic: 'anthropic translated',
  'openai-chat': 'openai-chat translated',
  'openai-responses': 'openai-responses translated',
  gemini: 'gemini translated'
} as const satisfies Readonly<Record<ProtocolId, ListKey>>

/** Different names that clients ask for; a client that makes up new ones only costs us their lists. */
const MOST_MODELS = 500
const LONGEST_KEPT_NAME = 256

const isForNow = ({ reason }: Exclusion): boolean => reason === 'other_used_alone' || reason === 'budget'

const toldOf = (excluded: readonly Exclusion[]): readonly Exclusion[] =>
  excluded.toSorted((one, other) => Number(isForNow(other)) - Number(isForNow(one))).slice(0, MOST_TOLD_EXCLUSIONS)

type ListsOfModels = Map<string | null, CandidateList>

/** All lists made from one array of channels for one set of allowed ones. */
type ListsOfProtocols = Partial<Record<ListKey, ListsOfModels>>

/** With and without channels of other protocols. */
type ListKey = ProtocolId | `${ProtocolId} translated`

interface ListsOfChannels {
  readonly unrestricted: ListsOfProtocols
  readonly restricted: WeakMap<readonly ChannelId[], ListsOfProtocols>
}

/**
 * The candidate lists, kept by the identity of the frozen channels array (and of the key's allowed channels), protocol and
 * model, so that a warm request makes none. They go with their array when the configuration changes.
 */
export class CandidateLists {
  readonly #board: HealthBoard
  readonly #pointsHere: PointsHere
  readonly #rotations = new Rotations()
  #kept = new WeakMap<readonly Channel[], ListsOfChannels>()
  /** What the kept lists were made for: both change so rarely that they are simply made anew. */
  #onlyChannel: ChannelId | null = null
  #spent: SpentChannels = NOTHING_SPENT

  constructor(board: HealthBoard, pointsHere: PointsHere) {
    this.#board = board
    this.#pointsHere = pointsHere
  }

  of(request: CandidateRequest, channels: readonly Channel[]): CandidateList {
    const { model } = request
    const makeOnce = request.stateHolder !== null || (model !== null && model.length > LONGEST_KEPT_NAME)
    if (makeOnce) return this.#make(request, channels)
    if (request.onlyChannel !== this.#onlyChannel || request.spent !== this.#spent) {
      this.#onlyChannel = request.onlyChannel
      this.#spent = request.spent
      this.forget()
    }
    const lists = this.#listsFor(request, channels)
    const known = lists.get(model)
    if (known) return known
    if (lists.size >= MOST_MODELS) lists.clear()
    const list = this.#make(request, channels)
    lists.set(model, list)
    return list
  }

  /** To be called when Routex's own address has changed, since loops depend on it. */
  forget(): void {
    this.#kept = new WeakMap()
  }

  #listsFor({ allowedChannels, protocol, translates }: CandidateRequest, channels: readonly Channel[]): ListsOfModels {
    let ofChannels = this.#kept.get(channels)
    if (!ofChannels) {
      ofChannels = { unrestricted: {}, restricted: new WeakMap() }
      this.#kept.set(channels, ofChannels)
    }
    let ofProtocols = allowedChannels === null ? ofChannels.unrestricted : ofChannels.restricted.get(allowedChannels)
    if (!ofProtocols) {
      ofProtocols = {}
      if (allowedChannels !== null) ofChannels.restricted.set(allowedChannels, ofProtocols)
    }
    return (ofProtocols[translates ? TRANSLATED[protocol] : protocol] ??= new Map())
  }

  #make(request: CandidateRequest, channels: readonly Channel[]): CandidateList {
    const { candidates, excluded } = listCandidates(request, channels, this.#pointsHere)
    // Where nothing must be translated nothing is lost, so these go first; a priority of the user's says more.
    const ownRank = ({ priority, protocol }: Channel): number => 2 * priority + (protocol === request.protocol ? 0 : 1)
    const standIns = excluded.some(({ reason }) => reason === 'budget')
      ? ranksOfStandIns(excluded, channels, request.spent, ownRank)
      : null
    const rank = (channel: Channel): number => standIns?.get(channel.id) ?? ownRank(channel)
    // Stable, so that equals keep the order of the configuration.
    const ordered = candidates.toSorted((one, other) => rank(one) - rank(other))
    const tiers = Array.from(Map.groupBy(ordered, rank).values(), (members) => ({
      candidates: members.map((channel) => this.#candidate(channel, request.model)),
      rotation: this.#rotations.of(members)
    }))
    return { candidates: tiers.flatMap((tier) => tier.candidates), tiers, excluded, toldExcluded: toldOf(excluded) }
  }

  #candidate(channel: Channel, model: string | null): Candidate {
    return {
      channel,
      model: model === null ? null : mapModel(channel.modelMap, model),
      health: this.#board.of(channel)
    }
  }
}

/**
 * A channel that stands in for one whose budget is used up takes its place in the order, unless its own is better. One that
 * is used up itself hands that place on.
 */
function ranksOfStandIns(
  excluded: readonly Exclusion[],
  channels: readonly Channel[],
  spent: SpentChannels,
  ownRank: (channel: Channel) => number
): ReadonlyMap<ChannelId, number> {
  const ranks = new Map<ChannelId, number>()
  for (const { channel, reason } of excluded) {
    if (reason !== 'budget') continue
    const rank = ownRank(channel)
    const passed = new Set<ChannelId>()
    for (let next: Channel | undefined = channel; next !== undefined && !passed.has(next.id);) {
      passed.add(next.id)
      ranks.set(next.id, Math.min(rank, ranks.get(next.id) ?? ownRank(next)))
      const used = spent.get(next.id)
      next = used && switchTarget(used.budget, channels)
    }
  }
  return ranks
}
