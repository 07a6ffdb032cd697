import type { ClientKey } from '../../shared/client-key'
import type { Protocol, RequestFacts, Route } from '../protocols/protocol'
import { protocols } from '../protocols/registry'
import type { ClientRequest } from './ports'
import { ProxyError } from './refusal'
import { sessionOf, type Session } from './session-id'

/** Everything that routing knows of a request; its bytes stay as they came (B13). */
export interface ParsedRequest {
  readonly client: ClientRequest
  readonly key: ClientKey | null
  readonly protocol: Protocol
  readonly route: Route
  /** null for a request without one (GET and DELETE of a stored response). */
  readonly body: Buffer | null
  /** The body's JSON, of any shape; undefined without a body. */
  readonly json: unknown
  readonly facts: RequestFacts
  /** As it was asked for; null only where the operation needs none. */
  readonly model: string | null
  readonly stream: boolean
  readonly session: Session | null
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
  return { client, key, protocol, route, body, json, facts, model, stream: route.stream ?? facts.stream, session }
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
