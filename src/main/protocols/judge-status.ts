import type { Headers, Verdict } from './protocol'
import { clampUntil, headerOf, headerUntil } from './retry-after'

/** Whose fault an error is, where its body says so; B03's table of statuses is what is left. */
export type Cause = 'client' | 'auth' | 'quota' | 'model' | 'signature' | 'limit' | 'overload' | 'failure'

/** What a protocol's error.ts read of a body. */
export interface Complaint {
  /** The upstream's own words; '' when it said nothing. */
  readonly message: string
  /** null: the status decides. */
  readonly cause: Cause | null
  /** The end of the wait as the body tells it, ms since 1970. */
  readonly untilMs: number | null
  /** It concerns this request alone: nothing to bench for. */
  readonly thisRequestOnly: boolean
}

/**
 * B03 and B04: what an upstream's error means. The body goes first, then the status. `x-should-retry` overrides both where
 * it is about trying again (`true`: elsewhere what would be handed back; `false`: hand back what would be taken elsewhere),
 * and changes nothing of what is held against the channel. `now` in ms since 1970.
 */
export function judgeStatus(status: number, headers: Headers, complaint: Complaint, now: number): Verdict {
  const message = wordsOf(status, headers, complaint.message)
  const cause = complaint.cause ?? causeOfStatus(status)
  if (cause === 'client' || cause === 'signature') return ownFault(cause, headers, message)
  const complained = { message, ...(headerOf(headers, 'x-should-retry') === 'false' && { handBack: true }) }
  switch (cause) {
    case 'failure':
    case 'auth':
      return { kind: cause, ...complained }
    case 'model':
      return { kind: 'model_missing', ...complained }
    case 'quota':
      return { kind: 'quota', ...complained, untilMs: untilOf(headers, complaint, now) }
    case 'limit':
    case 'overload': {
      const { thisRequestOnly } = complaint
      return { kind: 'busy', ramp: cause, ...complained, untilMs: untilOf(headers, complaint, now), thisRequestOnly }
    }
  }
}

/** The request is at fault, and would be handed back. */
function ownFault(cause: 'client' | 'signature', headers: Headers, message: string): Verdict {
  const elsewhere = headerOf(headers, 'x-should-retry') === 'true'
  if (cause === 'signature') return { kind: 'signature', message, ...(elsewhere && { elsewhere }) }
  return { kind: elsewhere ? 'retry_elsewhere' : 'client_fault', message }
}

function wordsOf(status: number, headers: Headers, message: string): string {
  if (status >= 300 && status < 400) {
    const location = headerOf(headers, 'location')
    const where = location === null ? '' : ` to ${location}`
    return `The upstream redirects (${status})${where}: check the channel's base URL`
  }
  return message === '' ? `The upstream answered ${status}` : message
}

function untilOf(headers: Headers, complaint: Complaint, now: number): number | null {
  const told = complaint.untilMs === null ? null : clampUntil(complaint.untilMs, now)
  return headerUntil(headers, now) ?? told
}

/** B03. A status below 400 comes with an error in its body that named no status: the upstream's failure. */
function causeOfStatus(status: number): Cause {
  switch (status) {
    case 401:
    case 403:
      return 'auth'
    case 402:
      return 'quota'
    case 408:
    case 429:
      return 'limit'
    case 529:
      return 'overload'
    default:
      return status >= 400 && status < 500 ? 'client' : 'failure'
  }
}

/** What an error's words mean under some statuses; the first rule that fits decides. */
export interface WordRule {
  /** null: under any. */
  readonly statuses: readonly number[] | null
  readonly says: (message: string, status: number) => boolean
  readonly cause: Cause
}

/** More of a message is never read: words that matter stand at its beginning, and relays quote whole requests. */
const READ_CHARACTERS = 4000

export function causeOfWords(rules: readonly WordRule[], status: number, message: string): Cause | null {
  const read = message.slice(0, READ_CHARACTERS)
  const rule = rules.find(({ statuses, says }) => (statuses?.includes(status) ?? true) && says(read, status))
  return rule?.cause ?? null
}

/** How vendors say that a prompt is longer than the model's window. */
const TOO_LONG = new RegExp(
  [
    'context[ _]length|context window|maximum context|available context size',
    'prompt is too long|prompt exceeds max|maximum prompt length|input (?:is )?too long|range of input length',
    'too many (?:input )?tokens|model token limit|max_seq_len',
    String.raw`(?:input|prompt|\d) tokens? (?:.{0,60} )?exceeds?|tokens? .{0,60}must be <=`,
    'reduce the length of the messages'
  ].join('|'),
  'i'
)

/** Together answers 403, others 400, to a prompt that is longer than the model's window: never the channel's fault. */
export const isTooLong = (message: string): boolean => TOO_LONG.test(message)

/** Words that leave no doubt, whatever the status. */
const MODEL_MISSING =
  /\bmodel\b[^.]{0,120}?\b(?:does not exist|doesn't exist|not exist\b|not found)|\bnot a valid model\b|\b(?:unknown|invalid|no such) model\b(?! (?:parameter|output|param))|not found the model|no available channel for model|模型不存在/i
/** Under a 404 looser ones do (Azure's deployment is its model): with a 400 they could be about a parameter that the model doesn't take. */
const MODEL_MISSING_404 =
  /^model: \S+$|\bdeployment\b[^.]{0,80} does not exist|\bmodels?\b[^]{0,200}?\b(?:not found|not supported|unavailable|not available|no access)/i

/** Whether an error says that the model is not there (on this channel: another may have it). */
export const saysModelMissing = (message: string, status: number): boolean =>
  MODEL_MISSING.test(message) || (status === 404 && MODEL_MISSING_404.test(message))

/** The words in which vendors say that the account has run dry; counts as 402 whatever the status. */
export const saysNoFunds = (message: string): boolean =>
  /insufficient (?:account |user )?(?:balance|credits?|quota|funds)|(?:余额|额度)(?:不足|已用尽)|credit balance is too low|out of credits/i.test(
    message
  )

/** B14: thinking that another account made, or that is missing since it was stripped before; relays quote Anthropic's words. */
export const saysThinkingRefused = (message: string): boolean =>
  /signature.{0,40}thinking|thinking.{0,40}signature|expected .?(?:redacted_)?thinking.{0,60}but found|thinking.{0,3} blocks? (?:in the latest assistant message )?cannot be modified|thinking blocks?.{0,80}(?:different (?:conversation|organization|model)|mismatch|have changed)/is.test(
    message
  )
