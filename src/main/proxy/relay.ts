import type { Clock } from '../../shared/ports'
import type { TokenUsage } from '../../shared/usage'
import type { AnswerFacts, StreamEnding } from '../protocols/protocol'
import type { Attempt, UpstreamAnswer } from './attempt'
import type { ParsedRequest } from './parse-request'
import type { ClientReply, HeaderList, UpstreamError } from './ports'
import { BodyRelay } from './relay-body'
import { StreamRelay } from './relay-stream'

/** The last of an answer: sent when its request is in the journal (design.md, Storage). */
export type LastBytes =
  StreamEnding | { readonly kind: 'send'; readonly status: number; readonly headers: HeaderList; readonly body: Buffer }

/** How the relaying ended; `last` is what is still to be done. */
export interface RelayEnd {
  readonly kind: 'ok' | 'truncated' | 'cancelled'
  readonly last: LastBytes
  readonly usage: TokenUsage | null
  readonly rawUsage: string | null
  /** An id of state that this channel now holds (`resp_…`). */
  readonly stateId: string | null
  /** Bytes of body, the last included. */
  readonly bytes: number
  /** What broke it after commit: the connection, or an error event of the upstream's. */
  readonly broken: UpstreamError | { readonly status: number; readonly body: Buffer } | null
}

export interface RelayInput {
  readonly request: ParsedRequest
  readonly attempt: Attempt
  readonly answer: UpstreamAnswer
  readonly reply: ClientReply
  readonly headers: HeaderList
  /** B06: silence inside a stream, ms. */
  readonly idleMs: number
  readonly clock: Clock
}

/** The commit, and everything after it but the last bytes. */
export function relay(input: RelayInput): Promise<RelayEnd> {
  const { answer, attempt, headers, reply } = input
  if (answer.whole !== null) return Promise.resolve(wholeAnswer(answer, answer.whole, headers))
  const receiver = answer.reader === null ? new BodyRelay(input) : new StreamRelay(input, answer.reader)
  reply.onGone(() => {
    attempt.cancel()
    receiver.cancel()
  })
  reply.head(answer.status, headers)
  for (const bytes of answer.held) receiver.forward(bytes)
  attempt.handOver(receiver)
  return receiver.result
}

/** Sends what was left for the end. */
export function sendLast(reply: ClientReply, last: LastBytes): void {
  if (last.kind === 'send') reply.send(last.status, last.headers, last.body)
  else if (last.kind === 'end') reply.end(last.bytes)
  else if (last.kind === 'write_and_cut') reply.cut(last.bytes)
  else reply.cut(Buffer.alloc(0))
}

function wholeAnswer(answer: UpstreamAnswer, facts: AnswerFacts, headers: HeaderList): RelayEnd {
  const body = answer.held[0] ?? Buffer.alloc(0)
  const { usage, rawUsage, stateId } = facts
  const last = { kind: 'send', status: answer.status, headers, body } as const
  return { kind: 'ok', last, usage, rawUsage, stateId, bytes: body.length, broken: null }
}
