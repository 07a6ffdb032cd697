import type { Lease } from '../channels/lease'
import type { Conversation, FunctionTool } from '../protocols/canonical'
import type { Answer, AnswerPart, Asked } from '../protocols/canonical-answer'
import { tellAnswer } from '../protocols/answer-events'
import { tellAnsweredAnew } from '../protocols/begun-answer'
import { fitNames, type ClientCalls } from '../protocols/client-calls'
import { isObject, objectIn, parseExactJson, without, type JsonObject } from '../protocols/foreign-json'
import { jsonBytes } from '../protocols/json-bytes'
import { JsonArrayReader } from '../protocols/json-array'
import { Losses } from '../protocols/losses'
import type {
  Headers,
  Protocol,
  Route,
  StreamEnding,
  StreamFraming,
  StreamReader,
  StreamFacts,
  Verdict
} from '../protocols/protocol'
import { matchRoute, protocols } from '../protocols/registry'
import { SseReader } from '../protocols/sse'
import { lastEventOf, TranslatingInspector } from '../protocols/translating-inspector'
import {
  UnreadableAnswer,
  UnreadableRequest,
  type StreamEncoder,
  type TokenCount,
  type Translator
} from '../protocols/translator'
import { translators } from '../protocols/translators'
import { WholeAnswerEncoder } from '../protocols/whole-answer-encoder'
import { withoutSignatures } from '../protocols/without-signatures'
import type { ParsedRequest } from './parse-request'
import type { Passage, RefusalBytes } from './passage'
import { ProxyError } from './refusal'
import { renderRelayed, toldWait } from './relayed-refusal'
import { translatedAnswerHeaders } from './translated-headers'

/** What an answer repeats of its request does not include the conversation, which a stream of an hour shall not hold. */
const CONVERSATION_MEMBERS = ['messages', 'input', 'contents', 'system'] as const

/** The client's protocol on one side, the channel's on the other, and the canonical form between them. */
export class TranslatedPassage implements Passage {
  readonly protocol: Protocol
  readonly route: Route
  readonly query: string
  readonly headers: Headers
  readonly translates = true
  readonly #request: ParsedRequest
  readonly #lease: Lease
  readonly #now: number
  readonly #client: Translator
  readonly #upstream: Translator
  /** Of a token count; null for the main call. */
  readonly #counted: TokenCount | null
  readonly #losses: Losses
  /** In the client's names. */
  readonly #own: Conversation
  /** In names that the channel takes. */
  readonly #conversation: Conversation
  readonly #clientCalls: ClientCalls
  readonly #asked: Asked
  /** Of a stream. */
  #encoder: StreamEncoder | null = null
  /** The same, of one that nobody asked for. */
  #gathering: WholeAnswerEncoder | null = null
  #inspector: TranslatingInspector | null = null
  /** Of a whole answer, as the client gets it. */
  #whole: JsonObject | null = null

  /**
   * `now` in ms since 1970.
   * @throws ProxyError `bad_request` where there is no conversation in the request, `thread_unsupported`
   */
  constructor(request: ParsedRequest, lease: Lease, now: number, given?: Conversation) {
    const { channel, model } = lease
    const decoded = decode(request)
    this.#request = request
    this.#lease = lease
    this.#now = now
    this.#client = translators[request.protocol.id]
    this.#upstream = translators[channel.protocol]
    this.protocol = protocols[channel.protocol]
    this.#counted = request.route.operation === 'count_tokens' ? this.#upstream.tokenCount : null
    const main = this.#upstream.path(model ?? '', request.stream)
    const { path, query } = this.#counted === null ? main : { path: this.#counted.path(model ?? ''), query: '' }
    this.route = routeOf(path, query)
    this.query = query
    this.headers = this.#upstream.headers
    this.#losses = new Losses(decoded.losses)
    this.#own = given ?? decoded.conversation
    const { protocol, quirks } = channel
    tellAnsweredAnew(this.#own, request.protocol.id, { protocol, model: model ?? '', quirks }, this.#losses)
    const fitted = fitNames(this.#own, this.#upstream, this.#losses)
    this.#conversation = fitted.conversation
    this.#clientCalls = fitted.clientCalls
    this.#asked = {
      model: request.model ?? '',
      tools: decoded.conversation.tools.filter((tool): tool is FunctionTool => tool.kind === 'function'),
      body: repeatedOf(request),
      now
    }
  }

  get warnings(): string | null {
    return this.#losses.all.length === 0 ? null : this.#losses.toString()
  }

  /** @throws ProxyError `bad_request` where the request is nested too deep to be written */
  body(): Buffer {
    const { channel, model } = this.#lease
    const target = { model: model ?? '', stream: this.#request.stream, quirks: channel.quirks }
    try {
      const body = this.#upstream.encodeRequest(this.#conversation, target, this.#losses)
      return jsonBytes(this.#counted === null ? body : this.#counted.body(body, target.model))
    } catch (cause) {
      throw asClientFault(cause)
    }
  }

  withoutSignatures(): Passage | null {
    const stripped = withoutSignatures(this.#own, this.protocol.id)
    return stripped === null ? null : new TranslatedPassage(this.#request, this.#lease, this.#now, stripped)
  }

  createStreamReader(sent: StreamFraming): StreamReader {
    if (!this.#request.stream) this.#gathering = new WholeAnswerEncoder(this.#client, this.#asked)
    this.#encoder = this.#gathering ?? this.#client.createStreamEncoder(this.#asked, this.#request.route.framing)
    this.#inspector = new TranslatingInspector(
      this.protocol.createInspector(),
      this.#upstream.createStreamDecoder(),
      this.#encoder,
      this.#clientCalls
    )
    return sent === 'json-array' ? new JsonArrayReader(this.#inspector) : new SseReader(this.#inspector)
  }

  answerHeaders(upstream: Headers, sent: StreamFraming | null): Headers {
    const isEvents = (sent !== null || this.#request.stream) && this.#request.route.framing === 'sse'
    const type = isEvents ? 'text/event-stream' : 'application/json'
    return { ...translatedAnswerHeaders(upstream, this.#request.protocol.id, this.#now), 'content-type': type }
  }

  wholeAnswer(body: Buffer): Buffer {
    const json = parseExactJson(body.toString('utf8'))
    if (this.#counted !== null) return jsonBytes(this.#client.encodeTokenCount(tokensIn(json, this.#counted)))
    const answer = this.#upstream.decodeAnswer(json)
    const named: Answer = { ...answer, parts: answer.parts.map((part) => this.#withClientName(part)) }
    if (this.#request.stream) return this.#streamed(named)
    this.#whole = this.#client.encodeAnswer(named, this.#asked)
    return jsonBytes(this.#whole)
  }

  gathered(): Buffer | null {
    this.#whole = this.#gathering?.whole ?? null
    return this.#whole === null ? null : jsonBytes(this.#whole)
  }

  /** For a client that asked for a stream, by an upstream that has none. */
  #streamed(answer: Answer): Buffer {
    const encoder = this.#client.createStreamEncoder(this.#asked, this.#request.route.framing)
    const written: string[] = []
    tellAnswer(answer, (event) => written.push(encoder.push(event)))
    this.#whole = objectIn(lastEventOf(written.at(-1) ?? ''), 'response')
    return Buffer.from(written.join(''))
  }

  refusal({ meant, headers }: RefusalBytes, verdict: Verdict, now: number): RefusalBytes {
    const { protocol } = this.#request
    const rendered = renderRelayed(protocol, meant, verdict, now)
    const kept = translatedAnswerHeaders(headers, protocol.id, now)
    const told = { ...toldWait(verdict, now), ...kept, 'content-type': rendered.contentType }
    return { ...rendered, meant, headers: told }
  }

  keepAlive(): Buffer {
    return Buffer.from(this.#encoder?.keepAlive() ?? '')
  }

  brokenEnding(_facts: StreamFacts, words: string): StreamEnding {
    return this.#encoder?.broken({ message: words, code: null, type: null }) ?? { kind: 'cut' }
  }

  canMend(facts: StreamFacts): boolean {
    return facts.stopped && this.protocol.mendedEnding('sse', facts) !== null
  }

  mendedEnding(): StreamEnding {
    const bytes = this.#inspector?.mend() ?? null
    return bytes === null ? { kind: 'cut' } : { kind: 'end', bytes }
  }

  response(): JsonObject | null {
    if (this.#request.protocol.id !== 'openai-responses') return null
    return this.#whole ?? objectIn(this.#inspector?.lastEvent(), 'response')
  }

  #withClientName(part: AnswerPart): AnswerPart {
    return part.type === 'tool-call' ? this.#clientCalls.named(part) : part
  }
}

const bodyOf = (json: unknown): JsonObject => (isObject(json) ? json : {})

/** The request without its conversation, but with the answer that it goes on from. */
function repeatedOf(request: ParsedRequest): JsonObject {
  const body = without(bodyOf(request.content.exactJson), ...CONVERSATION_MEMBERS)
  return request.goesOn === null ? body : { ...body, previous_response_id: request.goesOn.from }
}

/** Decoded once for all tries. @throws ProxyError `bad_request`, `thread_unsupported` */
function decode(request: ParsedRequest): { readonly conversation: Conversation; readonly losses: Losses } {
  try {
    const losses = new Losses()
    return (request.content.decoded ??= {
      conversation: translators[request.protocol.id].decodeRequest(bodyOf(request.content.exactJson), losses),
      losses
    })
  } catch (cause) {
    throw asClientFault(cause)
  }
}

/** JSON is read at any depth, but walked and written some thousands of levels deep, which no honest client needs. */
function asClientFault(cause: unknown): unknown {
  if (cause instanceof UnreadableRequest) return new ProxyError(cause.kind, cause.message, { cause })
  if (!(cause instanceof RangeError)) return cause
  return new ProxyError('bad_request', 'The request body is nested too deep.', { cause })
}

/** @throws UnreadableAnswer */
function tokensIn(json: unknown, counted: TokenCount): number {
  const tokens = counted.tokensIn(json)
  if (tokens === null) throw new UnreadableAnswer('The upstream answered a token count without a number')
  return tokens
}

function routeOf(path: string, query: string): Route {
  const route = matchRoute('POST', path, query)
  if ('kind' in route) throw new Error(`no route for ${path}, which is our own`)
  return route
}
