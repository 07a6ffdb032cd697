import type { ClientKey } from '../../shared/client-key'
import type { Route } from '../protocols/protocol'
import { protocolOfPath } from '../protocols/registry'
import { authenticate } from './authenticate'
import { answerOurselves, receive, refuse } from './conclude'
import type { ProxyDependencies } from './dependencies'
import { refuseWhilePaused } from './find-route'
import type { ClientReply, ClientRequest } from './ports'
import { refuseLoop } from './via'

/**
 * The way of a request for the list of models: asked of no channel of its own, but with a client's key, and it leaves its
 * one row (B30), without usage or cost. `list` makes the body; it may throw a ProxyError.
 */
export async function serveModelList(
  parts: ProxyDependencies,
  client: ClientRequest,
  reply: ClientReply,
  list: (key: ClientKey | null) => Promise<Buffer>
): Promise<void> {
  const log = receive(parts, client)
  try {
    log.routed(routeOf(client))
    refuseLoop(client.headers, parts.instance)
    refuseWhilePaused(parts)
    const key = authenticate(parts.config, client)
    log.authenticated(key)
    await answerOurselves(parts, log, reply, await list(key))
  } catch (error) {
    await refuse(parts, log, client, reply, error)
  }
}

const routeOf = ({ path, headers }: ClientRequest): Route => ({
  protocol: protocolOfPath(path, headers),
  operation: 'models',
  operationPath: 'models',
  version: 'v1',
  model: null,
  stream: false,
  framing: 'sse',
  stateId: null
})
