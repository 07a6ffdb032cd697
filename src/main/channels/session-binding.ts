import type { Channel } from '../../shared/channel'
import type { ChannelId } from '../../shared/ids'
import type { Operation } from '../protocols/protocol'
import type { SuccessListener } from './channel-lease'
import type { SessionUse } from './lease'
import type { SelectionRequest, SelectionSession } from './selection'
import type { Replaces, SessionAffinity, SessionIdentity } from './session-affinity'

/** What the session of a request means for one of its tries: where it is bound, and what its success writes (B12). */
export class SessionBinding implements SuccessListener {
  /** null: unbound, so the strategy places it. */
  readonly bound: ChannelId | null
  readonly #affinity: SessionAffinity
  readonly #identity: SessionIdentity
  /** undefined: a success writes nothing. */
  readonly #replaces: Replaces | undefined

  constructor(
    affinity: SessionAffinity,
    identity: SessionIdentity,
    bound: ChannelId | null,
    replaces: Replaces | undefined
  ) {
    this.bound = bound
    this.#affinity = affinity
    this.#identity = identity
    this.#replaces = replaces
  }

  succeeded(channel: Channel, use: SessionUse): void {
    if (this.#replaces !== undefined) this.#affinity.bind(this.#identity, channel.id, this.#replaces, use)
  }
}

/** null for a request without a session. `firstTry`: the look-up is counted. */
export function bindingOf(
  affinity: SessionAffinity,
  request: SelectionRequest,
  firstTry: boolean
): SessionBinding | null {
  const { session, model, clientKeyId, operation } = request
  if (session === null || model === null) return null
  const identity: SessionIdentity = { clientKeyId, sessionId: session.id, model }
  const fills = fillsPromptCache(operation)
  if (isFirstTurn(session)) return new SessionBinding(affinity, identity, null, fills ? 'any' : undefined)
  const bound = fills && firstTry ? affinity.get(identity) : affinity.peek(identity)
  return new SessionBinding(affinity, identity, bound, fills ? bound : undefined)
}

/** Others, like a token count, go where the session is, but are no reason to bind it. */
function fillsPromptCache(operation: Operation): boolean {
  return operation === 'generate' || operation === 'complete'
}

/** Identical first requests of several conversations share their hash and are to spread (B10). */
function isFirstTurn({ hashed, hasAssistantTurn }: SelectionSession): boolean {
  return hashed && !hasAssistantTurn
}
