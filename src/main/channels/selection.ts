import type { Channel } from '../../shared/channel'
import type { ChannelId, ClientKeyId } from '../../shared/ids'
import type { ProtocolId } from '../../shared/protocol'
import type { Strategy } from '../../shared/settings'
import type { Operation } from '../protocols/protocol'
import type { SpentBudget, SpentChannels } from './budgets'
import type { Lease } from './lease'

/** The conversation that a request belongs to (B10). */
export interface SelectionSession {
  readonly id: string
  /** Made from the text: identical first requests of several conversations share it. */
  readonly hashed: boolean
  /** A hashed session without one is placed by the strategy. */
  readonly hasAssistantTurn: boolean
}

/** What selection goes by. Made once for a request and handed to every `next` of it, so that all its tries see one configuration. */
export interface SelectionRequest {
  /** All channels as the configuration gives them, the disabled too. The lists made from it are kept by its identity. */
  readonly channels: readonly Channel[]
  readonly strategy: Strategy
  readonly protocol: ProtocolId
  /** Channels of other protocols may serve it too, translated. */
  readonly translates: boolean
  readonly operation: Operation
  /** As it was asked for; null where the operation names none. */
  readonly model: string | null
  readonly clientKeyId: ClientKeyId | null
  /** Of the client key; null: every channel. Kept by its identity as well. */
  readonly allowedChannels: readonly ChannelId[] | null
  /** *Use only this one*: every other channel is left out; null: all are used. */
  readonly onlyChannel: ChannelId | null
  /** Channels whose budget is used up. */
  readonly spent: SpentChannels
  /** The client key's budget, used up, which sends its requests to the one channel in `allowedChannels`; null: none. */
  readonly switchedBy: SpentBudget | null
  /** The channel that holds the state which the request names (`previous_response_id`…); null: any may serve it. */
  readonly stateHolder: ChannelId | null
  readonly session: SelectionSession | null
}

export type Selection =
  | { readonly kind: 'lease'; readonly lease: Lease }
  /** Nothing was tried, every candidate is open or cooling, and another request is probing already (B05). */
  | { readonly kind: 'wait'; readonly status: 429 | 503; readonly retryAfterMs: number }
  /** No (further) candidate: hand back the last upstream's own answer, or the reasoned error (B03). */
  | { readonly kind: 'none' }
