import { randomUUID } from 'node:crypto'
import type { ClientKey } from '../../shared/client-key'
import type { InFlightView } from '../../shared/gateway-status'
import { requestId, type ChannelId, type RequestId } from '../../shared/ids'
import type { AttemptRecord, ExclusionRecord, JournaledRecord, Outcome, RequestRecord } from '../../shared/request-log'
import { ownPricing } from '../channels/own-pricing'
import type { Exclusion, Lease } from '../channels/lease'
import type { Route } from '../protocols/protocol'
import type { UnderWay } from './activity'
import type { ParsedRequest } from './parse-request'
import type { ClientRequest } from './ports'
import type { RelayEnd } from './relay-end'

/** How a request ended, as far as its row is concerned. */
export interface Ending {
  readonly outcome: Outcome
  /** What the client got; 499 for one that went away. */
  readonly status: number
  readonly errorCode: string | null
  readonly errorMessage: string | null
  /** Of a relayed answer; null where nothing was relayed. */
  readonly relayed: RelayEnd | null
  readonly bytes: number
  /** Of the channel that really answered (B08); null where none did. */
  readonly lease: Lease | null
}

/** A try under way. */
interface Trying {
  readonly lease: Lease
  readonly attempt: { record(verdict: string, message: string | null): AttemptRecord }
}

const ABANDONED = {
  outcome: 'cancelled',
  status: 499,
  errorCode: 'stopped',
  errorMessage: 'Routex was ended before the answer was whole',
  relayed: null,
  bytes: 0
} as const

/** Ids sort by time of arrival: 9 characters of milliseconds in base 36, then 48 random bits (Node keeps a stock of UUIDs). */
export function newRequestId(now: number): RequestId {
  return requestId.parse(`${now.toString(36).padStart(9, '0')}-${randomUUID().slice(24)}`)
}

/** Gathers what happens to one request, for the one row it leaves (B30), and for who looks at it meanwhile. */
export class ExchangeLog implements UnderWay {
  readonly id: RequestId
  /** ms since 1970. */
  readonly at: number
  /** Monotonic, ms. */
  readonly arrivedAt: number
  /** The program that sent it; null when it names none. */
  readonly client: string | null
  readonly #client: ClientRequest
  readonly #attempts: AttemptRecord[] = []
  #begun = 0
  /** The last try that was begun. */
  #trying: Trying | null = null
  #answering = false
  #hasLeftItsRow = false
  #key: ClientKey | null = null
  #route: Route | null = null
  #request: ParsedRequest | null = null
  #excluded: readonly Exclusion[] = []
  #warnings: string | null = null
  /** Monotonic time when the last byte of the request was in; the wait for it is the client's, not ours. */
  #parsedAt: number | null = null
  /** Time spent in attempts, ms. */
  #upstreamMs = 0

  constructor(id: RequestId, at: number, arrivedAt: number, client: ClientRequest) {
    this.id = id
    this.at = at
    this.arrivedAt = arrivedAt
    this.client = productOf(client.headers['user-agent'])
    this.#client = client
  }

  routed(route: Route): void {
    this.#route = route
  }

  authenticated(key: ClientKey | null): void {
    this.#key = key
  }

  parsed(request: ParsedRequest, monotonic: number): void {
    this.#request = request
    this.#parsedAt = monotonic
  }

  /** One more try begins. */
  attempting(lease: Lease, attempt: Trying['attempt']): void {
    this.#begun += 1
    this.#trying = { lease, attempt }
  }

  /** The answer begins to go out. */
  answering(): void {
    this.#answering = true
  }

  /** A try is over, or its answer was relayed to the end. */
  attempted(record: AttemptRecord): void {
    this.#attempts.push(record)
    this.#upstreamMs += record.endedMs - record.startedMs
  }

  excluded(exclusions: readonly Exclusion[]): void {
    this.#excluded = exclusions
  }

  /** What the translation of the answer's request lost; null for nothing. */
  warned(warnings: string | null): void {
    this.#warnings = warnings
  }

  /** Tries begun so far. */
  get attempts(): number {
    return this.#begun
  }

  get channelId(): ChannelId | null {
    return this.#trying?.lease.channel.id ?? null
  }

  view(): InFlightView {
    const { protocol } = routedTo(this.#route)
    const { model, stream } = this.#read()
    return {
      id: this.id,
      at: this.at,
      protocol,
      model,
      client: this.client,
      channelName: this.#trying?.lease.channel.name ?? null,
      attempts: this.#begun,
      stream,
      answering: this.#answering
    }
  }

  /** The row. Credentials and query strings are never in it. */
  record(ending: Ending, monotonic: number): JournaledRecord {
    this.#hasLeftItsRow = true
    const totalMs = monotonic - this.arrivedAt
    const { outcome, status, errorCode, errorMessage, relayed, bytes, lease } = ending
    return {
      ...this.#asked(),
      ...answeredBy(lease),
      outcome,
      status,
      errorCode,
      errorMessage,
      totalMs: rounded(totalMs),
      firstByteMs: relayed === null ? null : (this.#attempts.at(-1)?.firstByteMs ?? null),
      ownMs: rounded(Math.max(0, totalMs - this.#upstreamMs - this.#bodyMs())),
      responseBytes: bytes,
      usage: relayed?.usage ?? null,
      rawUsage: relayed?.rawUsage ?? null,
      attempts: this.#attempts,
      excluded: exclusionRecords(this.#excluded),
      warnings: this.#warnings,
      stateIds: relayed?.stateIds ?? [],
      ...this.#pricing(lease)
    }
  }

  /** The row of a request that the end of the program cuts off, with what is known by then. */
  abandoned(monotonic: number): JournaledRecord | null {
    if (this.#hasLeftItsRow) return null
    const trying = this.#trying
    if (trying !== null && this.#attempts.length < this.#begun) {
      this.attempted(trying.attempt.record('cancelled', null))
    }
    const lease = this.#answering && trying !== null ? trying.lease : null
    const firstByteMs = lease === null ? null : (this.#attempts.at(-1)?.firstByteMs ?? null)
    return { ...this.record({ ...ABANDONED, lease }, monotonic), firstByteMs }
  }

  #asked(): Asked {
    return {
      id: this.id,
      at: this.at,
      method: this.#client.method,
      path: this.#client.path.slice(0, 500),
      ...routedTo(this.#route),
      ...(this.#key === null ? KEYLESS : { clientKeyId: this.#key.id, clientKeyName: this.#key.name }),
      client: this.client,
      ...this.#read()
    }
  }

  #read(): Read {
    return this.#request === null ? unread(this.#route) : read(this.#request)
  }

  #pricing(lease: Lease | null): Pick<JournaledRecord, 'pricing'> {
    if (lease === null) return {}
    const pricing = ownPricing(lease.channel, lease.model ?? this.#request?.model ?? null)
    return pricing === undefined ? {} : { pricing }
  }

  #bodyMs(): number {
    return this.#parsedAt === null ? 0 : this.#parsedAt - this.arrivedAt
  }
}

type Asked = Pick<
  RequestRecord,
  | 'id'
  | 'at'
  | 'method'
  | 'path'
  | 'protocol'
  | 'operation'
  | 'clientKeyId'
  | 'clientKeyName'
  | 'client'
  | 'model'
  | 'sessionId'
  | 'stream'
  | 'requestBytes'
>
type Answered = Pick<
  RequestRecord,
  'channelId' | 'channelName' | 'channelProtocol' | 'upstreamHost' | 'sentModel' | 'demo'
>

type Read = Pick<RequestRecord, 'model' | 'sessionId' | 'stream' | 'requestBytes'>

function read({ model, session, stream, content }: ParsedRequest): Read {
  return {
    model: model === null ? null : model.slice(0, LONGEST_MODEL),
    sessionId: session?.id ?? null,
    stream,
    requestBytes: content.size
  }
}

/** Refused before its body was read: a model may stand in the path. */
function unread(route: Route | null): Read {
  return { model: route?.model?.slice(0, LONGEST_MODEL) ?? null, sessionId: null, stream: false, requestBytes: 0 }
}

const routedTo = (route: Route | null): Pick<RequestRecord, 'protocol' | 'operation'> =>
  route === null ? { protocol: null, operation: null } : { protocol: route.protocol, operation: route.operation }

const LONGEST_MODEL = 200
const KEYLESS = { clientKeyId: null, clientKeyName: null }
const NOBODY: Answered = {
  channelId: null,
  channelName: null,
  channelProtocol: null,
  upstreamHost: null,
  sentModel: null,
  demo: false
}

function answeredBy(lease: Lease | null): Answered {
  if (lease === null) return NOBODY
  const { channel, model } = lease
  return {
    channelId: channel.id,
    channelName: channel.name,
    channelProtocol: channel.protocol,
    upstreamHost: hostOf(channel.baseUrl),
    sentModel: model,
    demo: channel.managedBy === 'built-in'
  }
}

const keptRecords = new WeakMap<readonly Exclusion[], ExclusionRecord[]>()

/** Made once for a list: most requests share theirs with all others of their model. */
function exclusionRecords(exclusions: readonly Exclusion[]): ExclusionRecord[] {
  let records = keptRecords.get(exclusions)
  if (records === undefined) keptRecords.set(exclusions, (records = exclusions.map(exclusionRecord)))
  return records
}

function exclusionRecord({ channel, reason, cause }: Exclusion): ExclusionRecord {
  return { channelId: channel.id, channelName: channel.name, reason: cause === null ? reason : `${reason}: ${cause}` }
}

/** The first product of a User-Agent header (RFC 9110 10.1.5). */
function productOf(userAgent: string | readonly string[] | undefined): string | null {
  if (typeof userAgent !== 'string') return null
  const product = userAgent.split(' ', 1)[0] ?? ''
  return product === '' ? null : product.slice(0, 80)
}

const hosts = new Map<string, string>()

/** The host of a base URL, worked out once for each. */
function hostOf(baseUrl: string): string {
  let host = hosts.get(baseUrl)
  if (host === undefined) {
    host = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
    if (hosts.size > 1000) hosts.clear()
    hosts.set(baseUrl, host)
  }
  return host
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000
