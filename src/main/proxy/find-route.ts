import type { Route } from '../protocols/protocol'
import { matchRoute } from '../protocols/registry'
import type { ProxyDependencies } from './dependencies'
import type { ExchangeLog } from './exchange-log'
import type { ClientRequest } from './ports'
import { ProxyError } from './refusal'
import { refuseLoop } from './via'

const PAUSED_RETRY_MS = 30_000

/**
 * What the path asks for.
 * @throws ProxyError `unknown_path`, `method_not_allowed`, `loop` (B41), `paused`
 */
export function findRoute(parts: ProxyDependencies, client: ClientRequest, log: ExchangeLog): Route {
  const route = matchRoute(client.method, client.path, client.query)
  if ('kind' in route) throw unknownRoute(client, route.kind)
  log.routed(route)
  refuseLoop(client.headers, parts.instance)
  if (parts.isPaused()) {
    const words = 'Routex is paused. Resume it in its window or its tray.'
    throw new ProxyError('paused', words, { retryAfterMs: PAUSED_RETRY_MS })
  }
  return route
}

function unknownRoute(client: ClientRequest, kind: 'unknown_path' | 'method_not_allowed'): ProxyError {
  if (kind === 'method_not_allowed') return new ProxyError(kind, `${client.method} is not allowed at ${client.path}`)
  return new ProxyError(
    kind,
    `Routex has nothing at ${client.path}. It serves /v1/messages, /v1/chat/completions, /v1/responses and /v1beta/models/…; a base URL should end in front of /v1 (Anthropic, Gemini) or with it (OpenAI)`
  )
}
