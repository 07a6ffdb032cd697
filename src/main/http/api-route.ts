import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { events, streamCalls, type EventName } from '../../shared/contract'
import type { Clock, Logger } from '../../shared/ports'
import { nearMiss } from '../../shared/near-miss'
import type { Api } from '../api/api'
import { ApiError, INTERNAL_MESSAGE } from '../api/api-error'
import { answerJson } from './answer-json'
import { NodeClientRequest } from './client-exchange'
import { isClientGone } from './client-gone'
import { EventStreams } from './event-stream'

const MEBIBYTE = 1024 * 1024
const BODY_LIMIT = MEBIBYTE
/** A whole file comes with it. */
const FILE_BODY_LIMIT = 16 * MEBIBYTE
/** Calls that are given a whole configuration, or a file of another program. */
const CARRIES_FILE: ReadonlySet<string> = new Set([
  ...['config.preview', 'config.import', 'config.previewEncrypted', 'config.importEncrypted'],
  'imports.read'
])

export interface ApiRoute {
  /** @param path what follows `/api/` @param query without `?` */
  handle(request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void>
  /** Ends the event streams. */
  stop(): void
}

export interface ApiRouteOptions {
  readonly api: Api
  /** Each opens everything. */
  readonly managementTokens: readonly string[]
  readonly clock: Clock
  readonly logger: Logger
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time, whatever the lengths. */
function createTokenCheck(tokens: readonly string[]): (request: IncomingMessage) => void {
  const expected = tokens.map(digest)
  return (request) => {
    const presented = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const given = presented === undefined ? null : digest(presented)
    if (given !== null && expected.some((one) => timingSafeEqual(given, one))) return
    const what =
      presented === undefined ? 'No management token was sent' : 'The management token is not the one in force'
    throw new ApiError(
      'unauthorized',
      `${what}. Send it as Authorization: Bearer; "routex serve" prints it at its start.`
    )
  }
}

async function readParams(request: IncomingMessage, limit: number): Promise<unknown> {
  const body = await new NodeClientRequest(request).readBody(limit)
  if (body === 'too_large') throw new ApiError('too_large', `The body is over ${limit / MEBIBYTE} MiB`)
  if (body === 'bad_encoding') throw new ApiError('bad_arguments', 'The body could not be decoded')
  if (body === 'gone') throw new ApiError('bad_arguments', 'The body did not come to its end')
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    // The parser's own words quote the body, which may hold a secret.
    throw new ApiError('bad_arguments', 'The body is not valid JSON', { cause })
  }
}

function eventNames(query: string): ReadonlySet<EventName> {
  const known = Object.keys(events)
  const isEvent = (name: string): name is EventName => Object.hasOwn(events, name)
  const asked = (new URLSearchParams(query).get('names') ?? '').split(',').filter((name) => name !== '')
  const unknown = asked.find((name) => !isEvent(name))
  if (unknown === undefined) return new Set((asked.length > 0 ? asked : known).filter(isEvent))
  const meant = nearMiss(unknown, known)
  const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`
  throw new ApiError('bad_arguments', `There is no event ${JSON.stringify(unknown)}; ${hint}`)
}

function requireMethod(request: IncomingMessage, method: string): void {
  if (request.method !== method) throw new ApiError('method_not_allowed', `Use ${method}`)
}

/** The management API over HTTP: `POST /api/<name>` with a JSON body, and `GET /api/events`. */
export function createApiRoute(options: ApiRouteOptions): ApiRoute {
  const { api, logger } = options
  const checkToken = createTokenCheck(options.managementTokens)
  const streams = new EventStreams(api, options.clock)

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    query: string
  ): Promise<void> {
    checkToken(request)
    if (name === 'events') {
      requireMethod(request, 'GET')
      streams.open(response, eventNames(query))
      return
    }
    requireMethod(request, 'POST')
    const params = await readParams(request, CARRIES_FILE.has(name) ? FILE_BODY_LIMIT : BODY_LIMIT)
    if (!Object.hasOwn(streamCalls, name)) {
      answerJson(response, 200, await api.call(name, params))
      return
    }
    const { contentType, fileName, chunks } = api.stream(name, params)
    response.writeHead(200, {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    })
    await pipeline(Readable.from(chunks), response)
  }

  function answerError(response: ServerResponse, name: string, error: unknown): void {
    if (isClientGone(error)) return
    if (response.headersSent) {
      logger.error('an answer of the API broke off', { call: name, error })
      response.destroy()
    } else if (error instanceof ApiError) {
      if (error.status >= 500) logger.error('a call of the API failed', { call: name, error })
      const headers = error.status === 401 ? { 'www-authenticate': 'Bearer' } : undefined
      answerJson(response, error.status, error.toBody(), headers)
    } else {
      logger.error('a call of the API failed', { call: name, error })
      answerJson(response, 500, { code: 'internal', message: INTERNAL_MESSAGE })
    }
  }

  return {
    async handle(request, response, path, query) {
      try {
        await answer(request, response, path, query)
      } catch (error) {
        answerError(response, path, error)
      }
    },
    stop: () => streams.stop()
  }
}
