import { TEST_REQUEST_MS, type ChannelTestResult, type TestFault, type TestStep } from '../../shared/channel-test'
import { mapModel, matchesModel, plainNames } from '../protocols/model-name'
import { whyNoAnswer } from '../protocols/no-answer'
import type { Protocol, Route, Verdict } from '../protocols/protocol'
import { matchRoute, protocols } from '../protocols/registry'
import { withFields } from '../proxy/body-fields'
import { credentialHeaders } from '../proxy/credential-headers'
import { upstreamHeaders } from '../proxy/forward-headers'
import type { UpstreamRequest } from '../proxy/ports'
import { urlOf } from '../proxy/target'
import { viaTo } from '../proxy/via'
import { withoutCredential } from '../proxy/without-credential'
import { ApiError } from './api-error'
import { askUpstream, type AnswerProgress, type NoAnswer, type WholeAnswer } from './ask-upstream'
import type { ApiDependencies } from './dependencies'
import type { KeyedChannel } from './keyed-channel'
import { DEFAULT_MODELS, samplesOf, type Sample } from './sample-requests'
import { listUpstreamModels } from './upstream-models'

type TestDependencies = Pick<ApiDependencies, 'transport' | 'instance' | 'clock' | 'logger'>

/** B06's longer clocks are for real requests. */
const LIMITS = { connectMs: 10_000, totalMs: TEST_REQUEST_MS, maxBytes: 1024 * 1024 }

/** What came of one request: the verdict is null when there was no answer to judge. */
interface Tried {
  readonly answer: WholeAnswer | NoAnswer
  readonly verdict: Verdict | null
  /** What went wrong, and what to do, on two lines; null when all went well. */
  readonly error: string | null
  readonly fault: TestFault | null
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
  if (error.code === 'stopped') return error.message
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
  if (error === null) return { kind: 'ok' }
  return error.body === null
    ? protocol.judge(status, headers, body, now)
    : protocol.judge(error.status, headers, error.body, now)
}

/** The verdict in two lines. An upstream may quote the key that it refuses. */
function explain(verdict: Verdict, status: number, { channel, credential }: KeyedChannel): string | null {
  const shown = withoutCredential(verdict, channel, credential)
  if (shown.kind === 'ok') return null
  return `${status}: ${shown.message.replaceAll(/\s+/g, ' ')}\n${ADVICE[shown.kind]}`
}

function requestOf(
  instance: string,
  { channel, credential }: KeyedChannel,
  sample: Sample,
  route: Route,
  { model, stream }: Pick<Try, 'model' | 'stream'>
): UpstreamRequest {
  const protocol = protocols[channel.protocol]
  const url = urlOf(channel, { protocol, route, query: sample.query, model, stream })
  const headers = upstreamHeaders({
    client: channel.protocol === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {},
    channel,
    credential: credential === undefined ? {} : credentialHeaders(channel, protocol, credential),
    hasBody: true,
    stream: false,
    via: viaTo(url, {}, instance)
  })
  const body = withFields(Buffer.from(JSON.stringify(sample.body)), channel.quirks)
  return { method: 'POST', url, headers, body }
}

interface Try {
  readonly keyed: KeyedChannel
  /** Name to send, after `modelMap`. */
  readonly model: string
  readonly stream: boolean
  readonly progress?: AnswerProgress
}

async function trySample(dependencies: TestDependencies, sample: Sample, attempt: Try): Promise<Tried> {
  const { keyed, stream, progress } = attempt
  const route = matchRoute('POST', sample.path, sample.query)
  if ('kind' in route) throw new ApiError('internal', `There is no route for ${sample.path}`)
  const request = requestOf(dependencies.instance, keyed, sample, route, attempt)
  const answer = await askUpstream(dependencies, request, LIMITS, progress)
  if (answer.kind === 'failed') {
    const fault = answer.connectedMs === null ? 'no_connection' : 'no_answer'
    return { answer, verdict: null, error: explainNoAnswer(answer), fault }
  }
  const verdict = judge(protocols[keyed.channel.protocol], route, answer, stream, dependencies.clock.now())
  const fault = verdict.kind === 'ok' ? null : verdict.kind
  return { answer, verdict, error: explain(verdict, answer.status, keyed), fault }
}

/** The samples in turn, as long as the upstream objects to the field that limits the tokens. */
async function tryModel(dependencies: TestDependencies, attempt: Try): Promise<Tried> {
  const { protocol } = attempt.keyed.channel
  const [first, ...others] = samplesOf(protocol, attempt.model, attempt.stream)
  if (first === undefined) throw new ApiError('internal', `There is no sample request of ${protocol}`)
  let tried = await trySample(dependencies, first, attempt)
  for (const sample of others) {
    if (tried.verdict?.kind !== 'client_fault' || !tried.verdict.message.includes('max_completion_tokens')) return tried
    tried = await trySample(dependencies, sample, attempt)
  }
  return tried
}

/** The steps of one test, each told once, as soon as it is over. */
class Steps implements AnswerProgress {
  readonly all: TestStep[] = []
  readonly #tell: (step: TestStep) => void

  constructor(tell: (step: TestStep) => void) {
    this.#tell = tell
  }

  get ok(): boolean {
    return this.all.every((each) => each.ok)
  }

  connected(ms: number): void {
    this.#add('connect', ms, null)
  }

  /** A refusal may be one of the credential, which only its body tells. */
  head(status: number, ms: number): void {
    if (status < 300) this.#add('auth', ms, null)
  }

  /** What the unstreamed request showed, up to the first step that failed. */
  requested(tried: Tried): void {
    const { answer, verdict } = tried
    if (answer.connectedMs === null) {
      this.#add('connect', answer.endMs, tried)
      return
    }
    this.connected(answer.connectedMs)
    if (answer.kind === 'answer') this.#add('auth', answer.headMs, verdict?.kind === 'auth' ? tried : null)
    if (this.ok) this.#add('request', answer.endMs, tried)
  }

  streamed(tried: Tried): void {
    this.#add('stream', tried.answer.endMs, tried)
  }

  #add(step: TestStep['step'], ms: number, tried: Pick<Tried, 'error' | 'fault'> | null): void {
    if (this.all.some((each) => each.step === step)) return
    const { error, fault } = tried ?? { error: null, fault: null }
    const added = { step, ok: error === null, ms: Math.round(ms), error, fault }
    this.all.push(added)
    this.#tell(added)
  }
}

async function chooseModel(dependencies: TestDependencies, keyed: KeyedChannel): Promise<string> {
  const { models, protocol } = keyed.channel
  const [named] = plainNames(models)
  if (named !== undefined) return named
  const usual = DEFAULT_MODELS[protocol]
  const listed = await listUpstreamModels(dependencies, keyed)
  const fitting = listed.kind === 'listed' ? listed.names.filter((name) => matchesModel(models, name)) : []
  return fitting.includes(usual) ? usual : (fitting[0] ?? usual)
}

/**
 * Tries a channel: connect, auth, a one-token request, the same streamed; each with its time and, where it failed, what to
 * do. What comes after a failed step is left out. `wanted`: the model to ask for; `tell` hears each step as it ends.
 */
export async function testChannel(
  dependencies: TestDependencies,
  keyed: KeyedChannel,
  wanted: string | undefined,
  tell: (step: TestStep) => void
): Promise<ChannelTestResult> {
  const model = wanted ?? (await chooseModel(dependencies, keyed))
  const asked = { keyed, model: mapModel(keyed.channel.modelMap, model) }
  const steps = new Steps(tell)
  steps.requested(await tryModel(dependencies, { ...asked, stream: false, progress: steps }))
  if (steps.ok) steps.streamed(await tryModel(dependencies, { ...asked, stream: true }))
  return { ok: steps.ok, model, steps: steps.all }
}
