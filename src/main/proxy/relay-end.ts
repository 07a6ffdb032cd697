import type { Clock } from '../../shared/ports'
import type { TokenUsage } from '../../shared/usage'
import type { AnswerFacts, StreamEnding, StreamFacts, Verdict } from '../protocols/protocol'
import type { Attempt } from './attempt'
import type { UpstreamAnswer } from './attempt-result'
import type { Passage } from './passage'
import type { ClientReply, HeaderList, UpstreamError } from './ports'

/** The last of an answer: sent when its request is in the journal (design.md, Storage). */
export type LastBytes =
  StreamEnding | { readonly kind: 'send'; readonly status: number; readonly headers: HeaderList; readonly body: Buffer }

/** How the relaying ended; `last` is what is still to be done. */
export interface RelayEnd {
  readonly kind: 'ok' | 'truncated' | 'cancelled'
  readonly last: LastBytes
  /** Of an answer that broke off, what was told by then (B31). */
  readonly usage: TokenUsage | null
  readonly rawUsage: string | null
  /** Ids of state that this channel now holds: a response, its stored items, a container. */
  readonly stateIds: readonly string[]
  readonly messageId: string | null
  /** Bytes of body, the last included. */
  readonly bytes: number
  /** On the channel, where something broke after commit; else null. */
  readonly verdict: Verdict | null
}

/** What can break an answer after commit: the connection, or an error event of the upstream's. */
export type Breakage = UpstreamError | { readonly status: number; readonly body: Buffer }

export interface RelayInput {
  readonly passage: Passage
  readonly attempt: Attempt
  readonly answer: UpstreamAnswer
  readonly reply: ClientReply
  readonly headers: HeaderList
  /** B06: silence inside a stream, ms. */
  readonly idleMs: number
  readonly clock: Clock
  /** What a breakage means, in words that may be shown. */
  readonly judge: (breakage: Breakage) => Verdict
}

/** What later requests may name, of an answer's facts. */
export function stateIdsOf({ stateId, itemIds }: Pick<AnswerFacts, 'stateId' | 'itemIds'>): readonly string[] {
  return stateId === null ? itemIds : [stateId, ...itemIds]
}

/**
 * B31: what a stream used. One that broke off was billed for its prompt all the same: what the upstream had told by then
 * counts, with an output that is a lower bound. A prompt of 0 tokens was not told, only not filled in yet.
 */
export function usageOf(kind: RelayEnd['kind'], { usage, usageSoFar }: StreamFacts): TokenUsage | null {
  if (usage !== null || kind === 'ok' || usageSoFar === null) return usage
  const { input, cacheRead, cacheWrite } = usageSoFar
  return input + cacheRead + cacheWrite > 0 ? usageSoFar : null
}
