import type { Clock, Logger } from '../shared/ports'
import type { Api } from './api/api'
import type { ModelCatalog } from './api/model-catalog'
import { createApiRoute } from './http/api-route'
import { createModelListRoute } from './http/model-list-route'
import { createRequestHandler, type Routes } from './http/routes'
import { createStaticFiles } from './http/static-files'
import type { ProxyDependencies } from './proxy/dependencies'
import { handleRequest, refuseRequest } from './proxy/handle-request'
import { ProxyError } from './proxy/refusal'
import { serveModelList } from './proxy/serve-model-list'
import type { RunningGateway } from './running-gateway'

export interface HttpSurfaceOptions {
  readonly parts: ProxyDependencies
  readonly api: Api
  readonly catalog: ModelCatalog
  readonly gateway: RunningGateway
  /** null: no UI is served. */
  readonly uiRoot: string | null
  /** What opens the management API; empty: there is none on this listener. */
  readonly managementTokens: readonly string[]
  readonly version: string
  readonly clock: Clock
  readonly logger: Logger
}

/** All that Routex answers over HTTP: the gateway's paths, the lists of models, and where wanted the API and the UI. */
export interface HttpSurface {
  readonly handle: ReturnType<typeof createRequestHandler>
  /** Ends what would go on for ever: the streams of events. */
  stop(): void
}

/** Puts the paths together. */
export function createHttpSurface(options: HttpSurfaceOptions): HttpSurface {
  const { parts, api, catalog, gateway, managementTokens, uiRoot, version, clock, logger } = options
  const apiRoute = managementTokens.length === 0 ? null : createApiRoute({ api, managementTokens, clock, logger })
  const refuse: Routes['refuse'] = (request, reply, { kind, status, message }) =>
    void refuseRequest(parts, request, reply, new ProxyError(kind, message, { status }))
  const handle = createRequestHandler({
    settings: () => parts.config.settings(),
    handleProxy: (request, reply) => handleRequest(parts, request, reply),
    handleModels: createModelListRoute({
      serve: (request, reply, list) => serveModelList(parts, request, reply, list),
      list: (key, { headers }) => catalog.list(key, headers)
    }),
    refuse,
    health: () => {
      const { state, configError } = gateway.status()
      return { live: true, ready: state === 'on', version, configError }
    },
    api: apiRoute,
    ui: uiRoot === null ? null : createStaticFiles(uiRoot),
    logger
  })
  return { handle, stop: () => apiRoute?.stop() }
}
