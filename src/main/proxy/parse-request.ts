import type { ClientKey } from '../../shared/client-key'
import type { Conversation } from '../protocols/canonical'
import { mayChangeNumbers } from '../protocols/exact-json'
import { parseExactJson, type JsonObject } from '../protocols/foreign-json'
import { jsonBytes } from '../protocols/json-bytes'
import type { Losses } from '../protocols/losses'
import type { Protocol, RequestFacts, Route } from '../protocols/protocol'
import { protocols } from '../protocols/registry'
import type { ClientRequest } from './ports'
import { ProxyError } from './refusal'
import { sessionOf, type Session } from './session-id'

/**
 * A body and its JSON, as long as another try may need them. At commit they are let go: the stream behind it may be open for
 * an hour, and a thousand of them shall not hold a thousand conversations.
 */
class RequestContent {
  /** Bytes of the body, which is known longer than the body itself. */
  readonly size: number
  /** In the canonical form, once a try on a channel of another protocol needed it. */
  decoded: { readonly conversation: Conversation; readonly losses: Losses } | null = null
  #body: Buffer | null
  #json: unknown
  /** undefined until it is asked for. */
  #exact: unknown

  constructor(body: Buffer | null, json: unknown) {
    this.size = body?.length ?? 0
    this.#body = body
    this.#json = json
  }

  /** null for a request without one (GET and DELETE of a stored response), and after `release`. */
  get body(): Buffer | null {
    return this.#body
  }

  /** An object of any shape; undefined without a body, and after `release`. */
  get json(): unknown {
    return this.#json
  }

  /** The same with its numbers as they were spelled, for what is written anew. Looked for once asked for: few bodies need it. */
  get exactJson(): unknown {
    return (this.#exact ??= this.#spelled())
  }

  #spelled(): unknown {
    const body = this.#body
    return body !== null && mayChangeNumbers(body.toString('latin1'))
      ? parseExactJson(body.toString('utf8'))
      : this.#json
  }

  release(): void {
    this.decoded = null
    this.#body = null
    this.#json = undefined
    this.#exact = undefined
  }
}

/** Everything that routing knows of a request; its bytes stay as they came (B13). */
export interface ParsedRequest {
  readonly client: ClientRequest
  readonly key: ClientKey | null
  readonly protocol: Protocol
  readonly route: Route
  readonly content: RequestContent
  readonly facts: RequestFacts
  /** As it was asked for; null only where the operation needs none. */
  readonly model: string | null
  readonly stream: boolean
  readonly session: Session | null
  /** Where the body has a kept conversation in the place of the answer that it goes on from; null for none. */
  readonly goesOn: GoingOn | null
}

export interface GoingOn {
  /** The id of the kept answer. */
  readonly from: string
  /** How many items of its conversation stand before the client's own. */
  readonly items: number
}

/** The client went away while it was still sending. */
export const GONE = Symbol('gone')

/**
 * Reads the body within `limitBytes` (B22) and takes from it what routing needs, once.
 * @throws ProxyError `body_too_large`, `bad_request`, `bad_json`, `missing_model`
 */
export async function parseRequest(
  client: ClientRequest,
  route: Route,
  key: ClientKey | null,
  limitBytes: number
): Promise<ParsedRequest | typeof GONE> {
  const protocol = protocols[route.protocol]
  const body = await readBody(client, route, limitBytes)
  if (body === GONE) return GONE
  const json = body === null ? undefined : parseJson(body)
  const facts = protocol.readRequest(route, json)
  const model = route.model ?? facts.model
  if (model === null && route.operation !== 'response_state') {
    throw new ProxyError(
      'missing_model',
      'you must provide a model parameter: the name of the model this request is for'
    )
  }
  const session = sessionOf(client.headers, facts)
  const content = new RequestContent(body, json)
  // The hash is made: the text of the conversation need not be kept for it.
  const kept = { ...facts, sessionText: '' }
  const stream = route.stream ?? facts.stream
  return { client, key, protocol, route, content, facts: kept, model, stream, session, goesOn: null }
}

/** The same request with another body, of exact numbers, read anew; its session stays. */
export function withContent(request: ParsedRequest, json: JsonObject): ParsedRequest {
  const content = new RequestContent(jsonBytes(json), json)
  return { ...request, content, facts: { ...request.protocol.readRequest(request.route, json), sessionText: '' } }
}

async function readBody(client: ClientRequest, route: Route, limitBytes: number): Promise<Buffer | null | typeof GONE> {
  const body = await client.readBody(limitBytes)
  if (body === 'gone') return GONE
  if (body === 'too_large') {
    const limit = Math.floor(limitBytes / 1_048_576)
    throw new ProxyError(
      'body_too_large',
      `The request body is over ${limit} MiB, the limit set in Routex (Settings, Gateway: body limit)`
    )
  }
  if (body === 'bad_encoding') {
    throw new ProxyError(
      'bad_request',
      'The request body could not be decoded: send it plain, or as gzip, deflate, br or zstd'
    )
  }
  return body.length === 0 && route.operation === 'response_state' ? null : body
}

function parseJson(body: Buffer): unknown {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  } catch (cause) {
    // The parser's own words may quote the body, which may hold a secret: only the place is told.
    const place = cause instanceof Error ? (/position \d+/.exec(cause.message)?.[0] ?? '') : ''
    throw new ProxyError('bad_json', `The request body is not valid JSON${place === '' ? '' : ` (at ${place})`}`, {
      cause
    })
  }
  throw new ProxyError('bad_json', 'The request body must be a JSON object')
}
