import type { Lease } from '../channels/lease'
import { objectIn } from '../protocols/foreign-json'
import { jsonBytes } from '../protocols/json-bytes'
import { insertTopLevel } from '../protocols/json-edit'
import { Losses } from '../protocols/losses'
import type {
  Headers,
  Protocol,
  Route,
  StreamEnding,
  StreamFacts,
  StreamFraming,
  StreamReader
} from '../protocols/protocol'
import type { ParsedRequest } from './parse-request'
import type { Passage, RefusalBytes } from './passage'

const MEDIA_TYPES = { sse: 'text/event-stream', 'json-array': 'application/json; charset=UTF-8' } as const

/**
 * Client and channel speak the same protocol, so bytes go through as they are (B13) but for the model's name where the channel
 * maps it, the question for usage where the channel asks for it, and what another vendor's channel told the client before.
 */
export class DirectPassage implements Passage {
  readonly protocol: Protocol
  readonly route: Route
  readonly query: string
  readonly headers: Headers
  readonly translates = false
  readonly #request: ParsedRequest
  readonly #lease: Lease
  /** The JSON to be written anew, for the try without signatures; undefined: none. */
  readonly #stripped: unknown
  readonly #losses: Losses

  constructor(request: ParsedRequest, lease: Lease, stripped?: unknown, losses = new Losses()) {
    this.protocol = request.protocol
    this.route = request.route
    this.query = request.client.query
    this.headers = request.client.headers
    this.#request = request
    this.#lease = lease
    this.#stripped = stripped
    this.#losses = losses
  }

  get warnings(): string | null {
    return this.#losses.all.length === 0 ? null : this.#losses.toString()
  }

  body(): Buffer | null {
    const { body } = this.#request.content
    if (body === null) return null
    const changed =
      this.#stripped === undefined ? this.#withoutForeign() : (this.#strip(this.#stripped) ?? this.#stripped)
    return this.#edited(changed === undefined ? body : jsonBytes(changed))
  }

  withoutSignatures(): Passage | null {
    const losses = new Losses()
    const stripped = this.protocol.stripSignatures(this.#request.content.exactJson, this.#lease.model, losses)
    return stripped === null ? null : new DirectPassage(this.#request, this.#lease, stripped, losses)
  }

  createStreamReader(sent: StreamFraming): StreamReader {
    const { framing, operation } = this.route
    const dropUsageChunk = this.#lease.channel.askForUsage && !this.#request.facts.asksForUsage
    return this.protocol.createStreamReader({ framing, sent, operation, dropUsageChunk })
  }

  answerHeaders(upstream: Headers, sent: StreamFraming | null): Headers {
    const { framing } = this.route
    return sent === null || sent === framing ? upstream : { ...upstream, 'content-type': MEDIA_TYPES[framing] }
  }

  wholeAnswer(body: Buffer): Buffer {
    return body
  }

  gathered(): null {
    return null
  }

  refusal(upstream: RefusalBytes): RefusalBytes {
    return upstream
  }

  keepAlive(_facts: StreamFacts, sequence: number): Buffer {
    return this.protocol.keepAlive(this.route.framing, sequence)
  }

  brokenEnding(facts: StreamFacts, words: string): StreamEnding {
    return this.protocol.brokenEnding(this.route.framing, facts, words)
  }

  canMend(facts: StreamFacts): boolean {
    return facts.stopped && this.protocol.mendedEnding(this.route.framing, facts) !== null
  }

  mendedEnding(facts: StreamFacts): StreamEnding {
    return this.protocol.mendedEnding(this.route.framing, facts) ?? { kind: 'cut' }
  }

  response(): null {
    return null
  }

  /** What no vendor of this protocol made goes at once (B14); undefined where the client's own bytes can go (B13). */
  #withoutForeign(): unknown {
    const { content } = this.#request
    // Only what is written anew has to be looked through for its numbers: most bodies are not.
    return this.#strip(content.json) === null ? undefined : this.#strip(content.exactJson)
  }

  /** null where there is nothing to be taken out. */
  #strip(json: unknown): unknown {
    const { channel, model } = this.#lease
    return this.protocol.stripForeign(json, model, this.#losses, channel.quirks)
  }

  #edited(body: Buffer): Buffer {
    const { facts, model, stream } = this.#request
    const { channel, model: sent } = this.#lease
    const renamed = sent === null || sent === model ? body : this.protocol.renameModel(body, sent)
    const asks = channel.askForUsage && stream && !facts.asksForUsage && this.protocol.id === 'openai-chat'
    return asks ? insertTopLevel(renamed, 'stream_options', streamOptions(this.#request.content.json)) : renamed
  }
}

/** The client's own options, with the question for usage beside them. */
function streamOptions(json: unknown): string {
  return JSON.stringify({ ...objectIn(json, 'stream_options'), include_usage: true })
}
