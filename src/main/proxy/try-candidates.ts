import type { ChannelId } from '../../shared/ids'
import type { Lease } from '../channels/lease'
import type { SelectionRequest } from '../channels/selection'
import { Attempt } from './attempt'
import type { UpstreamAnswer, UpstreamRefusal } from './attempt-result'
import { deadlinesOf } from './deadlines'
import { sendToDemo } from './demo-upstream'
import type { ProxyDependencies } from './dependencies'
import type { ExchangeLog } from './exchange-log'
import { openPassage, type Passage } from './passage'
import { noCandidate, nothingAnswered, waiting } from './no-candidate'
import type { ParsedRequest } from './parse-request'
import { UpstreamError, type ClientReply, type Deadlines, type UpstreamRequest } from './ports'
import { ProxyError } from './refusal'
import { prepareUpstreamRequest } from './prepare'
import { withoutCredential } from './without-credential'

/** B06. */
const MAX_ATTEMPTS = 4

/** What came of all the tries before commit. */
export type Tried =
  | {
      readonly kind: 'answer'
      readonly answer: UpstreamAnswer
      readonly attempt: Attempt
      readonly passage: Passage
      readonly lease: Lease
      readonly deadlines: Deadlines
    }
  /** The last upstream's own words, for the client (B03). */
  | ({ readonly kind: 'refused' } & Refused)
  | { readonly kind: 'gone' }

interface Refused {
  readonly refusal: UpstreamRefusal
  readonly passage: Passage
  readonly lease: Lease
}

/** One channel's turn; after a refusal or a break it is the next one's. */
type Turn =
  | Tried
  | ({ readonly kind: 'next'; readonly error: null } & Refused)
  | { readonly kind: 'next'; readonly error: UpstreamError; readonly lease: Lease }

export interface TryInput {
  readonly parts: ProxyDependencies
  readonly request: ParsedRequest
  readonly selection: SelectionRequest
  readonly reply: ClientReply
  readonly log: ExchangeLog
}

/**
 * Tries one candidate after the other until one answers (B01: failover is free before commit), the request itself is at
 * fault, the client goes away, or nobody is left.
 * @throws ProxyError `no_candidate`, `budget_spent`, `busy`, `upstream_failed`, `timeout`
 */
export async function tryCandidates(input: TryInput): Promise<Tried> {
  const { parts, selection, log } = input
  log.excluded(parts.selector.passedOver(selection))
  const tried = new Set<ChannelId>()
  let refused: Extract<Tried, { kind: 'refused' }> | null = null
  let error: UpstreamError | null = null
  while (log.attempts < MAX_ATTEMPTS) {
    const next = parts.selector.next(selection, tried)
    if (next.kind === 'wait' && log.attempts === 0) throw waiting(next, exclusionsOf(input))
    if (next.kind !== 'lease') break
    tried.add(next.lease.channel.id)
    const turn = await takeTurn(input, next.lease)
    if (turn.kind !== 'next') return turn
    if (turn.error === null) refused = { ...turn, kind: 'refused' }
    else error = turn.error
    if (error?.code === 'total_timeout') break
  }
  const exclusions = exclusionsOf(input)
  if (refused !== null) return refused
  throw error === null ? noCandidate(selection, exclusions, parts.clock.now()) : nothingAnswered(error, log.attempts)
}

function exclusionsOf({ parts, selection, log }: TryInput): ReturnType<ProxyDependencies['selector']['exclusions']> {
  const exclusions = parts.selector.exclusions(selection)
  log.excluded(exclusions)
  return exclusions
}

/**
 * One channel: as the request is, and once more without signatures where it is those that the upstream objects to (B14)
 * and a try is left (B06).
 */
async function takeTurn(input: TryInput, lease: Lease): Promise<Turn> {
  const passage = open(input, lease)
  const first = await tryOnce(input, lease, passage)
  if (first.kind !== 'next' || first.error !== null || first.refusal.verdict.kind !== 'signature') return first
  const stripped = input.log.attempts < MAX_ATTEMPTS ? passage.withoutSignatures() : null
  const turn = stripped === null ? first : await tryOnce(input, lease, stripped)
  if (turn.kind !== 'next' || turn.error !== null || turn.refusal.verdict.kind !== 'signature') return turn
  // Without its signatures, or with none to begin with, the request is simply one that this vendor refuses.
  lease.fail(turn.refusal.verdict)
  return turn.refusal.verdict.elsewhere === true ? turn : { ...turn, kind: 'refused' }
}

/** @throws ProxyError what the client is told where its request can't be translated, which is no fault of the channel */
function open({ request, parts }: TryInput, lease: Lease): Passage {
  try {
    return openPassage(request, lease, parts.clock.now())
  } catch (error) {
    lease.abandon()
    throw error
  }
}

async function tryOnce(input: TryInput, lease: Lease, passage: Passage): Promise<Turn> {
  const { parts, request, log, reply } = input
  const deadlines = deadlinesOf(lease.channel, request.stream)
  const attempt = new Attempt({
    passage,
    stream: request.stream,
    lease,
    deadlines,
    arrivedAt: log.arrivedAt,
    totalDeadlineAt: log.arrivedAt + deadlines.totalMs,
    clock: parts.clock
  })
  log.attempting(lease, attempt)
  reply.onGone(() => attempt.cancel())
  parts.ticker.add(attempt)
  send(input, lease, attempt, passage)
  const result = await attempt.result
  if (result.kind === 'answer') return { kind: 'answer', answer: result.answer, attempt, passage, lease, deadlines }
  parts.ticker.remove(attempt)
  if (result.kind === 'gone') {
    lease.abandon()
    log.attempted(attempt.record('cancelled', null))
    return { kind: 'gone' }
  }
  if (result.kind === 'broken') {
    const { error } = result
    const ours = ownTrouble(error)
    if (ours !== null) {
      lease.abandon()
      log.attempted(attempt.record(error.code, error.message))
      throw ours
    }
    lease.fail({ kind: 'failure', message: error.message })
    log.attempted(attempt.record(error.code, error.message))
    return { kind: 'next', error, lease }
  }
  const verdict = withoutCredential(result.refusal.verdict, lease.channel, parts.config.credential(lease.channel))
  return judge(input, attempt, { refusal: { ...result.refusal, verdict }, passage, lease })
}

/** What is no channel's fault, and would be the same with each. */
function ownTrouble(cause: UpstreamError): ProxyError | null {
  if (cause.cause instanceof ProxyError) return cause.cause
  if (cause.code === 'stopped')
    return new ProxyError('paused', 'Routex was turned off before an answer came. Turn it on and try again.')
  if (cause.code !== 'exhausted') return null
  const words =
    'Routex can open no more connections: this machine allows it no more files (ulimit -n). Raise that limit, or ask for less at once.'
  return new ProxyError('busy', words, { retryAfterMs: 1000, cause })
}

function judge(input: TryInput, attempt: Attempt, refused: Refused): Turn {
  const { verdict } = refused.refusal
  // A signature's second try is on this same channel and lease.
  if (verdict.kind !== 'signature') refused.lease.fail(verdict)
  input.log.attempted(attempt.record(verdict.kind, verdict.kind === 'ok' ? null : verdict.message))
  return isFinal(refused) ? { ...refused, kind: 'refused' } : { ...refused, kind: 'next', error: null }
}

/**
 * The client gets this answer, whoever else could be asked: the request itself is at fault, or the upstream says so. What was
 * translated is not the client's own request, so another channel may take it.
 */
const isFinal = ({ refusal: { verdict }, passage }: Refused): boolean =>
  (verdict.kind === 'client_fault' && !passage.translates) || ('handBack' in verdict && verdict.handBack)

function send(input: TryInput, lease: Lease, attempt: Attempt, passage: Passage): void {
  const { parts, request } = input
  try {
    const upstream = lease.channel.managedBy === 'built-in' ? null : prepare(input, lease, passage)
    attempt.follow(
      upstream === null ? sendToDemo(request, parts.countTokens, attempt) : parts.transport.send(upstream, attempt)
    )
  } catch (cause) {
    // A base URL or a header that can't be sent: this channel's fault, and the next one's turn.
    const words = cause instanceof Error ? cause.message : String(cause)
    attempt.fail(new UpstreamError('protocol', `The request to this channel could not be made: ${words}`, { cause }))
  }
}

function prepare({ parts, request }: TryInput, lease: Lease, passage: Passage): UpstreamRequest {
  const credential = parts.config.credential(lease.channel)
  return prepareUpstreamRequest(passage, request.client, lease, credential, request.stream, parts.instance)
}
