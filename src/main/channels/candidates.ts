import type { Channel } from '../../shared/channel'
import type { ChannelId } from '../../shared/ids'
import type { ProtocolId } from '../../shared/protocol'
import { matchesModel } from '../protocols/model-name'
import type { SpentChannels } from './budgets'
import type { Exclusion, ExclusionReason } from './lease'

/** What decides, health apart, whether a channel may serve a request. */
export interface CandidateRequest {
  readonly protocol: ProtocolId
  /** Channels of other protocols may serve it too, translated. */
  readonly translates: boolean
  /** As it was asked for; null where the operation names none. */
  readonly model: string | null
  /** Of the client key; null: every channel. */
  readonly allowedChannels: readonly ChannelId[] | null
  /** The one channel that the user lets be used; null: all. */
  readonly onlyChannel: ChannelId | null
  /** Channels that may cost nothing more for now. */
  readonly spent: SpentChannels
  /** The channel that holds the state which the request names; null: any. */
  readonly stateHolder: ChannelId | null
}

/** Whether a channel's base URL is Routex itself (B41). */
export type PointsHere = (channel: Channel) => boolean

/** Hosts that answer nothing without a credential. Others may be local servers that need none. */
const VENDOR_HOSTS: ReadonlySet<string> = new Set([
  'api.anthropic.com',
  'api.openai.com',
  'generativelanguage.googleapis.com'
])
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'x-goog-api-key'])

/**
 * The channels that may serve this request whatever their health, in the order of `channels`, and why each of the others
 * may not (B03): the reason that would remain longest comes first.
 */
export function listCandidates(
  request: CandidateRequest,
  channels: readonly Channel[],
  pointsHere: PointsHere
): { readonly candidates: readonly Channel[]; readonly excluded: readonly Exclusion[] } {
  const candidates: Channel[] = []
  const excluded: Exclusion[] = []
  for (const channel of channels) {
    const reason = exclusionReason(request, channel, pointsHere)
    const spent = reason === null ? request.spent.get(channel.id) : undefined
    if (reason !== null) excluded.push({ channel, reason, until: null, cause: null })
    else if (spent !== undefined) excluded.push({ channel, reason: 'budget', until: spent.until, cause: spent.words })
    else candidates.push(channel)
  }
  return { candidates, excluded }
}

function exclusionReason(request: CandidateRequest, channel: Channel, pointsHere: PointsHere): ExclusionReason | null {
  if (request.allowedChannels !== null && !request.allowedChannels.includes(channel.id)) return 'not_allowed'
  if (channel.protocol !== request.protocol && !mayTranslate(request, channel)) return 'protocol'
  if (request.model !== null && !matchesModel(channel.models, request.model)) return 'model'
  if (!channel.enabled) return 'disabled'
  if (lacksCredential(channel)) return 'no_credential'
  if (pointsHere(channel)) return 'loop'
  return elsewhere(request, channel.id)
}

/** The Demo answers in each protocol itself. */
const mayTranslate = ({ translates }: CandidateRequest, { managedBy }: Channel): boolean =>
  translates && managedBy !== 'built-in'

/** It could serve, but the request belongs to another. */
function elsewhere({ onlyChannel, stateHolder }: CandidateRequest, id: ChannelId): ExclusionReason | null {
  if (onlyChannel !== null && onlyChannel !== id) return 'other_used_alone'
  return stateHolder !== null && stateHolder !== id ? 'state_elsewhere' : null
}

function lacksCredential(channel: Channel): boolean {
  if (channel.credentialRevision !== null) return false
  if (Object.keys(channel.headers).some((name) => CREDENTIAL_HEADERS.has(name.toLowerCase()))) return false
  return VENDOR_HOSTS.has(URL.parse(channel.baseUrl)?.hostname ?? '')
}
