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
  refuseWhilePaused(parts)
  return route
}

/** @throws ProxyError `paused`, with the time to the pause's end where it has one */
export function refuseWhilePaused(parts: ProxyDependencies): void {
  if (!parts.isPaused()) return
  const until = parts.pausedUntil()
  const retryAfterMs = until === null ? PAUSED_RETRY_MS : Math.max(1000, until - parts.clock.now())
  throw new ProxyError('paused', 'Routex is paused. Resume it, or try again later.', { retryAfterMs })
}

function unknownRoute(client: ClientRequest, kind: 'unknown_path' | 'method_not_allowed'): ProxyError {
  if (kind === 'method_not_allowed') return new ProxyError(kind, `${client.method} is not allowed at ${client.path}`)
  return new ProxyError(
    kind,
    `Routex has nothing at ${client.path}. It serves /v1/messages, /v1/chat/completions, /v1/responses and /v1beta/models/…; a base URL should end in front of /v1 (Anthropic, Gemini) or with it (OpenAI)`
  )
}
