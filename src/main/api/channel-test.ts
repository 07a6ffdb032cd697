import type { Channel } from '../../shared/channel'
import type { CallResult } from '../../shared/contract'
import { mapModel, matchesModel, plainNames } from '../protocols/model-name'
import { whyNoAnswer } from '../protocols/no-answer'
import type { Protocol, Route, Verdict } from '../protocols/protocol'
import { matchRoute, protocols } from '../protocols/registry'
import { upstreamUrl } from '../protocols/upstream-url'
import { upstreamHeaders } from '../proxy/forward-headers'
import type { UpstreamRequest } from '../proxy/ports'
import { ApiError } from './api-error'
import { askUpstream, type NoAnswer, type WholeAnswer } from './ask-upstream'
import type { ApiDependencies } from './dependencies'
import { DEFAULT_MODELS, samplesOf, type Sample } from './sample-requests'
import { listUpstreamModels } from './upstream-models'

type TestResult = CallResult<'channels.test'>
type Step = TestResult['steps'][number]

/** A person waits for it; B06's longer clocks are for real requests. */
const LIMITS = { connectMs: 10_000, totalMs: 60_000, maxBytes: 1024 * 1024 }

/** What came of one request: the verdict is null when there was no answer to judge. */
interface Tried {
  readonly answer: WholeAnswer | NoAnswer
  readonly verdict: Verdict | null
  /** What went wrong, and what to do, on two lines; null when all went well. */
  readonly error: string | null
}

const ADVICE: Readonly<Record<Exclude<Verdict['kind'], 'ok'>, string>> = {
  auth: 'Check the API key of this channel.',
  quota: "Check the balance and the limits of this channel's account.",
  model_missing: 'Test with a model that this account has, or correct the list of models.',
  busy: 'The upstream limits this account or has too much to do. Try again later.',
  failure: 'The fault is on the side of the upstream. Check the base URL, or try again later.',
  client_fault: 'Test with another model, or check protocol and base URL.',
  retry_elsewhere: 'Try again later.',
  signature: 'Test with another model.'
}

function explainNoAnswer({ error, connectedMs }: NoAnswer): string {
  const advice =
    connectedMs === null
      ? 'Check the base URL, and that the server runs and can be reached from here.'
      : 'Check that the base URL leads to an API of this protocol.'
  return `${error.message}\n${advice}`
}

const failure = (message: string): Verdict => ({ kind: 'failure', message })

function judgeStream(protocol: Protocol, route: Route, answer: WholeAnswer, now: number): Verdict {
  const type = answer.headers['content-type']
  if (typeof type !== 'string' || !type.startsWith('text/event-stream')) {
    return failure('The upstream answered a streamed request with no stream')
  }
  const reader = protocol.createStreamReader({
    framing: route.framing,
    operation: route.operation,
    dropUsageChunk: false
  })
  const ignore = (): void => undefined
  reader.push(answer.body, ignore)
  reader.end(ignore)
  const { error, finished, stopped } = reader.facts
  if (error !== null) return protocol.judge(error.status, answer.headers, error.body, now)
  return finished || stopped ? { kind: 'ok' } : failure('The stream ended before its last event')
}

function judge(protocol: Protocol, route: Route, answer: WholeAnswer, stream: boolean, now: number): Verdict {
  const { status, headers, body } = answer
  if (status >= 300) return protocol.judge(status, headers, body, now)
  if (stream) return judgeStream(protocol, route, answer, now)
  const why = whyNoAnswer(route, { status, headers, body, whole: true })
  if (why !== null) return failure(`The upstream ${why}`)
  const { error } = protocol.readAnswer(route, body, false)
  return error ? protocol.judge(status, headers, body, now) : { kind: 'ok' }
}

/** The verdict in two lines. An upstream may quote the key that it refuses. */
function explain(verdict: Verdict, status: number, credential: string | undefined): string | null {
  if (verdict.kind === 'ok') return null
  const message = credential === undefined ? verdict.message : verdict.message.replaceAll(credential, '[the key]')
  return `${status}: ${message.replaceAll(/\s+/g, ' ')}\n${ADVICE[verdict.kind]}`
}

function requestOf(
  channel: Channel,
  credential: string | undefined,
  sample: Sample,
  route: Route,
  sentModel: string
): UpstreamRequest {
  const protocol = protocols[channel.protocol]
  const headers = upstreamHeaders({
    client: channel.protocol === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {},
    channel,
    credential: credential === undefined ? {} : protocol.credentialHeaders(credential),
    hasBody: true,
    stream: false,
    via: null
  })
  const url = upstreamUrl(channel.baseUrl, protocol, route, sample.query, sentModel)
  return { method: 'POST', url, headers, body: Buffer.from(JSON.stringify(sample.body)) }
}

async function trySample(
  dependencies: ApiDependencies,
  channel: Channel,
  sample: Sample,
  model: string,
  stream: boolean
): Promise<Tried> {
  const route = matchRoute('POST', sample.path, sample.query)
  if ('kind' in route) throw new ApiError('internal', `There is no route for ${sample.path}`)
  const credential = dependencies.config.credential(channel)
  const answer = await askUpstream(dependencies, requestOf(channel, credential, sample, route, model), LIMITS)
  if (answer.kind === 'failed') return { answer, verdict: null, error: explainNoAnswer(answer) }
  const verdict = judge(protocols[channel.protocol], route, answer, stream, dependencies.clock.now())
  return { answer, verdict, error: explain(verdict, answer.status, credential) }
}

/** The samples in turn, as long as the upstream objects to the field that limits the tokens. */
async function tryModel(
  dependencies: ApiDependencies,
  channel: Channel,
  model: string,
  stream: boolean
): Promise<Tried> {
  const [first, ...others] = samplesOf(channel.protocol, model, stream)
  if (first === undefined) throw new ApiError('internal', `There is no sample request of ${channel.protocol}`)
  let tried = await trySample(dependencies, channel, first, model, stream)
  for (const sample of others) {
    if (tried.verdict?.kind !== 'client_fault' || !tried.verdict.message.includes('max_completion_tokens')) return tried
    tried = await trySample(dependencies, channel, sample, model, stream)
  }
  return tried
}

const step = (name: Step['step'], ms: number, error: string | null): Step => ({
  step: name,
  ok: error === null,
  ms: Math.round(ms),
  error
})

/** What the unstreamed request showed, up to the first step that failed. */
function stepsOf({ answer, verdict, error }: Tried): Step[] {
  if (answer.connectedMs === null) return [step('connect', answer.endMs, error)]
  const connected = step('connect', answer.connectedMs, null)
  if (answer.kind === 'failed') return [connected, step('request', answer.endMs, error)]
  if (verdict?.kind === 'auth') return [connected, step('auth', answer.headMs, error)]
  return [connected, step('auth', answer.headMs, null), step('request', answer.endMs, error)]
}

async function chooseModel(dependencies: ApiDependencies, channel: Channel): Promise<string> {
  const [named] = plainNames(channel.models)
  if (named !== undefined) return named
  const usual = DEFAULT_MODELS[channel.protocol]
  const listed = (await listUpstreamModels(dependencies, channel)) ?? []
  const fitting = listed.filter((name) => matchesModel(channel.models, name))
  return fitting.includes(usual) ? usual : (fitting[0] ?? usual)
}

/**
 * Tries a channel as it is saved: connect, auth, a one-token request, the same streamed; each with its time and, where it
 * failed, what to do. What comes after a failed step is left out. When all is well, the channel's health is cleared (B04).
 */
export async function testChannel(
  dependencies: ApiDependencies,
  channel: Channel,
  wanted: string | undefined
): Promise<TestResult> {
  if (channel.managedBy === 'built-in')
    throw new ApiError('conflict', 'The Demo answers offline: there is nothing to test')
  const model = wanted ?? (await chooseModel(dependencies, channel))
  const sent = mapModel(channel.modelMap, model)
  const steps = stepsOf(await tryModel(dependencies, channel, sent, false))
  if (steps.every(({ ok }) => ok)) {
    const { answer, error } = await tryModel(dependencies, channel, sent, true)
    steps.push(step('stream', answer.endMs, error))
  }
  const ok = steps.every((each) => each.ok)
  if (ok) dependencies.health.clear(channel.id)
  return { ok, model, steps }
}
