import type { AnswerFacts } from '../protocols/protocol'
import type { UpstreamAnswer } from './attempt-result'
import type { ClientReply, HeaderList } from './ports'
import { BodyRelay } from './relay-body'
import { stateIdsOf, type LastBytes, type RelayEnd, type RelayInput } from './relay-end'
import { StreamRelay } from './relay-stream'

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
  receiver.begin(answer.held)
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
  const { usage, rawUsage, messageId } = facts
  const stateIds = stateIdsOf(facts)
  const last = { kind: 'send', status: answer.status, headers, body } as const
  return { kind: 'ok', last, usage, rawUsage, stateIds, messageId, bytes: body.length, verdict: null }
}
