import type { Verdict } from '../protocols/protocol'
import { protocolOfPath, protocols } from '../protocols/registry'
import type { ProxyDependencies } from './dependencies'
import { ExchangeLog, newRequestId, type Ending } from './exchange-log'
import { answerHeaders } from './forward-headers'
import type { ParsedRequest } from './parse-request'
import { UpstreamError, type ClientReply, type ClientRequest, type HeaderList } from './ports'
import { keeperOf } from './recall'
import { ProxyError } from './refusal'
import { relay, sendLast } from './relay'
import type { Breakage, RelayEnd } from './relay-end'
import type { Tried } from './try-candidates'
import { withoutCredential } from './without-credential'

/** B07: what a client that went away counts as. */
const CLIENT_CLOSED_REQUEST = 499

/** The first step: from here on the request counts, and one of the functions below ends it. */
export function receive(parts: ProxyDependencies, client: ClientRequest): ExchangeLog {
  const now = parts.clock.now()
  const log = new ExchangeLog(newRequestId(now), now, parts.clock.monotonic(), client)
  parts.activity.begin(log)
  return log
}

/** A good answer: committed, relayed, recorded, and ended. */
export async function answerWith(
  parts: ProxyDependencies,
  log: ExchangeLog,
  request: ParsedRequest,
  reply: ClientReply,
  tried: Extract<Tried, { kind: 'answer' }>
): Promise<void> {
  const { answer, attempt, passage, lease, deadlines } = tried
  lease.answering()
  log.answering()
  const keeper = keeperOf(parts.responses, request, passage)
  request.content.release()
  log.warned(passage.warnings)
  const headers = answerHeaders(answer.headers, ownHeaders(log, lease.channel.slug, passage.warnings))
  const judge = (breakage: Breakage): Verdict => judgeBreakage(parts, tried, breakage)
  const end = await relay({
    ...{ passage, attempt, answer, reply, headers, judge },
    idleMs: deadlines.idleMs,
    clock: parts.clock
  })
  // An upstream that is still to close is watched until it has.
  if (attempt.over) parts.ticker.remove(attempt)

  if (end.kind === 'ok') lease.succeed({ client: log.client, usage: end.usage })
  else if (end.verdict === null) lease.abandon()
  else lease.fail(end.verdict)
  const stateIds = statesOf(request, end)
  for (const id of stateIds) parts.stateHolders.remember(id, lease.channel.id)
  // A client that left before our last event has no id to name it by, and what was written is not the whole of it.
  if (end.kind === 'ok' && end.last.kind !== 'cut') keeper?.keep(passage.response())

  const message = end.verdict === null || end.verdict.kind === 'ok' ? null : end.verdict.message
  log.attempted(attempt.record(end.kind, message))
  await finish(parts, log, {
    outcome: end.kind,
    status: end.kind === 'cancelled' ? CLIENT_CLOSED_REQUEST : answer.status,
    errorCode: end.kind === 'ok' ? null : end.kind,
    errorMessage: message,
    relayed: { ...end, stateIds },
    bytes: end.bytes,
    lease
  })
  sendLast(reply, end.last)
}

/** What later requests may name of this answer: in a thread the message itself as well (B14). */
const statesOf = ({ facts }: ParsedRequest, { messageId, stateIds }: RelayEnd): readonly string[] =>
  facts.inThread && messageId !== null ? [...stateIds, messageId] : stateIds

/** The last upstream's own status and body, byte for byte (B03). */
export async function handBack(
  parts: ProxyDependencies,
  log: ExchangeLog,
  reply: ClientReply,
  tried: Extract<Tried, { kind: 'refused' }>
): Promise<void> {
  const { verdict } = tried.refusal
  const { status, headers, body } = tried.passage.refusal(tried.refusal, verdict, parts.clock.now())
  await finish(parts, log, {
    outcome: isClientsOwn(verdict.kind) && status < 500 ? 'client_error' : 'upstream_error',
    status,
    errorCode: verdict.kind,
    errorMessage: verdict.kind === 'ok' ? null : verdict.message,
    relayed: null,
    bytes: body.length,
    lease: tried.lease
  })
  reply.send(status, answerHeaders(headers, ownHeaders(log, tried.lease.channel.slug)), body)
}

const isClientsOwn = (kind: Verdict['kind']): boolean => kind === 'client_fault' || kind === 'signature'

/** B07: the client went away before commit. */
export async function leave(parts: ProxyDependencies, log: ExchangeLog): Promise<void> {
  const gone = { outcome: 'cancelled', status: CLIENT_CLOSED_REQUEST, errorCode: 'cancelled' } as const
  await finish(parts, log, { ...gone, errorMessage: null, relayed: null, bytes: 0, lease: null })
}

/** A good answer that no upstream gave: JSON of our own. */
export async function answerOurselves(
  parts: ProxyDependencies,
  log: ExchangeLog,
  reply: ClientReply,
  body: Buffer,
  headers: HeaderList = [],
  contentType = 'application/json'
): Promise<void> {
  await finish(parts, log, {
    outcome: 'ok',
    status: 200,
    errorCode: null,
    errorMessage: null,
    relayed: null,
    bytes: body.length,
    lease: null
  })
  reply.send(200, ['content-type', contentType, ...headers, ...ownHeaders(log, null)], body)
}

/** Our own error, in the shape of the protocol that was called. Anything but a ProxyError is a fault of ours. */
export async function refuse(
  parts: ProxyDependencies,
  log: ExchangeLog,
  client: ClientRequest,
  reply: ClientReply,
  error: unknown
): Promise<void> {
  const refusal = error instanceof ProxyError ? error : internalError(parts, log, error)
  const protocol = protocols[protocolOfPath(client.path, client.headers)]
  const { status, message, code, retryAfterMs } = refusal
  const answer = protocol.renderRefusal({ kind: code, status, message, requestId: log.id, retryAfterMs })
  await finish(parts, log, {
    // Where nobody was asked, or it was turned off meanwhile, it is Routex that refused.
    outcome: log.attempts > 0 && code !== 'paused' ? 'upstream_error' : 'refused',
    status: answer.status,
    errorCode: code,
    errorMessage: message,
    relayed: null,
    bytes: answer.body.length,
    lease: null
  })
  if (reply.headSent) {
    reply.cut(Buffer.alloc(0))
    return
  }
  const retry = retryAfterMs === null ? [] : ['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000)))]
  // It would be the same again within seconds; Anthropic's and OpenAI's SDKs heed this.
  const noRetry = code === 'budget_spent' ? ['x-should-retry', 'false'] : []
  const headers = ['content-type', answer.contentType, ...retry, ...noRetry, ...ownHeaders(log, null)]
  reply.send(answer.status, headers, answer.body)
}

/** The row of a request that could not be read as one, so that it never began its way (B30). `bytes`: of the answer's body. */
export async function recordUnread(
  parts: ProxyDependencies,
  request: Pick<ClientRequest, 'method' | 'path' | 'remoteAddress'>,
  answer: { readonly status: number; readonly message: string; readonly bytes: number }
): Promise<void> {
  const nothing = { query: '', headers: {}, readBody: () => Promise.resolve('gone' as const) }
  const { status, message, bytes } = answer
  await finish(parts, receive(parts, { ...request, ...nothing }), {
    outcome: 'refused',
    status,
    errorCode: 'bad_request',
    errorMessage: message,
    relayed: null,
    bytes,
    lease: null
  })
}

function internalError(parts: ProxyDependencies, log: ExchangeLog, cause: unknown): ProxyError {
  parts.logger.error('A request failed inside Routex', { requestId: log.id, cause })
  return new ProxyError('internal', `Something went wrong inside Routex; its log has more under ${log.id}`, { cause })
}

/** What broke an answer after commit, as a verdict on its channel: an error event is judged, a broken connection is a failure. */
function judgeBreakage(
  parts: ProxyDependencies,
  { answer, lease, passage }: Extract<Tried, { kind: 'answer' }>,
  breakage: Breakage
): Verdict {
  if (breakage instanceof UpstreamError) {
    // Turned off by the user: no harm to the channel.
    return { kind: breakage.code === 'stopped' ? 'retry_elsewhere' : 'failure', message: breakage.message }
  }
  const verdict = passage.protocol.judge(breakage.status, answer.headers, breakage.body, parts.clock.now())
  return withoutCredential(verdict, lease.channel, parts.config.credential(lease.channel))
}

/** B24. */
function ownHeaders(log: ExchangeLog, slug: string | null, warnings: string | null = null): HeaderList {
  const headers = ['x-routex-request-id', log.id, 'x-routex-attempts', String(log.attempts)]
  if (slug !== null) headers.push('x-routex-channel', slug)
  if (warnings !== null) headers.push('x-routex-warnings', warnings)
  return headers
}

/** The row is in the journal when this resolves; only then may the last bytes go out. */
async function finish(parts: ProxyDependencies, log: ExchangeLog, ending: Ending): Promise<void> {
  await parts.log.append(log.record(ending, parts.clock.monotonic()))
  parts.activity.end(log, ending.outcome !== 'ok' && ending.outcome !== 'cancelled')
}
