import type { Lease } from '../channels/lease'
import type { JsonObject } from '../protocols/foreign-json'
import type {
  Headers,
  Protocol,
  Route,
  StreamEnding,
  StreamFacts,
  StreamFraming,
  StreamReader,
  Verdict
} from '../protocols/protocol'
import { DirectPassage } from './direct-passage'
import type { ParsedRequest } from './parse-request'
import { TranslatedPassage } from './translated-passage'

/** An answer with a status ≥ 300, or an error in one below, on its way back. */
export interface RefusalBytes {
  readonly status: number
  /** What `status` stands for: of an error in a 200, the status of its kind. */
  readonly meant: number
  readonly headers: Headers
  readonly body: Buffer
}

/**
 * How one request goes through one channel and its answer comes back: as it is where both sides speak the same protocol
 * (B13), else translated. Made for each try; everything that differs between the two is here.
 */
export interface Passage {
  /** The channel's: it judges and reads what comes. */
  readonly protocol: Protocol
  /** What is called upstream. */
  readonly route: Route
  /** Without `?`; credentials may still be in it. */
  readonly query: string
  /** The client's headers that may go upstream. */
  readonly headers: Headers
  /** Its bytes become another protocol's, so an unstreamed answer must be whole before it goes on. */
  readonly translates: boolean
  /** What could not be carried, as header and log say it; null when all was. */
  readonly warnings: string | null

  /** null for a request without one. Never the client's own buffer with changes in it. */
  body(): Buffer | null
  /** The same request without signatures and encrypted reasoning (B14); null when it has none. */
  withoutSignatures(): Passage | null
  /** `sent`: how the upstream frames its stream. What it forwards is the client's protocol. */
  createStreamReader(sent: StreamFraming): StreamReader
  /** A whole answer's headers, or a stream's; `sent` as above, null for a whole one. */
  answerHeaders(upstream: Headers, sent: StreamFraming | null): Headers
  /** @throws UnreadableAnswer where it can't be translated */
  wholeAnswer(body: Buffer): Buffer
  /** What came of a stream's reader where no stream was asked for; null before its end, and where bytes pass as they are. */
  gathered(): Buffer | null
  /** `verdict`: without secrets; `now`: when it came, ms since 1970. */
  refusal(upstream: RefusalBytes, verdict: Verdict, now: number): RefusalBytes
  /** B25. */
  keepAlive(facts: StreamFacts, sequence: number): Buffer
  /** B02. */
  brokenEnding(facts: StreamFacts, words: string): StreamEnding
  /** B27: the stop reason came, and what is missing is only formal. */
  canMend(facts: StreamFacts): boolean
  /** B27: to be called once, where it can be mended. */
  mendedEnding(facts: StreamFacts): StreamEnding
  /** The whole answer as the client got it, for those that later requests may name; null before its end and where the channel keeps it. */
  response(): JsonObject | null
}

/**
 * The way through this lease's channel; `now` in ms since 1970.
 * @throws ProxyError `bad_request`, `thread_unsupported` where a request can't be read to be translated
 */
export const openPassage = (request: ParsedRequest, lease: Lease, now: number): Passage =>
  lease.channel.protocol === request.protocol.id
    ? new DirectPassage(request, lease)
    : new TranslatedPassage(request, lease, now)
