import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '../../shared/ports'
import type { Settings } from '../../shared/settings'
import type { RefusalKind } from '../protocols/protocol'
import type { ClientReply, ClientRequest } from '../proxy/ports'
import { answerJson } from './answer-json'
import type { ApiRoute } from './api-route'
import { NodeClientReply, NodeClientRequest } from './client-exchange'
import { isClientGone } from './client-gone'
import { allowOrigin, answerPreflight, isPreflight } from './cross-origin'
import { checkSource, type GuardVerdict, type RequestSource } from './request-guard'
import type { StaticFiles } from './static-files'

/** What `GET /health` answers. Needs no key, so it tells nothing of channels or clients. */
export interface HealthReport {
  /** The process serves requests. */
  readonly live: true
  /** It also takes new ones: not paused, not stopping. */
  readonly ready: boolean
  readonly version: string
  /** Why the config file was last refused; null when it is good or there is none. */
  readonly configError: string | null
}

/** An answer of Routex itself on a path of the vendors. */
interface ListenerRefusal {
  readonly kind: RefusalKind
  readonly status: number
  readonly message: string
}

export interface Routes {
  /** In force now: read for each request. */
  readonly settings: () => Settings
  /** Everything that is not ours: the way of a request. */
  readonly handleProxy: (request: ClientRequest, reply: ClientReply) => Promise<void>
  /** `GET /v1/models` and its kin. */
  readonly handleModels: (request: ClientRequest, reply: ClientReply) => Promise<void>
  /** Answers in the shape of the caller's protocol and leaves one row (B30). */
  readonly refuse: (request: ClientRequest, reply: ClientReply, refusal: ListenerRefusal) => void
  readonly health: () => HealthReport
  /** null: there is no API over HTTP (desktop). */
  readonly api: ApiRoute | null
  /** null: no UI is served (desktop, `--no-ui`). */
  readonly ui: StaticFiles | null
  readonly logger: Logger
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string, query: string) => Promise<void> | void

const MODEL_LIST = /^\/(?:v1|v1beta)\/models(?:\/|$)/
const reads = (request: IncomingMessage): boolean => request.method === 'GET' || request.method === 'HEAD'

function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?')
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)([^#]*)/i

/** A target in absolute form, which a server must accept (RFC 9112 3.2.2): the authority, and the rest as it came. */
function splitAbsolute(target: string): { readonly authority: string; readonly rest: string } | null {
  const [, authority = '', rest = ''] = ABSOLUTE_FORM.exec(target) ?? []
  return authority === '' ? null : { authority, rest: rest.startsWith('/') ? rest : `/${rest}` }
}

/** Finds who answers a path of our own; undefined for one that belongs to a protocol. */
function createOwnPaths(routes: Routes): (request: IncomingMessage, path: string) => Handler | undefined {
  const notHere: Handler = (_request, response, path) =>
    answerJson(response, 404, { code: 'not_found', message: `There is nothing at ${path}` })
  const healthy: Handler = (_request, response) => answerJson(response, 200, routes.health())
  const ready: Handler = (_request, response) => {
    const health = routes.health()
    answerJson(response, health.ready ? 200 : 503, health)
  }
  const redirectToUi: Handler = (_request, response) => {
    response.writeHead(302, { location: '/ui/', 'content-length': 0 }).end()
  }
  const hello: Handler = (_request, response) => answerJson(response, 200, { name: 'routex' })
  const { ui, api } = routes
  const page: Handler =
    ui === null ? notHere : (request, response, path) => ui(request, response, path.slice('/ui/'.length))
  const call: Handler =
    api === null
      ? notHere
      : (request, response, path, query) => api.handle(request, response, path.slice('/api/'.length), query)
  const models: Handler = (request, response) =>
    routes.handleModels(new NodeClientRequest(request), new NodeClientReply(response))
  const root: Handler = (request, ...rest) =>
    ui !== null && request.method === 'GET' ? redirectToUi(request, ...rest) : hello(request, ...rest)
  const exact: Readonly<Record<string, Handler>> = {
    '/': root,
    '/api/hello': hello,
    '/health': healthy,
    '/health/live': healthy,
    '/health/ready': ready,
    '/ui': ui === null ? notHere : redirectToUi
  }
  return (request, path) => {
    if (path.startsWith('/api/') && path !== '/api/hello') return call
    if (!reads(request)) return undefined
    if (Object.hasOwn(exact, path)) return exact[path]
    if (path.startsWith('/ui/')) return page
    return MODEL_LIST.test(path) ? models : undefined
  }
}

/** What a request wants of the connection that Routex does not do; null for nothing. */
function unmetWish({ expect, upgrade }: IncomingHttpHeaders): ListenerRefusal | null {
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    const message = `Routex can not meet the expectation ${expect.slice(0, 100)}`
    return { kind: 'bad_request', status: 417, message }
  }
  if (upgrade?.toLowerCase() !== 'websocket') return null
  const message = 'Routex does not speak WebSocket here. Send the same request over HTTP.'
  return { kind: 'bad_request', status: 426, message }
}

/** The Host header, and the authority of a target in absolute form, which stands in its place: both must be ours. */
function checkBoth(source: RequestSource, authority: string | undefined, settings: Settings): GuardVerdict {
  const verdict = checkSource(source, settings)
  if (authority === undefined || verdict.kind === 'refuse') return verdict
  return checkSource({ ...source, headers: { ...source.headers, host: authority } }, settings)
}

const OWN_PATH = /^\/(?:$|(?:api|ui|health)(?:\/|$))/

/** Takes each request to where it belongs, once Host and Origin were checked. Never rejects. */
export function createRequestHandler(
  routes: Routes
): (request: IncomingMessage, response: ServerResponse, boundHost: string) => Promise<void> {
  const ownPath = createOwnPaths(routes)

  const refuse = (request: IncomingMessage, response: ServerResponse, path: string, refusal: ListenerRefusal): void => {
    if (OWN_PATH.test(path)) answerJson(response, refusal.status, { code: refusal.kind, message: refusal.message })
    else routes.refuse(new NodeClientRequest(request), new NodeClientReply(response), refusal)
  }

  async function dispatch(request: IncomingMessage, response: ServerResponse, boundHost: string): Promise<void> {
    const absolute = splitAbsolute(request.url ?? '/')
    if (absolute !== null) request.url = absolute.rest
    const { path, query } = splitTarget(request.url ?? '/')
    if (!path.startsWith('/')) {
      // `*` is not what a gateway is asked.
      request.url = '/'
      refuse(request, response, request.url, {
        kind: 'bad_request',
        status: 400,
        message: 'The request target must begin with /'
      })
      return
    }
    const { method = 'GET', headers, socket } = request
    const source = { method, headers, localAddress: socket.localAddress, boundHost }
    const verdict = checkBoth(source, absolute?.authority, routes.settings())
    if (verdict.kind === 'refuse') {
      refuse(request, response, path, { kind: 'forbidden', status: verdict.status, message: verdict.message })
      return
    }
    if (verdict.corsOrigin !== null) allowOrigin(response, verdict.corsOrigin)
    if (isPreflight(request)) {
      answerPreflight(request, response)
      return
    }
    const unmet = unmetWish(headers)
    if (unmet !== null) {
      // What follows may be no HTTP (frames), or not come at all (a body).
      response.setHeader('connection', 'close')
      refuse(request, response, path, unmet)
      return
    }
    const own = ownPath(request, path)
    if (own !== undefined) await own(request, response, path, query)
    else await routes.handleProxy(new NodeClientRequest(request), new NodeClientReply(response))
  }

  return async (request, response, boundHost) => {
    try {
      await dispatch(request, response, boundHost)
    } catch (error) {
      if (isClientGone(error)) return
      routes.logger.error('a request failed inside Routex', {
        method: request.method,
        path: request.url?.split('?')[0],
        error
      })
      if (response.headersSent) response.destroy()
      else answerJson(response, 500, { code: 'internal', message: 'It failed inside Routex; its log says why' })
    }
  }
}
